"""Facts of a country and values of a setting are those of their row."""

from __future__ import annotations

import dataforge


def test_a_country_has_its_own_population_area_and_subregion() -> None:
    schema = dataforge.from_ddl(
        "CREATE TABLE country (code char(3) PRIMARY KEY, name varchar(60), region varchar(60), "
        "surface_area float, population bigint, local_name varchar(60))"
    )
    rows = dataforge.preview(schema, 100)["country"].to_arrow().to_pylist()
    japan = next(row for row in rows if row["code"] == "JPN")
    assert japan["region"] == "Eastern Asia"
    assert japan["local_name"] == "日本"
    assert 120_000_000 < japan["population"] < 130_000_000
    assert 370_000 < japan["surface_area"] < 380_000


def test_the_value_of_a_setting_is_one_of_that_setting() -> None:
    schema = dataforge.from_ddl(
        "CREATE TABLE user_settings (id int PRIMARY KEY, name varchar(40) NOT NULL, "
        "value varchar(40) NOT NULL)"
    )
    rows = dataforge.preview(schema, 500)["user_settings"].to_arrow().to_pylist()
    values = {
        name: {r["value"] for r in rows if r["name"] == name} for name in ("theme", "language")
    }
    assert values["theme"] == {"light", "dark", "auto"}
    assert values["language"] <= {"en", "de", "fr", "es", "pt"}

"""A table of days is read off its date."""

from __future__ import annotations

from datetime import date, timedelta

import dataforge

DAYS = """
CREATE TABLE dim_date (
    date_key int PRIMARY KEY, full_date date NOT NULL UNIQUE, day_number_of_week int,
    english_day_name varchar(10), french_month_name varchar(10), day_number_of_year int,
    week_number_of_year int, month_number int, day_of_month int, quarter varchar(2),
    calendar_semester int, fiscal_year int, fiscal_quarter int, is_weekend boolean,
    day_abbr char(3), note text
);
"""


def rows(ddl: str, table: str, count: int = 1000) -> list[dict[str, object]]:
    schema = dataforge.from_ddl(ddl)
    found: list[dict[str, object]] = dataforge.preview(schema, count)[table].to_arrow().to_pylist()
    return found


def test_every_part_is_that_of_the_date() -> None:
    made = rows(DAYS, "dim_date")
    for row in made:
        day = row["full_date"]
        assert isinstance(day, date)
        assert row["day_number_of_week"] == day.isoweekday() % 7 + 1
        assert row["english_day_name"] == f"{day:%A}"
        assert row["day_abbr"] == f"{day:%a}"
        assert row["day_number_of_year"] == day.timetuple().tm_yday
        assert row["month_number"] == day.month
        assert row["day_of_month"] == day.day
        assert row["quarter"] == f"Q{(day.month + 2) // 3}"
        assert row["calendar_semester"] == (1 if day.month < 7 else 2)
        assert row["fiscal_year"] == day.year + (day.month > 6)
        assert row["is_weekend"] == (day.weekday() > 4)
    assert {row["french_month_name"] for row in made} >= {"février", "août", "décembre"}


def test_the_days_of_a_calendar_follow_each_other() -> None:
    days = [row["full_date"] for row in rows(DAYS, "dim_date", 400)]
    first = days[0]
    assert isinstance(first, date)
    assert days == [first + timedelta(days=number) for number in range(400)]


def test_names_of_days_are_in_the_language_of_the_locale() -> None:
    schema = dataforge.from_ddl(
        "CREATE TABLE calendar (day date PRIMARY KEY, day_name varchar(12), "
        "month_name varchar(12), week_number int)"
    )
    german = schema.model_copy(update={"locale": "de_DE"})
    from dataforge.parsers.meaning import assign_meaning

    made = dataforge.preview(assign_meaning(german), 31)["calendar"].to_arrow().to_pylist()
    assert {row["month_name"] for row in made} == {"Januar"}
    assert "Donnerstag" in {row["day_name"] for row in made}


def test_a_table_with_several_dates_is_no_calendar() -> None:
    made = rows(
        "CREATE TABLE sales (id int PRIMARY KEY, ordered date, shipped date, month int, year int, "
        "quarter int)",
        "sales",
        5,
    )
    assert all(row["ordered"] for row in made)

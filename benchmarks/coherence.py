"""Ask a million rows whether what belongs together agrees, by code that did not make them.

Usage: coherence.py FOLDER (prints a line a question: exceptions, rows asked, the question)

DuckDB counts, phonenumbers judges telephone numbers, python-stdnum check digits. Prefixes of
postcodes come from the table of regions that ships with the package, which is published fact.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import duckdb
import phonenumbers
from stdnum import ean, iban, isbn, luhn
from stdnum.util import get_cc_module

LOCALES = {
    "US": "en_US", "GB": "en_GB", "DE": "de_DE", "FR": "fr_FR", "ES": "es_ES", "IT": "it_IT",
    "BR": "pt_BR", "NL": "nl_NL", "PL": "pl_PL", "SE": "sv_SE", "TR": "tr_TR", "JP": "ja_JP",
    "CN": "zh_CN", "KR": "ko_KR", "IN": "hi_IN", "SA": "ar_SA",
}  # fmt: skip
LATIN = ("US", "GB", "DE", "FR", "ES", "IT", "BR", "NL", "PL", "SE", "TR")
# Which numbers of companies python-stdnum knows under which name.
TAX_NUMBERS = {
    "GB": ("gb", "vat"), "DE": ("de", "vat"), "FR": ("fr", "tva"), "ES": ("es", "vat"),
    "IT": ("it", "iva"), "BR": ("br", "cnpj"), "NL": ("nl", "btw"), "PL": ("pl", "nip"),
    "SE": ("se", "vat"), "TR": ("tr", "vkn"), "JP": ("jp", "cn"), "CN": ("cn", "uscc"),
    "KR": ("kr", "brn"), "IN": ("in_", "gstin")
}  # fmt: skip
# Numbers without a check digit that python-stdnum computes; the American ones begin with a prefix
# that was never issued.
SHAPES = {"US": r"\d{2}-\d{7}", "SA": r"3\d{13}3"}
LETTERS = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "\u0131": "i", "đ": "d"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

Answer = tuple[str, int, int]


def answers(path: Path) -> Iterator[Answer]:
    """Yield question, exceptions and rows asked."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW people AS SELECT * FROM '{path}/**/*.parquet'")
        yield from _names(connection)
        yield from _postcodes(connection)
        yield from _numbers(connection)
        yield _counted(
            connection,
            "nobody was hired before turning eighteen or after today",
            "hired < born + INTERVAL 18 YEAR OR hired > DATE '2026-01-01'",
        )


def _counted(connection: duckdb.DuckDBPyConnection, question: str, wrong: str) -> Answer:
    found = connection.execute(
        f"SELECT count(*) FILTER (WHERE {wrong}), count(*) FROM people"
    ).fetchone()
    assert found is not None  # noqa: S101 - an aggregate has a row
    return question, found[0], found[1]


def _names(connection: duckdb.DuckDBPyConnection) -> Iterator[Answer]:
    """E-mail addresses against the names beside them."""
    names = connection.execute("SELECT DISTINCT first_name, last_name FROM people").fetchall()
    written = {name for pair in names for name in pair}
    connection.execute("CREATE TABLE readings (name TEXT, plain TEXT, spelt TEXT)")
    connection.executemany(
        "INSERT INTO readings VALUES (?, ?, ?)",
        [[name, _letters(name), _letters(name.lower().translate(UMLAUTS))] for name in written],
    )
    latin = ", ".join(f"'{code}'" for code in LATIN)
    found = connection.execute(
        f"""SELECT count(*) FILTER (WHERE NOT (
              contains(l, f.plain) OR contains(l, f.spelt) OR contains(l, g.plain)
              OR contains(l, g.spelt))), count(*)
            FROM (SELECT *, regexp_replace(split_part(email, '@', 1), '[^a-z]', '', 'g') AS l
                  FROM people WHERE country_code IN ({latin}))
            JOIN readings f ON f.name = first_name JOIN readings g ON g.name = last_name"""
    ).fetchone()
    assert found is not None  # noqa: S101 - an aggregate has a row
    yield "the e-mail address contains the name (Latin scripts)", found[0], found[1]
    # Other scripts: whoever bears one name has the same reading of it before the at sign.
    found = connection.execute(
        f"""SELECT coalesce(sum(n) FILTER (WHERE low[1:2] <> high[1:2]), 0), sum(n) FROM (
              SELECT country_code, first_name, min(email) AS low, max(email) AS high, count(*) AS n
              FROM people WHERE country_code NOT IN ({latin}) GROUP BY ALL)"""
    ).fetchone()
    assert found is not None  # noqa: S101 - an aggregate has a row
    yield "one name has one reading in e-mail addresses (other scripts)", found[0], found[1] or 0


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return "".join(char for char in plain if char.isascii() and char.isalpha())


def _postcodes(connection: duckdb.DuckDBPyConnection) -> Iterator[Answer]:
    connection.execute("CREATE TABLE prefixes (country TEXT, region TEXT, prefix TEXT)")
    rows = [
        [country, region, prefix]
        for country, locale in LOCALES.items()
        for region, prefix in _prefixes(locale)
    ]
    connection.executemany("INSERT INTO prefixes VALUES (?, ?, ?)", rows)
    yield _counted(
        connection,
        "the postcode's prefix belongs to the region",
        """NOT EXISTS (SELECT 1 FROM prefixes WHERE country = country_code
           AND region = state_code AND starts_with(postcode, prefix))""",
    )


def _prefixes(locale: str) -> Iterator[tuple[str, str]]:
    path = files("dataforge.corpora").joinpath("data", locale, "regions.tsv")
    head, *lines = path.read_text("utf-8").splitlines()
    columns = head.split("\t")
    for line in lines:
        row = dict(zip(columns, line.split("\t"), strict=True))
        for part in row["postcodes"].split(","):
            low, _, high = part.partition("-")
            if not high:
                yield row["code"], low
                continue
            for number in range(int(low), int(high) + 1):
                yield row["code"], str(number).zfill(len(low))


def _numbers(connection: duckdb.DuckDBPyConnection) -> Iterator[Answer]:
    judges: dict[str, tuple[str, Callable[[str, str], bool]]] = {
        "phone": ("the telephone number is valid in the country (phonenumbers)", _is_phone),
        "iban": ("the IBAN's length and check digits are right", lambda v, _c: iban.is_valid(v)),
        "card_number": ("the card number passes Luhn's check", lambda v, _c: luhn.is_valid(v)),
        "vat_id": ("the company's tax number is valid in its country", _is_tax_number),
        "ean": ("the EAN's check digit is right", lambda v, _c: ean.is_valid(v)),
        "isbn": ("the ISBN's check digit is right", lambda v, _c: isbn.is_valid(v)),
    }
    for column, (question, is_right) in judges.items():
        values = connection.execute(
            f"SELECT {column}, country_code, count(*) FROM people GROUP BY ALL"
        ).fetchall()
        wrong = [(value, code, n) for value, code, n in values if not is_right(value, code)]
        for value, code, _ in wrong[:3]:
            print(f"  {column} {value!r} in {code}", file=sys.stderr)
        yield question, sum(n for *_, n in wrong), sum(n for *_, n in values)


def _is_phone(value: str, country: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, country))
    except phonenumbers.NumberParseException:
        return False


def _is_tax_number(value: str, country: str) -> bool:
    if country in SHAPES:  # no check digit, or ranges that were never issued
        return re.fullmatch(SHAPES[country], value) is not None
    module = get_cc_module(*TAX_NUMBERS[country])
    return bool(module.is_valid(value.removeprefix("T") if country == "JP" else value))


if __name__ == "__main__":
    for asked, exceptions, count in answers(Path(sys.argv[1])):
        print(exceptions, count, asked, sep="\t")

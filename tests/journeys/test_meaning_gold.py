"""What names are taken to mean, against lists of what a person expects in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dataforge.parsers.meaning import Finding, explain
from dataforge.parsers.sql import read_ddl
from dataforge.schema import Column, NumberSpec, Table

LISTS = Path(__file__).parents[1] / "golden" / "meaning"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "ddl"
FILES = {
    "warehouse-sqlserver": "adventureworks_dw_sqlserver.sql",
    "auction-mysql": "auctionmark_mysql.sql",
    "auction-oracle": "auctionmark_oracle.sql",
    "music-postgres": "chinook_postgres.sql",
    "music-sqlite": "chinook_sqlite.sql",
    "music-sqlserver": "chinook_sqlserver.sql",
    "factory-sqlserver": "futon_manufacturing_sqlserver.sql",
    "nature-postgres": "inaturalist_postgres_structure.sql",
    "space-mysql": "neosync_mysql_complex.sql",
    "trading-sqlserver": "northwind_sqlserver.sql",
    "staff-oracle": "oracle_hr_create.sql",
    "orders-oracle": "oracle_oe_cre.sql",
    "video-mysql": "sakila_mysql_schema.sql",
    "video-oracle": "sakila_oracle_schema.sql",
    "wholesale-sqlserver": "tpcc_sqlserver.sql",
    "supply-mysql": "tpch_mysql.sql",
    "wiki-sqlite": "wikipedia_sqlite.sql",
    "world-postgres": "world_postgres.sql",
}
# What was reached last; raise them with every gain, never lower them.
FLOORS = {"gold": 0.95, "holdout": 0.90}
SIZES = {"gold": 600, "holdout": 348}
YEARS = (1900, 2156)

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus is not beside the repository"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One column of a list and the meanings that a person accepts in it."""

    corpus: str
    table: str
    column: str
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the name was taken to mean, beside what was expected."""

    line: Line
    made: str

    @property
    def agrees(self) -> bool:
        return not self.line.accepted.isdisjoint(meanings().get(self.made, frozenset()))


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the lines of a table of the lists' folder."""
    with (LISTS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def lines_of(name: str) -> list[Line]:
    """Return the columns of one of the two lists."""
    return [
        Line(row["corpus"], row["table"], row["column"], frozenset(row["meaning"].split("|")))
        for row in rows_of(name)
    ]


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Return the table that says which meanings each thing that is made stands for."""
    return {row["made"]: frozenset(row["meaning"].split("|")) for row in rows_of("map")}


@cache
def made_in(corpus: str) -> dict[tuple[str, str], str]:
    """Return what every column of a corpus file is made of, by table and column in lower case."""
    schema = read_ddl(CORPUS / FILES[corpus]).schema
    findings = {(each.table, each.column): each for each in explain(schema)}
    return {
        (_bare(table.name), column.name.lower()): made_of(
            table, column, findings.get((table.name, column.name))
        )
        for table in schema.tables
        for column in table.columns
    }


def _bare(table: str) -> str:
    return table.rpartition(".")[2].lower()


def made_of(table: Table, column: Column, finding: Finding | None) -> str:
    """Return the entry of the map that a column falls under.

    Records and vocabularies speak for themselves, whatever the concept is called; other concepts
    by their name, with ``share`` where values end at 1 and the map tells the two apart. Where a
    name says nothing, keys and types do.
    """
    if finding is not None:
        drawn, named = finding.makes.split(" [")[0], f"concept {finding.concept}"
        if drawn.startswith(("record ", "vocabulary ")):
            return drawn if drawn in meanings() else named
        return f"{named} share" if _is_share(named, finding.makes) else named
    if column.generated:
        return "computed"
    if isinstance(column.spec, NumberSpec) and _is_year(column.spec):
        return "year"
    keyed = column.name in table.primary_key or any(
        column.name in key.columns for key in table.foreign_keys
    )
    return "key" if keyed else f"type {column.type.kind}"


def _is_share(named: str, makes: str) -> bool:
    bounds = re.match(r"number \S+?\.\.(\S+)", makes)
    return f"{named} share" in meanings() and bounds is not None and float(bounds[1]) <= 1


def _is_year(spec: NumberSpec) -> bool:
    low, high = spec.minimum, spec.maximum
    return low is not None and high is not None and YEARS[0] <= low <= high <= YEARS[1]


def judged(name: str) -> list[Verdict]:
    """Return a verdict on every line of a list."""
    return [
        Verdict(line, made_in(line.corpus)[line.table.lower(), line.column.lower()])
        for line in lines_of(name)
    ]


def share(verdicts: Iterable[Verdict]) -> float:
    """Return the share of lines that agree."""
    agreed = [verdict.agrees for verdict in verdicts]
    return sum(agreed) / len(agreed)


def table_of(verdicts: Iterable[Verdict]) -> str:
    """Return the disagreements as aligned lines."""
    rows = [
        (
            f"{v.line.corpus}.{v.line.table}.{v.line.column}",
            v.made,
            "|".join(sorted(v.line.accepted)),
        )
        for v in verdicts
        if not v.agrees
    ]
    return "\n".join(f"{where:<64} {made:<30} expected {wanted}" for where, made, wanted in rows)


@pytest.mark.parametrize("name", SIZES)
def test_the_lists_are_whole(name: str) -> None:
    lines = lines_of(name)
    assert len(lines) == len({(each.corpus, each.table, each.column) for each in lines})
    assert len(lines) == SIZES[name]
    assert {each.corpus for each in lines} == set(FILES)


def test_no_column_is_in_both_lists() -> None:
    first, second = (
        {(each.corpus, each.table, each.column) for each in lines_of(name)} for name in SIZES
    )
    assert not first & second


@needs_corpus
def test_names_mean_what_a_person_expects() -> None:
    verdicts = judged("gold")
    agreement = share(verdicts)
    assert agreement >= FLOORS["gold"], f"{agreement:.1%} agree\n{table_of(verdicts)}"


@needs_corpus
def test_names_that_nobody_looked_at_agree_as_well() -> None:
    agreement = share(judged("holdout"))
    assert agreement >= FLOORS["holdout"], f"{agreement:.1%} agree"

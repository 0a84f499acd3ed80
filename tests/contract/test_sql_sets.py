"""Data sets in SQL are proven in every dialect, and what was changed in them is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import dataforge
from dataforge.errors import UsageError
from dataforge.schema import ForeignKey, Schema, Table, read_schema
from dataforge.sinks.forms import Form
from dataforge.verification import Certificate
from dataforge.workflows.generate import generate
from dataforge.workflows.prepare import prepare
from dirty_schemas import dirty_schema
from sample_schemas import COLUMNS, column, key_column

EXAMPLES = Path(__file__).parents[2] / "examples"
DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "oracle")
MORE = (
    {"type": {"kind": "time"}},
    {"type": {"kind": "interval"}},
    {"type": {"kind": "geometry"}},
    {"type": {"kind": "float", "bits": 32}},
    {"type": {"kind": "timestamp", "precision": 6}},
    {"type": {"kind": "decimal", "precision": 30, "scale": 9}},
    {"type": {"kind": "array", "item": {"kind": "text"}}},
    {
        "type": {"kind": "text"},
        "spec": {"kind": "categorical", "values": ["it's", "a\nb\tc\\d", '"', "", "NULL", "é\r🦀"]},
    },
)
KINDS = tuple(
    column(f"c{number}", facts, null_share=0.2) for number, facts in enumerate((*COLUMNS, *MORE))
)
LONE = Table(
    name="a child's",
    rows=30,
    columns=(key_column("of it"),),
    foreign_keys=(ForeignKey(columns=("of it",), parent="every kind", parent_columns=("id",)),),
)
SCHEMA = Schema(
    tables=(
        Table(name="every kind", rows=700, primary_key=("id",), columns=(key_column(), *KINDS)),
        LONE,
        Table(name="none", rows=0, primary_key=("id",), columns=(key_column(),)),
    )
)


def sound(certificate: Certificate) -> bool:
    assert certificate.passed, certificate.summary()
    return not [check for check in certificate.checks if check.verdict == "skipped"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("compression", [None, "gzip", "zstd"])
def test_every_kind_of_column_is_proven(
    dialect: str, compression: str | None, tmp_path: Path
) -> None:
    form = Form("sql", dialect=dialect, compression=compression, part_rows=300)
    generate(SCHEMA, tmp_path, form=form, workers=1)
    assert sound(dataforge.verify(tmp_path))


def example(name: str) -> Schema:
    path = EXAMPLES / name
    schema = dataforge.from_ddl(path) if path.suffix == ".sql" else read_schema(path)
    return prepare(schema, rows=300)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ["shop.sql", "books.yaml", "dirty.yaml"])
def test_examples_are_proven(name: str, dialect: str, tmp_path: Path) -> None:
    generate(example(name), tmp_path, form=Form("sql", dialect=dialect), clean_twin=True, workers=1)
    assert sound(dataforge.verify(tmp_path))


def test_dirty_rows_in_folders_are_proven(tmp_path: Path) -> None:
    form = Form("sql", dialect="mysql", part_rows=100)
    generate(dirty_schema(), tmp_path, form=form, clean_twin=True, workers=1)
    assert sound(dataforge.verify(tmp_path))


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shops")
    for dialect in DIALECTS:
        form = Form("sql", dialect=dialect)
        generate(example("shop.sql"), folder / dialect, form=form, workers=1)
    return folder


def changed(
    shops: Path, folder: Path, dialect: str, change: Callable[[list[str]], list[str]]
) -> Certificate:
    """Prove a shop after a change of the lines of its customers."""
    copy = shutil.copytree(shops / dialect, folder / "shop")
    path = copy / "data/customers.sql"
    lines = path.read_text().split("\n")
    path.write_text("\n".join(change(lines)))
    return dataforge.verify(copy)


def named(certificate: Certificate) -> tuple[str, list[tuple[int | None, str, str]]]:
    (found,) = (check for check in certificate.failures if check.kind == "file")
    return found.table, [(each.row, each.column, each.found) for each in found.examples]


def row_line(lines: list[str], row: int) -> int:
    """Return the line of a row: Oracle has a statement and no head line for each."""
    return row if "VALUES (" in lines[0] else row + 1 + lines[0].startswith("SET")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_changed_cell_is_named_though_every_promise_holds(
    shops: Path, tmp_path: Path, dialect: str
) -> None:
    def spell(lines: list[str]) -> list[str]:
        at, gap = row_line(lines, 3), "\t" if dialect == "postgres" else ", "
        head, opening, values = lines[at].rpartition("VALUES (")
        fields = values.split(gap)
        fields[1] = f"{fields[1][:-2]}''{fields[1][-2:]}"
        lines[at] = head + opening + gap.join(fields)
        return lines

    certificate = changed(shops, tmp_path, dialect, spell)
    assert {check.kind for check in certificate.failures} == {"file"}
    table, cells = named(certificate)
    assert table == "customers"
    assert [cell[:2] for cell in cells] == [(3, "first_name")]
    assert "where the schema makes" in cells[0][2]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_null_for_a_value_is_named(shops: Path, tmp_path: Path, dialect: str) -> None:
    def empty(lines: list[str]) -> list[str]:
        at = row_line(lines, 5)
        gap, null = ("\t", "\\N") if dialect == "postgres" else (", ", "NULL")
        fields = lines[at].split(gap)
        place = -4  # phone, birth date, is_active, created_at, updated_at
        lines[at] = gap.join([*fields[:place], null, *fields[place + 1 :]])
        return lines

    table, cells = named(changed(shops, tmp_path, dialect, empty))
    assert (table, cells[0][:2]) == ("customers", (5, "birth_date"))
    assert cells[0][2].startswith("null where the schema makes")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_lost_and_added_rows_are_noticed(shops: Path, tmp_path: Path, dialect: str) -> None:
    def lose(lines: list[str]) -> list[str]:
        at = row_line(lines, 4)
        return [*lines[:at], *lines[at + 1 :]]

    def double(lines: list[str]) -> list[str]:
        at = row_line(lines, 4)
        return [*lines[:at], lines[at], *lines[at:]]

    for number, (change, text) in enumerate([(lose, "too few"), (double, "too many")]):
        certificate = changed(shops, tmp_path / str(number), dialect, change)
        counts = [check for check in certificate.failures if check.kind == "rows"]
        assert counts
        assert all(text in check.reason for check in counts if check.table == "customers")


def test_sql_is_still_not_loaded(shops: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="own client"):
        dataforge.load(shops / "sqlite", f"sqlite:///{tmp_path}/shop.db")

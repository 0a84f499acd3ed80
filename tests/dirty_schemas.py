"""Schemas with dirt of every kind, and an independent look at what was written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from dataforge.engine import DirtyPlan, compile_written
from dataforge.engine.nulls import plain
from dataforge.schema import Schema
from dataforge.schema.serialize import from_document
from dataforge.workflows.prepare import prepare

Cell = tuple[int, str]
Rows = list[dict[str, Any]]

COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer", "nullable": False},
    {"name": "first_name", "type": "string(60)"},
    {"name": "last_name", "type": "string(60)"},
    {"name": "city", "type": "text", "null_share": 0.1},
    {"name": "phone", "type": "string(40)"},
    {"name": "state", "type": "enum(new, paid, sent)"},
    {"name": "born", "type": "date", "null_share": 0.1},
    {"name": "seen_at", "type": "timestamp", "nullable": False},
    {"name": "heard_at", "type": "timestamptz(6)"},
    {"name": "price", "type": "decimal(9, 2)",
     "spec": {"kind": "number", "minimum": 1, "maximum": 999}},
    {"name": "vast", "type": "decimal(30, 4)",
     "spec": {"kind": "number", "minimum": 1, "maximum": 999}},
    {"name": "weight", "type": "float", "spec": {"kind": "number", "minimum": 40, "maximum": 99}},
    {
        "name": "single",
        "type": {"kind": "float", "bits": 32},
        "spec": {"kind": "number", "minimum": 1, "maximum": 9},
    },
    {"name": "small", "type": "smallint", "spec": {"kind": "number", "minimum": -9, "maximum": 90}},
    {"name": "written", "type": "string(10)", "spec": {"kind": "datetime"}},
    {"name": "token", "type": "uuid"},
    {"name": "fine", "type": "boolean"},
    {"name": "noon", "type": "time"},
]  # fmt: skip

DIRT: list[dict[str, Any]] = [
    {"kind": "swap", "rate": 0.1, "columns": ["first_name", "last_name"]},
    {"kind": "encoding", "rate": 0.3},
    {"kind": "typo", "rate": 0.2},
    {"kind": "case", "rate": 0.2},
    {"kind": "whitespace", "rate": 0.2},
    {"kind": "format", "rate": 0.3, "columns": ["phone", "written"]},
    {"kind": "outlier", "rate": 0.1, "columns": ["price", "small", "vast", "single"]},
    {"kind": "outlier", "rate": 0.1, "columns": ["weight"], "sigmas": 6},
    {"kind": "unit", "rate": 0.2, "columns": ["weight"], "flip": "kg_to_lb"},
    {"kind": "date_swap", "rate": 0.3},
    {"kind": "late", "rate": 0.2, "columns": ["seen_at", "heard_at", "born"]},
    {"kind": "missing", "rate": 0.1, "columns": ["token", "fine", "noon", "seen_at"]},
    {"kind": "missing", "rate": 0.5, "columns": ["city"], "pattern": "mar", "when": "small > 50"},
    {"kind": "missing", "rate": 0.4, "columns": ["price"], "pattern": "mnar",
     "when": "price > 500", "otherwise": 0.05},
    {"kind": "duplicate", "rate": 0.1},
    {"kind": "out_of_order", "rate": 0.1, "window": 7},
]  # fmt: skip


def dirty_schema(
    dirt: list[dict[str, Any]] | None = None,
    *,
    rows: int | None = 700,
    locale: Any = "en_US",
    seed: int = 1,
    columns: list[dict[str, Any]] | None = None,
) -> Schema:
    """Return a parent and a child table, both dirty."""
    parent = {
        "name": "people",
        "rows": rows,
        "primary_key": ["id"],
        "columns": columns or COLUMNS,
        "dirt": DIRT if dirt is None else dirt,
    }
    child = {
        "name": "visits",
        "rows": rows,
        "primary_key": ["id"],
        "columns": [
            {"name": "id", "type": "integer", "nullable": False},
            {"name": "person_id", "type": "integer", "nullable": False},
        ],
        "foreign_keys": [{"columns": ["person_id"], "parent": "people", "parent_columns": ["id"]}],
        "dirt": [{"kind": "orphan", "rate": 0.1}],
        "dirt_label": "is_dirty",
    }
    tables = [parent, child]
    document = {"version": 1, "seed": seed, "locale": locale, "tables": tables}
    return prepare(from_document(document))


def dirty_plan(schema: Schema) -> DirtyPlan:
    """Compile a schema that has dirt."""
    plan = compile_written(schema)
    assert isinstance(plan, DirtyPlan)
    return plan


def made(plan: DirtyPlan, table: str, start: int = 0, stop: int | None = None, **how: Any) -> Rows:
    """Return dirty rows as plain values."""
    return [row for batch in plan.batches(table, start, stop, **how) for row in _listed(batch)]


def clean(plan: DirtyPlan, table: str) -> Rows:
    """Return the rows of the clean twin as plain values."""
    return [row for batch in plan.clean_plan.batches(table) for row in _listed(batch)]


def truth(plan: DirtyPlan, table: str, start: int = 0, stop: int | None = None) -> Rows:
    """Return the truth as plain values."""
    return [row for batch in plan.truth(table, start, stop) for row in batch.to_pylist()]


def _listed(batch: pa.RecordBatch) -> Rows:
    arrays = [plain(column) for column in batch.columns]
    rows: Rows = pa.RecordBatch.from_arrays(arrays, names=batch.schema.names).to_pylist()
    return rows


def sources(total: int, told: Rows) -> list[tuple[int, bool]]:
    """Return for each dirty row its clean row and whether it is a copy, as docs/dirt.md says."""
    stated = {row["row"]: row for row in told if row["column"] is None}
    copies = {row for row, each in stated.items() if each["duplicate_of"] is not None}
    taken = {each["source_row"] for row, each in stated.items() if row not in copies}
    free = iter(row for row in range(total - len(copies)) if row not in taken)
    return [
        (stated[row]["source_row"] if row in stated else next(free), row in copies)
        for row in range(total)
    ]


def outer_diff(dirty: Rows, twin: Rows, told: Rows) -> dict[Cell, tuple[Any, Any]]:
    """Return every cell in which a dirty row is not its clean one: (clean, dirty)."""
    places = sources(len(dirty), told)
    originals = sorted(source for source, copy in places if not copy)
    assert originals == list(range(len(twin)))
    return {
        (row, name): (value, dirty[row][name])
        for row, (source, _) in enumerate(places)
        for name, value in twin[source].items()
        if value != dirty[row][name]
    }


def told_cells(told: Rows) -> dict[Cell, tuple[Any, Any]]:
    """Return the cells that the truth lists, as text; each once."""
    cells = [row for row in told if row["column"] is not None]
    found = {
        (int(row["row"]), row["column"]): (row["clean_value"], row["dirty_value"]) for row in cells
    }
    assert len(found) == len(cells)
    return found


def read_rows(directory: Path, manifest_table: Mapping[str, Any], part: str = "parts") -> Rows:
    """Read what was written with the plainest of readers: every cell of CSV is text or None."""
    rows: Rows = []
    for entry in manifest_table[part]:
        path = directory / entry["path"]
        if path.suffix == ".parquet":
            rows += pq.read_table(path).to_pylist()
        else:
            rows += _read_csv(path)
    return rows


def _read_csv(path: Path) -> Rows:
    header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    rows: Rows = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    ).to_pylist()
    return rows

"""Schemas that several suites share, and Hypothesis strategies for more of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from dataforge.engine import Plan
from dataforge.schema import Column, ForeignKey, Rule, Schema, Table, UniqueKey

INTEGER = {"kind": "integer", "bits": 64}
MONEY = {"kind": "decimal", "precision": 14, "scale": 2}

COLUMNS: tuple[dict[str, Any], ...] = (
    {"type": INTEGER, "spec": {"kind": "number", "minimum": -5, "maximum": 90}},
    {"type": MONEY, "spec": {"kind": "number", "minimum": 0, "maximum": 500}},
    {
        "type": {"kind": "float"},
        "spec": {"kind": "number", "distribution": {"kind": "normal", "mean": 3, "std": 2}},
    },
    {"type": {"kind": "boolean"}},
    {"type": {"kind": "date"}},
    {"type": {"kind": "timestamp", "zoned": True}},
    {"type": {"kind": "string", "max_length": 12}},
    {"type": {"kind": "text"}},
    {"type": {"kind": "uuid"}},
    {"type": {"kind": "json"}},
    {"type": {"kind": "binary", "max_length": 20}},
    {"type": {"kind": "enum", "values": ["new", "open", "done"]}},
    {"type": {"kind": "array", "item": {"kind": "integer"}}},
    {
        "type": {"kind": "string", "max_length": 80},
        "spec": {"kind": "record", "record": "person", "field": "email"},
    },
    {"type": {"kind": "string"}, "spec": {"kind": "pattern", "pattern": "[A-C]{2}-\\d{1,3}"}},
    {
        "type": {"kind": "string"},
        "spec": {"kind": "categorical", "values": ["a", "b", "c"], "weights": [5, 2, 1]},
    },
)


def column(name: str, facts: dict[str, Any], null_share: float | None = None) -> Column:
    """Build a column from one of ``COLUMNS``."""
    return Column(name=name, null_share=null_share, **facts)


def key_column(name: str = "id") -> Column:
    """Build a not-null integer column."""
    return Column(name=name, type=INTEGER, nullable=False)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Draw a parent, an owned child and a table that refers to both, with assorted columns."""

    def extra(prefix: str) -> tuple[Column, ...]:
        chosen = draw(st.lists(st.sampled_from(COLUMNS), max_size=4))
        shares = draw(st.lists(st.sampled_from([None, 0.3]), min_size=4, max_size=4))
        return tuple(
            column(f"{prefix}{number}", facts, shares[number])
            for number, facts in enumerate(chosen)
        )

    law = draw(
        st.sampled_from(
            [
                None,
                {"kind": "poisson"},
                {"kind": "geometric"},
                {"kind": "zipf", "exponent": 1.1},
            ]
        )
    )
    parent = Table(
        name="parent",
        rows=draw(st.integers(1, 300)),
        columns=(key_column(), *extra("p")),
        primary_key=("id",),
    )
    child = Table(
        name="child",
        rows=draw(st.integers(0, 900)),
        columns=(key_column("parent_id"), key_column("line"), *extra("c")),
        primary_key=("parent_id", "line"),
        foreign_keys=(
            ForeignKey(
                columns=("parent_id",),
                parent="parent",
                parent_columns=("id",),
                owning=True,
                law=law,
            ),
        ),
    )
    other = Table(
        name="other",
        rows=draw(st.integers(0, 200)),
        columns=(
            key_column(),
            Column(name="parent_id", type=INTEGER),
            Column(name="boss", type=INTEGER),
            *extra("o"),
        ),
        primary_key=("id",),
        foreign_keys=(
            ForeignKey(columns=("parent_id",), parent="parent", parent_columns=("id",)),
            ForeignKey(columns=("boss",), parent="other", parent_columns=("id",)),
        ),
    )
    seed = draw(st.integers(0, 2**32))
    return Schema(tables=(parent, child, other), seed=seed)


RULES = (
    "a < b",
    "a > 10 OR b > 10",
    "a IS NULL OR c IS NOT NULL",
    "(c > 50 AND a > 5) OR c <= 50",
    "a + b > 20",
)
LAWS: tuple[dict[str, Any] | None, ...] = (
    None,
    {"kind": "poisson"},
    {"kind": "geometric"},
    {"kind": "zipf", "exponent": 1.3},
)


def _value(name: str, **facts: Any) -> Column:
    spec = {"kind": "number", "minimum": 0, "maximum": 100}
    return Column.model_validate({"name": name, "type": INTEGER, "spec": spec, **facts})


@st.composite
def tied_schemas(draw: st.DrawFn) -> Schema:
    """Draw tables tied by aggregates, running totals, lookups, rules, unique keys and a union."""
    rules = draw(st.lists(st.sampled_from(RULES), max_size=3, unique=True))
    unique = draw(st.sampled_from(COLUMNS[6:9]))
    function = draw(st.sampled_from(["sum", "min", "max", "count"]))
    aggregate = {"kind": "aggregate", "table": "line", "function": function, "column": "a"}
    order = Table(
        name="order",
        rows=draw(st.integers(1, 120)),
        columns=(
            key_column(),
            Column.model_validate({"name": "total", "type": INTEGER, "spec": aggregate}),
            column("code", unique, draw(st.sampled_from([None, 0.2]))),
        ),
        primary_key=("id",),
        unique_keys=(UniqueKey(columns=("code",)),),
    )
    line = Table(
        name="line",
        rows=draw(st.integers(0, 700)),
        columns=(
            key_column("order_id"),
            key_column("number"),
            _value("a", null_share=draw(st.sampled_from([None, 0.2]))),
            _value("b"),
            _value("c", null_share=0.3),
            Column.model_validate(
                {
                    "name": "so_far",
                    "type": INTEGER,
                    "spec": {"kind": "running_total", "column": "c"},
                }
            ),
        ),
        primary_key=("order_id", "number"),
        foreign_keys=(
            ForeignKey(
                columns=("order_id",),
                parent="order",
                parent_columns=("id",),
                owning=True,
                law=draw(st.sampled_from(LAWS)),
            ),
        ),
        rules=tuple(Rule(expression=rule) for rule in rules),
    )
    lookup = {"kind": "lookup", "foreign_key": "order_id", "column": "total"}
    targets = [{"table": name, "label": name} for name in ("order", "note")]
    note = Table(
        name="note",
        rows=draw(st.integers(0, 150)),
        columns=(
            key_column(),
            Column(name="order_id", type=INTEGER),
            Column.model_validate({"name": "amount", "type": INTEGER, "spec": lookup}),
            Column.model_validate(
                {
                    "name": "about",
                    "type": INTEGER,
                    "spec": {"kind": "union_key", "label_column": "what", "targets": targets},
                }
            ),
            Column.model_validate(
                {
                    "name": "what",
                    "type": {"kind": "string"},
                    "spec": {"kind": "union_label", "key_column": "about"},
                }
            ),
        ),
        primary_key=("id",),
        foreign_keys=(
            ForeignKey(
                columns=("order_id",),
                parent="order",
                parent_columns=("id",),
                name="order_id",
                law=draw(st.sampled_from(LAWS)),
            ),
        ),
    )
    return Schema(tables=(order, line, note), seed=draw(st.integers(0, 2**32)))


def rows_of(
    plan: Plan, table: str, start: int = 0, stop: int | None = None, **options: Any
) -> pa.Table:
    """Return a range of rows as a plain Arrow table of the logical types."""
    made = plan.tables[table]
    wanted = options.get("columns") or list(made.columns)
    target = pa.schema([made.arrow_schema.field(name) for name in wanted])
    batches = [
        pa.RecordBatch.from_arrays(
            [
                column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
                for column in batch.columns
            ],
            schema=target,
        )
        for batch in plan.batches(table, start, stop, **options)
    ]
    return pa.Table.from_batches(batches, schema=target).combine_chunks()


def junction(rows: int | None = None) -> Schema:
    """Two tables and the pairs of their rows."""
    left, right = (
        Table(name=name, rows=40, columns=(key_column(),), primary_key=("id",))
        for name in ("left", "right")
    )
    pairs = Table(
        name="pairs",
        rows=rows,
        columns=(key_column("left_id"), key_column("right_id")),
        primary_key=("left_id", "right_id"),
        unique_keys=(UniqueKey(columns=("right_id", "left_id")),),
        foreign_keys=(
            ForeignKey(columns=("left_id",), parent="left", parent_columns=("id",)),
            ForeignKey(columns=("right_id",), parent="right", parent_columns=("id",)),
        ),
    )
    return Schema(tables=(left, right, pairs))

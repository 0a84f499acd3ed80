"""Every kind of spec makes legal values of every type that it fits, through the plan."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dataforge.engine import compile_schema
from dataforge.errors import CapacityError
from dataforge.schema import Column, Schema, Table, UniqueKey
from dataforge.schema.validation.fitting import FITTING
from sample_schemas import INTEGER, MONEY, key_column, rows_of

TYPES: dict[str, list[dict[str, Any]]] = {
    "integer": [
        {"kind": "integer", "bits": bits, "signed": signed}
        for bits in (8, 16, 32, 64)
        for signed in (True, False)
    ],
    "decimal": [
        {"kind": "decimal", "precision": precision, "scale": scale}
        for precision, scale in ((5, 2), (18, 4), (38, 0), (38, 18), (38, 38))
    ],
    "float": [{"kind": "float", "bits": 32}, {"kind": "float", "bits": 64}],
    "boolean": [{"kind": "boolean"}],
    "string": [{"kind": "string", "max_length": 5}, {"kind": "string"}],
    "text": [{"kind": "text"}],
    "date": [{"kind": "date"}],
    "time": [{"kind": "time"}],
    "timestamp": [{"kind": "timestamp"}, {"kind": "timestamp", "zoned": True, "precision": 6}],
    "interval": [{"kind": "interval"}],
    "uuid": [{"kind": "uuid"}],
    "binary": [{"kind": "binary", "max_length": 20}],
    "json": [{"kind": "json"}],
    "enum": [{"kind": "enum", "values": ["f", "t", "false", "true", "ab"]}],
    "geometry": [{"kind": "geometry"}],
    "array": [{"kind": "array", "item": {"kind": "integer"}}],
}
DIGITS = {"kind": "pattern", "pattern": "[1-9]"}
SPECS: dict[str, dict[str, Any]] = {
    "sequence": {"kind": "sequence", "start": 2, "step": 1},
    "uuid": {"kind": "uuid"},
    "number": {"kind": "number", "minimum": 0, "maximum": 0.5},
    "boolean": {"kind": "boolean"},
    "datetime": {"kind": "datetime"},
    "pattern": {"kind": "pattern", "pattern": "[1-9]{1,2}"},
    "template": {"kind": "template", "template": "{id}"},
    "text": {"kind": "text", "unit": "words", "minimum": 1, "maximum": 2},
    "offset": {"kind": "offset", "column": "base", "minimum": 0, "maximum": 2},
    "share": {"kind": "share", "column": "base"},
    "bytes": {"kind": "bytes", "minimum": 1, "maximum": 4},
    "point": {"kind": "point"},
    "list": {"kind": "list", "item": {"kind": "number", "minimum": 1, "maximum": 9}},
    "object": {"kind": "object", "fields": [{"name": "a", "spec": DIGITS}]},
}
# A pattern, a template or prose says itself what type its values read as.
UNREADABLE = {
    ("uuid", "pattern"), ("json", "pattern"), ("interval", "pattern"), ("geometry", "pattern"),
    ("enum", "pattern"), ("uuid", "template"), ("json", "template"), ("interval", "template"),
    ("geometry", "template"), ("enum", "template"), ("binary", "pattern"),
    ("binary", "template"), ("interval", "number"), ("decimal", "pattern"),
}  # fmt: skip
SMALLEST = {"uuid": 36, "point": 60}


def _holds(spec: dict[str, Any], type_: dict[str, Any]) -> bool:
    """Types with too few digits or characters for the spec are refused elsewhere."""
    kind = spec["kind"]
    if type_["kind"] == "integer" and kind == "datetime":
        return bool(type_["bits"] >= 32)
    if type_["kind"] == "decimal" and kind == "boolean":
        return bool(type_["precision"] > type_["scale"])
    return bool(type_["kind"] != "string" or SMALLEST.get(kind, 0) <= type_.get("max_length", 99))


PAIRS = [
    pytest.param(type_, SPECS[kind], id=f"{kind}-{name}-{number}")
    for kind, fits in FITTING.items()
    for name in sorted(fits)
    for number, type_ in enumerate(TYPES[name])
    if kind in SPECS and (name, kind) not in UNREADABLE and _holds(SPECS[kind], type_)
]


def table_of(*columns: Column, rows: int = 40, **facts: Any) -> Schema:
    table = Table(name="t", columns=(key_column(), *columns), rows=rows, **facts)
    return Schema(tables=(table.model_copy(update={"primary_key": ("id",)}),))


def assert_legal(values: pa.ChunkedArray, type_: dict[str, Any]) -> None:
    values.validate(full=True)
    assert values.null_count == 0
    longest = type_.get("max_length")
    if longest is not None:
        measure = pc.binary_length if type_["kind"] == "binary" else pc.utf8_length
        assert pc.max(measure(values)).as_py() <= longest
    if type_["kind"] == "json":
        assert all(json.loads(value) is not None for value in values.to_pylist())
    if type_["kind"] == "enum":
        assert set(values.to_pylist()) <= set(type_["values"])


@pytest.mark.parametrize(("type_", "spec"), PAIRS)
def test_a_spec_makes_legal_values_of_every_type_it_fits(
    type_: dict[str, Any], spec: dict[str, Any]
) -> None:
    base_type = type_ if spec["kind"] == "offset" else INTEGER
    base_spec = None if base_type["kind"] not in {"integer", "decimal", "float"} else {
        "kind": "number", "minimum": 0, "maximum": 0,
    }  # fmt: skip
    schema = table_of(
        Column(name="base", type=base_type, nullable=False, spec=base_spec),
        Column(name="c", type=type_, nullable=False, spec=_fitted(spec, type_)),
    )
    assert_legal(rows_of(compile_schema(schema), "t")["c"], type_)


def _fitted(spec: dict[str, Any], type_: dict[str, Any]) -> dict[str, Any]:
    """Decimals without whole digits hold no offset of a whole unit."""
    narrow = type_["kind"] == "decimal" and type_["precision"] == type_["scale"]
    if narrow and spec["kind"] == "offset":
        return {**spec, "maximum": 0.5}
    if narrow and spec["kind"] == "sequence":
        return {**spec, "start": 0, "step": 0}
    return spec


ANY = [type_ for kinds in TYPES.values() for type_ in kinds]


@pytest.mark.parametrize("type_", ANY, ids=str)
@pytest.mark.parametrize("null_share", [None, 0.5, 1.0])
def test_a_column_of_which_only_the_type_is_known_is_legal(
    type_: dict[str, Any], null_share: float | None
) -> None:
    schema = table_of(Column(name="c", type=type_, null_share=null_share), rows=400)
    values = rows_of(compile_schema(schema), "t")["c"]
    present = values.drop_null()
    expected = 400 * (1 - (null_share or 0))
    assert abs(len(present) - expected) <= 3 * 400**0.5 * 0.5
    if len(present):
        assert_legal(present, type_)


@pytest.mark.parametrize("type_", ANY, ids=str)
@pytest.mark.parametrize("rows", [0, 1])
def test_no_rows_and_one_row(type_: dict[str, Any], rows: int) -> None:
    schema = table_of(Column(name="c", type=type_, nullable=False), rows=rows)
    assert rows_of(compile_schema(schema), "t").num_rows == rows


@pytest.mark.parametrize("type_", [t for t in ANY if t["kind"] != "array"], ids=str)
def test_a_unique_column_of_any_type_repeats_nothing_or_says_how_many_fit(
    type_: dict[str, Any],
) -> None:
    schema = table_of(
        Column(name="c", type=type_), unique_keys=(UniqueKey(columns=("c",)),), rows=2000
    )
    try:
        values = rows_of(compile_schema(schema), "t")["c"]
    except CapacityError as error:
        assert "tables.t" in str(error)  # noqa: PT017 - both outcomes are right
        return
    assert len(values.unique()) == 2000


def test_unique_floats_of_32_bits_stay_apart() -> None:
    single = Column(name="c", type={"kind": "float", "bits": 32})
    schema = table_of(single, rows=50_000, unique_keys=(UniqueKey(columns=("c",)),))
    assert len(rows_of(compile_schema(schema), "t")["c"].unique()) == 50_000


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        ({"kind": "string"}, [1, "a", True]),
        ({"kind": "integer"}, [1, 2, 3]),
        (MONEY, [1, 2.5]),
        ({"kind": "date"}, ["2024-02-29", "2025-01-01"]),
        ({"kind": "boolean"}, [True]),
    ],
    ids=str,
)
def test_a_list_gives_its_values_by_weight(type_: dict[str, Any], values: list[Any]) -> None:
    spec = {"kind": "categorical", "values": [*values, values[0]]}
    made = rows_of(compile_schema(table_of(Column(name="c", type=type_, spec=spec))), "t")["c"]
    assert len(made.unique()) == len(values)
    weighted = {"kind": "categorical", "values": values, "weights": [0] * (len(values) - 1) + [2]}
    only = rows_of(compile_schema(table_of(Column(name="c", type=type_, spec=weighted))), "t")["c"]
    assert len(only.unique()) == 1


def test_a_sequence_counts_from_its_start_by_its_step() -> None:
    spec = {"kind": "sequence", "start": 50, "step": -7}
    made = rows_of(compile_schema(table_of(Column(name="c", type=INTEGER, spec=spec))), "t")["c"]
    assert made.to_pylist() == [50 - 7 * row for row in range(40)]


@pytest.mark.parametrize(
    ("type_", "spec", "room"),
    [
        ({"kind": "integer", "bits": 8}, {"start": 1}, 127),
        ({"kind": "integer", "bits": 8}, {"start": 100}, 28),
        ({"kind": "integer", "bits": 8}, {"start": 0, "step": -1}, 129),
        ({"kind": "integer", "bits": 8, "signed": False}, {"start": 1}, 255),
        ({"kind": "decimal", "precision": 5, "scale": 3}, {"start": 1}, 99),
        ({"kind": "string", "max_length": 2}, {"start": 1}, 99),
    ],
)
def test_a_sequence_never_leaves_its_type(
    type_: dict[str, Any], spec: dict[str, int], room: int
) -> None:
    column = Column(name="c", type=type_, spec={"kind": "sequence", **spec})
    plan = compile_schema(table_of(column, rows=room))
    assert len(rows_of(plan, "t")["c"].unique()) == room
    with pytest.raises(CapacityError, match=f"c can count {room} rows"):
        compile_schema(table_of(column, rows=room + 1))


@pytest.mark.parametrize(
    ("type_", "base", "gap", "exact"),
    [
        (INTEGER, 2**60, 3, True),
        ({"kind": "decimal", "precision": 18, "scale": 2}, 10**14, 0.25, True),
        ({"kind": "float"}, 5.0, 3, False),
    ],
)
def test_an_offset_stays_within_its_gap(
    type_: dict[str, Any], base: float, gap: float, *, exact: bool
) -> None:
    schema = table_of(
        Column(name="a", type=type_, spec={"kind": "number", "minimum": base, "maximum": base + 4}),
        Column(name="b", type=type_, spec={"kind": "offset", "column": "a", "maximum": gap}),
    )
    made = rows_of(compile_schema(schema), "t")
    gaps = pc.subtract(made["b"], made["a"]).to_pylist()
    assert all(0 <= each <= gap for each in gaps)
    assert not exact or len({str(value) for value in gaps}) > 1


@pytest.mark.parametrize("kind", ["date", "time", "timestamp"])
def test_an_offset_from_nothing_is_a_moment_of_the_past(kind: str) -> None:
    schema = table_of(
        Column(name="a", type={"kind": kind}, null_share=1.0),
        Column(name="b", type={"kind": kind}, spec={"kind": "offset", "column": "a"}),
    )
    moments = rows_of(compile_schema(schema), "t")["b"]
    assert moments.null_count == 0
    assert len(moments.unique()) > 30
    if kind != "time":
        now = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a wall-clock time
        latest = pc.max(moments.cast(pa.timestamp("us"))).as_py()
        assert now - dt.timedelta(days=1830) < latest <= now


def test_a_conditional_takes_the_first_branch_that_holds() -> None:
    branches = [
        {"condition": "a < 30", "then": {"kind": "constant", "value": "low"}},
        {"condition": "a < 60", "then": {"kind": "template", "template": "{id}-mid"}},
    ]
    other = {"kind": "categorical", "values": ["x", "y"]}
    spec = {"kind": "conditional", "branches": branches, "otherwise": other}
    schema = table_of(
        Column(name="a", type=INTEGER, spec={"kind": "number", "minimum": 0, "maximum": 90}),
        Column(name="c", type={"kind": "string"}, spec=spec),
        rows=300,
    )
    for row in rows_of(compile_schema(schema), "t").to_pylist():
        if row["a"] < 30:
            assert row["c"] == "low"
        elif row["a"] < 60:
            assert row["c"] == f"{row['id']}-mid"
        else:
            assert row["c"] in {"x", "y"}


@pytest.mark.parametrize("type_", ANY, ids=str)
def test_another_seed_gives_other_values(type_: dict[str, Any]) -> None:
    schema = table_of(Column(name="c", type=type_), rows=200)
    other = schema.model_copy(update={"seed": 1})
    assert not rows_of(compile_schema(schema), "t").equals(rows_of(compile_schema(other), "t"))

"""A spec for each segment of a table."""

from __future__ import annotations

from typing import Any

import pytest

from dataforge.engine import compile_schema
from dataforge.errors import SchemaError
from dataforge.schema import Column, Schema, Table, validate
from sample_schemas import INTEGER, rows_of

TIERS = {"kind": "categorical", "values": ["basic", "plus", "gold"], "weights": [6, 3, 1]}
SEGMENT = {"kind": "segment"}
BASIC = {"kind": "number", "minimum": 1, "maximum": 9}
GOLD = {"kind": "number", "minimum": 100, "maximum": 900}
PLUS = {"kind": "number", "minimum": 10, "maximum": 90}


def schema(spec: dict[str, Any], *, nullable: bool = False, by: Any = None) -> Schema:
    facts = [
        {"name": "Tier", "type": {"kind": "text"}, "spec": TIERS} if by is None else by,
        {
            "name": "spend",
            "type": INTEGER,
            "nullable": nullable,
            "spec": SEGMENT | spec,
        },
    ]
    columns = tuple(map(Column.model_validate, facts))
    return Schema(tables=(Table(name="t", rows=3000, columns=columns),))


def spend(specs: Schema) -> list[tuple[Any, Any]]:
    table = rows_of(compile_schema(specs), "t")
    return list(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))


def test_each_segment_has_its_own_values() -> None:
    rows = spend(schema({"by": "tier", "specs": {"basic": BASIC, "gold": GOLD}, "otherwise": PLUS}))
    ranges = {"basic": range(1, 10), "gold": range(100, 901), "plus": range(10, 91)}
    assert all(value in ranges[tier] for tier, value in rows)
    assert len({value for tier, value in rows if tier == "gold"}) > 100


def test_other_values_are_null_without_an_otherwise() -> None:
    rows = spend(schema({"by": "tier", "specs": {"gold": GOLD}}, nullable=True))
    assert all((value is None) == (tier != "gold") for tier, value in rows)


def test_adding_a_segment_changes_no_cell_of_the_others() -> None:
    before = spend(schema({"by": "tier", "specs": {"gold": GOLD}, "otherwise": PLUS}))
    after = spend(
        schema({"by": "tier", "specs": {"basic": BASIC, "gold": GOLD}, "otherwise": PLUS})
    )
    changed = {tier for (tier, old), (_, new) in zip(before, after, strict=True) if old != new}
    assert changed == {"basic"}


def test_any_rows_alone_are_those_of_the_whole() -> None:
    plan = compile_schema(schema({"by": "tier", "specs": {"gold": GOLD}, "otherwise": PLUS}))
    part = rows_of(plan, "t", 777, 1300, batch_rows=9)
    assert part.equals(rows_of(plan, "t").slice(777, 523))


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ({"name": "Tier", "type": {"kind": "boolean"}}, [True, False]),
        (
            {"name": "Tier", "type": INTEGER, "spec": TIERS | {"values": [1, 2, 2]}},
            [1, 2],
        ),
    ],
)
def test_truth_values_and_numbers_are_segments(by: Any, keys: list[Any]) -> None:
    specs = dict(zip(keys, (BASIC, GOLD), strict=True))
    rows = spend(schema({"by": "Tier", "specs": specs}, by=by))
    assert all((value < 10) == (tier == keys[0]) for tier, value in rows)


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"by": "teir", "specs": {"gold": GOLD}, "otherwise": PLUS}, "by", "'Tier'"),
    ({"by": "tier", "specs": {"glod": GOLD}, "otherwise": PLUS}, "specs", "'gold'"),
    ({"by": "tier", "specs": {"gold": GOLD, "basic": BASIC}}, "spec", "no spec for plus"),
    ({"by": "tier", "specs": {"gold": {"kind": "bytes"}}, "otherwise": PLUS}, "kind", "'bytes'"),
]


@pytest.mark.parametrize(("spec", "path", "message"), FAULTS)
def test_segments_that_there_are_not_are_refused(
    spec: dict[str, Any], path: str, message: str
) -> None:
    found = validate(schema(spec))
    assert any(each.path.endswith(path) and message in each.message for each in found), found
    with pytest.raises(SchemaError):
        compile_schema(schema(spec))

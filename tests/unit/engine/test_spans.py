"""Self-references with a span of control, and the first and last of a family."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import compile_schema
from dataforge.engine.spans import span_of
from dataforge.errors import CapacityError
from dataforge.schema import ForeignKey, Schema
from process_schemas import MACHINE, processes
from sample_schemas import rows_of

KEY = {"columns": ["boss"], "parent": "staff", "parent_columns": ["id"]}


def staff(rows: int | None, **facts: Any) -> Schema:
    columns = [
        {"name": "id", "type": {"kind": "integer"}, "nullable": False},
        {"name": "boss", "type": {"kind": "integer"}},
    ]
    table = {"name": "staff", "rows": rows, "columns": columns, "primary_key": ["id"]}
    return Schema.model_validate({"tables": [{**table, "foreign_keys": [{**KEY, **facts}]}]})


@given(
    rows=st.integers(1, 700),
    low=st.integers(1, 9),
    more=st.integers(0, 8),
    roots=st.integers(1, 4),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_every_row_has_as_many_below_it_as_the_law_says(
    rows: int, low: int, more: int, roots: int, seed: int
) -> None:
    law = {"kind": "range", "minimum": low, "maximum": low + more}
    schema = staff(rows, law=law, roots=roots, max_depth=700)
    plan = compile_schema(schema.model_copy(update={"seed": seed}))
    made = rows_of(plan, "staff")
    bosses = made["boss"].to_pylist()
    assert bosses[:roots] == [None] * min(roots, rows)
    assert all(boss is not None and boss <= row for row, boss in enumerate(bosses[roots:], roots))
    spans = Counter(boss for boss in bosses if boss is not None)
    last = bosses[-1]
    assert all(low <= count <= low + more for boss, count in spans.items() if boss != last)
    assert rows_of(plan, "staff", rows // 3, rows // 2 + 1).equals(
        made.slice(rows // 3, rows // 2 + 1 - rows // 3)
    )


def test_a_span_that_varies_varies() -> None:
    law = {"kind": "range", "minimum": 3, "maximum": 9}
    bosses = rows_of(compile_schema(staff(1500, law=law)), "staff")["boss"].to_pylist()
    counts = Counter(Counter(boss for boss in bosses if boss is not None).values())
    assert len(counts) >= 6


def test_a_tree_holds_no_more_rows_than_its_levels() -> None:
    law = {"kind": "fixed", "count": 5}
    assert compile_schema(staff(31, law=law, max_depth=3)).tables["staff"].row_count == 31
    with pytest.raises(CapacityError, match="a tree of 3 levels by fk_staff_boss has 31"):
        compile_schema(staff(32, law=law, max_depth=3))
    cut = compile_schema(staff(None, law=law, max_depth=3))
    assert cut.tables["staff"].row_count == 31
    assert "31 rows instead of 1,000" in str(cut.notes[0])


def test_deep_trees_are_not_listed_level_by_level() -> None:
    facts = {"law": {"kind": "fixed", "count": 9}, "max_depth": 10**6}
    key = ForeignKey.model_validate({**KEY, **facts})
    span = span_of(key)
    assert span is not None
    assert span.capacity == 1 << 62


def test_the_last_state_of_a_chain_is_its_owners() -> None:
    schema = processes(accounts=300)
    account = schema.table("account")
    columns = [
        {"name": name, "type": {"kind": "string"}, "spec": {
            "kind": "aggregate", "table": "event", "function": name, "column": "state"}}
        for name in ("first", "last")
    ]  # fmt: skip
    made = account.model_dump()
    made["columns"] = [*made["columns"], *columns]
    tables = [made if t.name == "account" else t.model_dump() for t in schema.tables]
    whole = Schema.model_validate({**schema.model_dump(), "tables": tables})
    plan = compile_schema(whole)
    accounts = rows_of(plan, "account")
    states: dict[int, str] = {}
    for row in rows_of(plan, "event").to_pylist():
        states[row["account_id"]] = row["state"]
    assert accounts["last"].to_pylist() == [states[key] for key in accounts["id"].to_pylist()]
    assert set(accounts["first"].to_pylist()) == {MACHINE["initial"]}
    assert (
        rows_of(plan, "account", 100, 130, columns=["last"])["last"].to_pylist()
        == (accounts["last"].to_pylist()[100:130])
    )

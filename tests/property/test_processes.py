"""The cell law of everything that follows from the row before, a parent or a chain of states."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import compile_schema
from dataforge.engine.generators import kin
from dataforge.schema import Schema
from process_schemas import processes
from sample_schemas import rows_of

LAWS = ("null", "{kind: zipf, exponent: 1.4}", "{kind: geometric}", "{kind: poisson}")
few = settings(max_examples=25, deadline=None)


@st.composite
def drawn(draw: st.DrawFn) -> Schema:
    return processes(
        accounts=draw(st.integers(1, 80)),
        entries=draw(st.integers(0, 500)),
        seed=draw(st.integers(0, 2**32)),
        law=draw(st.sampled_from(LAWS)),
    )


@few
@given(drawn(), st.data())
def test_any_slice_equals_the_same_rows_of_the_whole(schema: Schema, data: st.DataObject) -> None:
    plan = compile_schema(schema)
    for name, table in plan.tables.items():
        whole = rows_of(plan, name)
        start = data.draw(st.integers(0, table.row_count))
        stop = data.draw(st.integers(start, table.row_count))
        assert rows_of(plan, name, start, stop).equals(whole.slice(start, stop - start))


@few
@given(drawn(), st.integers(1, 300))
def test_batch_size_changes_no_cell(schema: Schema, batch_rows: int) -> None:
    plan = compile_schema(schema)
    for name in plan.tables:
        assert rows_of(plan, name, batch_rows=batch_rows).equals(rows_of(plan, name))


@few
@given(drawn(), st.data())
def test_a_column_alone_equals_the_column_among_others(schema: Schema, data: st.DataObject) -> None:
    plan = compile_schema(schema)
    for name, table in plan.tables.items():
        column = data.draw(st.sampled_from(list(table.columns)))
        assert rows_of(plan, name, columns=[column]).equals(rows_of(plan, name).select([column]))


@pytest.mark.parametrize("block", [2, 7, 64, 1 << 18])
@pytest.mark.parametrize("batch_rows", [5, 64, 1000])
def test_families_larger_than_a_block_or_a_batch(
    block: int, batch_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = compile_schema(processes(accounts=2, entries=600))
    whole = rows_of(plan, "entry")
    monkeypatch.setattr(kin, "_BLOCK_ROWS", block)
    cut = compile_schema(processes(accounts=2, entries=600))
    assert rows_of(cut, "entry", batch_rows=batch_rows).equals(whole)
    assert rows_of(cut, "entry", 411, 500).equals(whole.slice(411, 89))

"""The cell law of every kind of spec, in the tables that the reference tries its example in.

A kind that is added to the union is tried here by itself; one without an example fails.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import get_args

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine import Plan, compile_schema
from dataforge.schema import Column, Schema, Spec
from sample_schemas import rows_of

ROOT = Path(__file__).resolve().parents[2]
KINDS = tuple(model.model_fields["kind"].default for model in get_args(get_args(Spec)[0]))
EXAMPLES = yaml.safe_load((ROOT / "docs" / "spec-examples.yaml").read_text("utf-8"))
ROWS = 400
BATCHES = st.sampled_from([1, 7, 64, 1000])
few = settings(max_examples=8, deadline=None)


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


SAMPLES = _load("samples")
HOSTS = SAMPLES.hosts()


def schema_of(kind: str) -> Schema:
    schema: Schema = SAMPLES.hosted(EXAMPLES[kind], HOSTS.get(kind, {}), ROWS)
    return schema


@functools.cache
def plan_of(kind: str) -> Plan:
    return compile_schema(schema_of(kind))


@functools.cache
def whole_of(kind: str) -> pa.Table:
    return rows_of(plan_of(kind), SAMPLES.TABLE)


def test_every_kind_of_the_union_is_tried() -> None:
    assert len(KINDS) > 40
    assert set(KINDS) == set(EXAMPLES)
    tried = {kind for kind in KINDS if schema_of(kind).table(SAMPLES.TABLE).column("value").spec}
    assert tried == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@few
@given(data=st.data())
def test_any_rows_are_made_alone_in_any_batches(kind: str, data: st.DataObject) -> None:
    whole = whole_of(kind)
    start = data.draw(st.integers(0, len(whole)))
    stop = data.draw(st.integers(start, min(start + 300, len(whole))))
    made = rows_of(plan_of(kind), SAMPLES.TABLE, start, stop, batch_rows=data.draw(BATCHES))
    assert made.equals(whole.slice(start, stop - start))


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_alone_or_among_others_is_the_same(kind: str) -> None:
    whole, schema = whole_of(kind), schema_of(kind)
    alone = rows_of(plan_of(kind), SAMPLES.TABLE, columns=[SAMPLES.COLUMN])
    assert alone.equals(whole.select([SAMPLES.COLUMN]))
    table = schema.table(SAMPLES.TABLE)
    added = Column(name="added", type={"kind": "integer"}, spec={"kind": "number"})
    more = table.model_copy(update={"columns": (added, *table.columns)})
    tables = tuple(more if each is table else each for each in schema.tables)
    among = compile_schema(schema.model_copy(update={"tables": tables}))
    assert rows_of(among, SAMPLES.TABLE, columns=whole.column_names).equals(whole)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_description_gives_the_same_cells(kind: str) -> None:
    assert rows_of(compile_schema(schema_of(kind)), SAMPLES.TABLE).equals(whole_of(kind))

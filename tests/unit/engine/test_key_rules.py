"""Keys are not drawn again: their values come from what their own rules leave."""

from __future__ import annotations

from itertools import chain

import pytest

from dataforge.engine import compile_schema
from dataforge.errors import CapacityError
from dataforge.parsers.sql import parse_ddl
from dataforge.schema import Column, ForeignKey, Schema, Table, UniqueKey
from sample_schemas import rows_of


def _schema(column: str, rows: int) -> Schema:
    schema = parse_ddl(f"CREATE TABLE t ({column})", dialect="postgres").schema
    return schema.model_copy(update={"default_rows": rows})


def _values(column: str, rows: int = 50) -> list[object]:
    plan = compile_schema(_schema(column, rows))
    name = plan.schema.tables[0].columns[0].name
    batches = plan.batches("t", columns=[name])
    return list(chain.from_iterable(batch.column(0).to_pylist() for batch in batches))


def test_a_list_or_a_pattern() -> None:
    rule = "CHECK (id IN ('1389', '0736') OR id LIKE '99__' OR id ~ '^X[0-9]$')"
    values = _values(f"id char(4) PRIMARY KEY {rule}")
    assert len(set(values)) == len(values) == 50


def test_an_identity_starts_above_its_bound() -> None:
    values = _values("id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id > 1000)")
    assert values[:2] == [1001, 1002]


def test_a_remainder() -> None:
    values = _values("id int PRIMARY KEY CHECK (id % 7 = 3)")
    assert len(set(values)) == 50
    assert all(isinstance(value, int) and value % 7 == 3 for value in values)


def test_a_range_and_an_exact_length() -> None:
    assert sorted(map(int, map(str, _values("id int UNIQUE CHECK (id BETWEEN 5 AND 54)")))) == list(
        range(5, 55)
    )
    codes = _values("code varchar(20) UNIQUE NOT NULL CHECK (length(code) = 4)")
    assert {len(str(code)) for code in codes} == {4}


def test_a_case() -> None:
    values = _values("code varchar(40) UNIQUE NOT NULL CHECK (code = lower(code))")
    assert all(value == str(value).lower() for value in values)
    assert len(set(values)) == 50


def test_more_rows_than_values_are_refused() -> None:
    schema = _schema("id int PRIMARY KEY CHECK (id BETWEEN 1 AND 10 AND id % 2 = 0)", 50)
    table = schema.tables[0].model_copy(update={"rows": 50})
    with pytest.raises(CapacityError, match="5"):
        compile_schema(schema.model_copy(update={"tables": (table,)}))


def test_a_column_that_equals_another_is_computed() -> None:
    plan = compile_schema(_schema("a int NOT NULL, b int, c int, CHECK (a = b), CHECK (c = a)", 50))
    rows = [batch.to_pydict() for batch in plan.batches("t")]
    assert rows[0]["a"] == rows[0]["b"] == rows[0]["c"]


def test_a_stated_ordinal_makes_a_key_within_its_owner() -> None:
    integer = {"kind": "integer"}
    orders = Table(
        name="orders",
        rows=50,
        columns=(Column(name="id", type=integer, nullable=False),),
        primary_key=("id",),
    )
    lines = Table(
        name="lines",
        rows=300,
        columns=(
            Column(name="order_id", type=integer, nullable=False),
            Column(name="no", type=integer, nullable=False, spec={"kind": "ordinal", "start": 10}),
        ),
        primary_key=("order_id", "no"),
        foreign_keys=(
            ForeignKey(columns=("order_id",), parent="orders", parent_columns=("id",), owning=True),
        ),
    )
    rows = rows_of(compile_schema(Schema(tables=(orders, lines))), "lines")
    smallest = rows.group_by("order_id").aggregate([("no", "min")])["no_min"]
    assert rows.group_by(["order_id", "no"]).aggregate([]).num_rows == 300
    assert set(smallest.to_pylist()) == {10}


def test_what_a_generated_column_computes_fits_it() -> None:
    script = """
        CREATE TABLE body (
            id int PRIMARY KEY, weight float NOT NULL, height float NOT NULL,
            bmi decimal(5,2) GENERATED ALWAYS AS (weight / (height * height)) STORED
        );"""
    schema = parse_ddl(script, dialect="mysql").schema
    rows = rows_of(compile_schema(schema), "body")
    assert rows["bmi"].null_count == 0
    assert max(rows["bmi"].to_pylist()) < 1000


def test_a_key_of_36_characters_is_a_uuid() -> None:
    schema = parse_ddl("CREATE TABLE t (pid char(36) PRIMARY KEY);").schema
    values = rows_of(compile_schema(schema), "t")["pid"].to_pylist()
    assert {value.count("-") for value in values} == {4}
    assert len(set(values)) == len(values)


def test_numbers_are_put_behind_no_value_that_then_is_another() -> None:
    spec = {"kind": "pattern", "pattern": "(Sirius|Vega)( [2-9]|)"}
    column = Column(name="name", type={"kind": "text"}, nullable=False, spec=spec, semantic="name")
    table = Table(
        name="t", rows=200, columns=(column,), unique_keys=(UniqueKey(columns=("name",)),)
    )
    names = rows_of(compile_schema(Schema(tables=(table,))), "t")["name"].to_pylist()
    assert len(set(names)) == len(names) == 200

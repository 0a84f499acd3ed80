"""The engine's evaluation of an expression and DuckDB's agree: the verifier sees the same."""
# ruff: noqa: DTZ001  - wall-clock times, as schemas hold them

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.engine.rules.evaluate import evaluate
from dataforge.schema.expressions import (
    And,
    Between,
    Binary,
    Call,
    Case,
    Column,
    Compare,
    Distinct,
    Expr,
    InList,
    Interval,
    IsNull,
    Like,
    Literal,
    Negate,
    Not,
    Or,
    fix_present,
    parse_expression,
    to_sql,
)

NOW = datetime(2026, 1, 1)
COLUMNS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "i": (pa.int32(), st.integers(-9, 9)),
    "j": (pa.int64(), st.integers(-9, 9)),
    "m": (pa.decimal128(6, 2), st.decimals(-99, 99, places=2)),
    "n": (pa.decimal128(9, 4), st.decimals(-99, 99, places=4)),
    "f": (pa.float64(), st.sampled_from([-2.5, -1.0, 0.0, 0.1, 0.5, 3.0])),
    "s": (pa.string(), st.sampled_from(["", "a", "A", "ab", "b%", "é_x", "10"])),
    "e": (pa.dictionary(pa.int32(), pa.string()), st.sampled_from(["a", "b", "c"])),
    "b": (pa.bool_(), st.booleans()),
    "d": (pa.date32(), st.dates(date(2019, 12, 30), date(2020, 3, 2))),
    "t": (pa.timestamp("us"), st.datetimes(datetime(2019, 12, 30), datetime(2020, 3, 2))),
}


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(1, 6))
    arrays = {}
    for name, (kind, values) in COLUMNS.items():
        cells = draw(st.lists(st.none() | values, min_size=rows, max_size=rows))
        value_type = kind.value_type if pa.types.is_dictionary(kind) else kind
        array = pa.array(cells, value_type)
        arrays[name] = array.dictionary_encode() if value_type is not kind else array
    return pa.table(arrays)


def columns(names: str) -> st.SearchStrategy[Expr]:
    return st.sampled_from([Column(name) for name in names])


WHOLE = columns("ij") | st.builds(Literal, st.integers(-9, 9))
EXACT = (
    WHOLE | columns("mn") | st.builds(Literal, st.sampled_from([Decimal("0.5"), Decimal("-1.25")]))
)
NUMBERS: st.SearchStrategy[Expr] = st.recursive(
    EXACT | columns("f"),
    lambda inner: (
        st.builds(Binary, st.sampled_from("+-*"), inner, inner)
        | st.builds(Negate, columns("ijmnf"))
        | st.builds(lambda x: Call("abs", (x,)), inner)
        | st.builds(lambda x, y: Call("coalesce", (x, y)), inner, inner)
        | st.builds(lambda x, y: Call("greatest", (x, y)), inner, inner)
        | st.builds(lambda x, y: Case(((IsNull(x), y),), x), columns("ijm"), inner)
        | st.builds(lambda x: Call("round", (x, Literal(1))), columns("mn"))
    ),
    max_leaves=3,
)
TEXTS: st.SearchStrategy[Expr] = st.recursive(
    columns("se") | st.builds(Literal, st.sampled_from(["a", "ab", "", "é_x"])),
    lambda inner: (
        st.builds(Binary, st.just("||"), inner, inner | columns("im"))
        | st.builds(lambda x: Call("upper", (x,)), inner)
        | st.builds(lambda x, n: Call("left", (x, Literal(n))), inner, st.integers(-2, 3))
        | st.builds(
            lambda x, n: Call("substring", (x, Literal(n), Literal(2))), inner, st.integers(-3, 3)
        )
        | st.builds(lambda x, y: Call("coalesce", (x, y)), inner, inner)
    ),
    max_leaves=3,
)
SPANS = st.builds(
    Interval,
    st.builds(Literal, st.integers(-3, 3)) | columns("i"),
    st.sampled_from(["day", "month", "hour"]),
)
MOMENTS: st.SearchStrategy[Expr] = st.one_of(
    columns("dt"),
    st.builds(Binary, st.sampled_from("+-"), columns("dt"), SPANS),
    st.builds(Literal, st.dates(date(2019, 12, 30), date(2020, 3, 2))),
    st.builds(
        lambda x, u: Call("date_trunc", (Literal(u), x)),
        columns("dt"),
        st.sampled_from(["day", "week", "month", "year"]),
    ),
)
PARTS = st.builds(
    lambda name, x: Call(name, (x,)),
    st.sampled_from(["year", "month", "day", "isodow", "dayofweek", "quarter"]),
    columns("dt"),
) | st.builds(
    lambda u, x, y: Call("date_diff", (Literal(u), x, y)),
    st.sampled_from(["day", "month", "year"]),
    columns("dt"),
    columns("dt"),
)
SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
SIMPLE: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Compare, SIGNS, NUMBERS, NUMBERS),
    st.builds(Compare, SIGNS, TEXTS, TEXTS),
    st.builds(Compare, SIGNS, MOMENTS, MOMENTS),
    st.builds(Compare, SIGNS, PARTS, WHOLE),
    st.builds(Compare, SIGNS, columns("dt"), st.just(Literal("2020-01-31"))),
    st.builds(Between, NUMBERS, EXACT, EXACT),
    st.builds(Distinct, NUMBERS, EXACT),
    st.builds(IsNull, NUMBERS | TEXTS | MOMENTS),
    st.builds(
        InList,
        columns("ijmf"),
        st.lists(EXACT | st.just(Literal(None)), min_size=1, max_size=3).map(tuple),
    ),
    st.builds(InList, columns("se"), st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
    st.builds(
        Like,
        TEXTS,
        st.sampled_from(["a%", "%b", "_", "%", "a", "b|%"]),
        st.booleans(),
        st.none() | st.just("|"),
    ),
    columns("b"),
)
CONDITIONS: st.SearchStrategy[Expr] = st.recursive(
    SIMPLE,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=4,
)


def both(expr: Expr, table: pa.Table) -> tuple[list[Any], list[Any]]:
    ours = evaluate(expr, lambda name: table.column(name).combine_chunks(), table.num_rows, NOW)
    connection = duckdb.connect()
    connection.register("t", table)
    text = to_sql(fix_present(expr, NOW))
    theirs = connection.execute(f"SELECT {text} FROM t").fetchall()
    return ours.to_pylist(), [row[0] for row in theirs]


def same(ours: Any, theirs: Any) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(ours, float) or isinstance(theirs, float):
        return math.isclose(float(ours), float(theirs), rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(ours, datetime) or isinstance(theirs, datetime):
        return _moment(ours) == _moment(theirs)
    return bool(ours == theirs)


def _moment(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return datetime(value.year, value.month, value.day)


@settings(max_examples=120, deadline=None)
@given(CONDITIONS, tables())
def test_conditions_agree_with_duckdb(expr: Expr, table: pa.Table) -> None:
    ours, theirs = both(expr, table)
    assert ours == theirs, to_sql(expr)


@settings(max_examples=120, deadline=None)
@given(NUMBERS | TEXTS | MOMENTS | PARTS, tables())
def test_values_agree_with_duckdb(expr: Expr, table: pa.Table) -> None:
    ours, theirs = both(expr, table)
    assert all(map(same, ours, theirs)), (to_sql(expr), ours, theirs)


@settings(max_examples=120, deadline=None)
@given(CONDITIONS | NUMBERS | TEXTS | MOMENTS | PARTS)
def test_canonical_text_reads_back_to_an_equal_tree(expr: Expr) -> None:
    once = parse_expression(to_sql(expr))
    assert parse_expression(to_sql(once)) == once
    assert to_sql(once) == to_sql(parse_expression(to_sql(once)))

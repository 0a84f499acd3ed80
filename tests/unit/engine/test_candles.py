"""Candles are valid in every row, positive, on ticks, and alternate between calm and wild."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine import compile_schema
from dataforge.schema import Column, ForeignKey, Schema, Table, validate
from sample_schemas import INTEGER, MONEY, key_column, rows_of

FIELDS = ("open", "high", "low", "volume", "date")
TYPES: dict[str, dict[str, Any]] = {"volume": INTEGER, "date": {"kind": "date"}}


def candles(rows: int = 100_000, instruments: int = 50, **spec: Any) -> Schema:
    fields = [
        {
            "name": name,
            "type": TYPES.get(name, MONEY),
            "spec": {"kind": "candle_field", "column": "close", "field": name},
        }
        for name in FIELDS
    ]
    close = {"name": "close", "type": MONEY, "spec": {"kind": "candle", **spec}}
    owner = ForeignKey(columns=("i",), parent="instrument", parent_columns=("id",), owning=True)
    table = Table(
        name="t",
        rows=rows,
        columns=(key_column("i"), *map(Column.model_validate, (*fields, close))),
        foreign_keys=(owner,),
    )
    parent = Table(
        name="instrument", rows=instruments, columns=(key_column(),), primary_key=("id",)
    )
    return Schema(tables=(parent, table))


def numbers(table: pa.Table, name: str) -> Any:
    return table[name].cast(pa.float64()).to_numpy()


def test_candles_are_valid_in_every_row() -> None:
    table = rows_of(compile_schema(candles(spread=1, tick=0.05)), "t")
    opening, high, low, close = (numbers(table, n) for n in ("open", "high", "low", "close"))
    assert ((high >= opening) & (high >= close) & (low <= opening) & (low <= close)).all()
    assert (low > 0).all()
    assert np.allclose(np.round(close / 0.05), close / 0.05, atol=1e-6)
    assert (numbers(table, "volume") > 0).all()
    same = numbers(table, "i")[1:] == numbers(table, "i")[:-1]
    gaps = np.abs(np.log(opening[1:] / close[:-1]))[same]
    assert gaps.mean() < 0.3 * np.abs(np.log(close[1:] / close[:-1]))[same].mean() + 0.002
    weekdays = {day.weekday() for day in table["date"].to_pylist()[:5000]}
    assert weekdays == {0, 1, 2, 3, 4}


def returns(clustering: float) -> Any:
    spec = {"volatility": 0.01, "tick": 0.01, "price": 5000, "clustering": clustering}
    table = rows_of(compile_schema(candles(100_000, 100, **spec)), "t")
    same = numbers(table, "i")[1:] == numbers(table, "i")[:-1]
    return np.diff(np.log(numbers(table, "close")))[same]


def test_returns_have_the_volatility_and_no_memory() -> None:
    r = returns(0.6)
    assert r.std() == pytest.approx(0.01, rel=0.06)
    assert abs(np.corrcoef(r[1:], r[:-1])[0, 1]) < 0.03


def test_prices_spread_like_a_random_walk() -> None:
    spec = {"volatility": 0.017, "price": 5000}
    table = rows_of(compile_schema(candles(520 * 200, 200, **spec)), "t")
    logs, instrument = np.log(numbers(table, "close")), numbers(table, "i")
    for lag in (8, 64, 256):
        moved = (logs[lag:] - logs[:-lag])[instrument[lag:] == instrument[:-lag]]
        assert moved.std() / np.sqrt(lag) == pytest.approx(0.017, rel=0.15), lag


def test_wild_days_follow_wild_days() -> None:
    clustered, even = np.abs(returns(0.6)), np.abs(returns(0.0))
    assert np.corrcoef(clustered[5:], clustered[:-5])[0, 1] > 0.1
    assert abs(np.corrcoef(even[5:], even[:-5])[0, 1]) < 0.02
    kurtosis = np.mean(returns(0.6) ** 4) / np.mean(returns(0.6) ** 2) ** 2
    assert kurtosis > 4


def test_prices_of_different_types_are_refused() -> None:
    schema = candles()
    table = schema.table("t")
    columns = tuple(
        each.model_copy(update={"type": schema.table("instrument").column("id").type})
        if each.name == "high"
        else each
        for each in table.columns
    )
    tables = (schema.tables[0], table.model_copy(update={"columns": columns}))
    found = validate(schema.model_copy(update={"tables": tables}))
    assert [each.path for each in found] == ["tables.t.columns.high.spec"]
    assert "type" in found[0].message

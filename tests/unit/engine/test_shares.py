"""Numbers that are shares of others, and gaps from the latest of several moments of a row."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dataforge
from dataforge.engine import compile_schema
from dataforge.schema import Column, Schema, Table
from sample_schemas import INTEGER, MONEY, key_column, rows_of

FLOAT = {"kind": "float"}
STAMP = {"kind": "timestamp", "precision": 0}


def column(name: str, type_: dict[str, Any], *, share: float | None = None, **spec: Any) -> Column:
    return Column.model_validate(
        {"name": name, "type": type_, "null_share": share, "spec": spec or None}
    )


def of(*columns: Column, rows: int = 2_000) -> Schema:
    table = Table(name="t", rows=rows, columns=(key_column(), *columns), primary_key=("id",))
    return Schema(tables=(table,))


def made(*columns: Column) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = rows_of(compile_schema(of(*columns)), "t").to_pydict()
    return found


@pytest.mark.parametrize("type_", [INTEGER, MONEY, FLOAT], ids=lambda each: each["kind"])
@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.3, 0.6), (1, 1.4), (0.8, 1.2)])
def test_a_share_keeps_to_its_bounds_and_its_side(
    type_: dict[str, Any], low: float, high: float
) -> None:
    rows = made(
        column("whole", type_, kind="number", minimum=0, maximum=40),
        column("part", type_, kind="share", column="whole", minimum=low, maximum=high),
    )
    step = 1 if type_ is INTEGER else 0.01 if type_ is MONEY else 1e-6
    for whole, part in zip(rows["whole"], rows["part"], strict=True):
        assert low * float(whole) - step <= float(part) <= high * float(whole) + step
        assert part <= whole or high > 1
        assert part >= whole or low < 1
    assert len(set(rows["part"])) > 10


def test_a_share_above_lies_between_two_columns() -> None:
    rows = made(
        column("low", MONEY, kind="number", minimum=5, maximum=9),
        column("high", MONEY, kind="offset", column="low", maximum=9),
        column("middle", MONEY, kind="share", column="high", above="low", decimals=1),
        column("coarse", INTEGER, kind="share", column="high", above="low"),
    )
    for low, high, middle in zip(rows["low"], rows["high"], rows["middle"], strict=True):
        assert low - 1 < middle <= high
        assert middle == round(middle, 1)
    assert all(high >= each for high, each in zip(rows["high"], rows["coarse"], strict=True))


def test_a_share_of_nothing_is_nothing() -> None:
    whole = column("whole", INTEGER, share=0.5, kind="number", minimum=3, maximum=9)
    part = column("part", INTEGER, kind="share", column="whole")
    sure = part.model_copy(update={"name": "sure", "nullable": False})
    rows = made(whole, part, sure)
    for each, share, zero in zip(rows["whole"], rows["part"], rows["sure"], strict=True):
        assert (share is None) == (each is None)
        assert each is not None or zero == 0


def moments() -> tuple[Column, ...]:
    return (
        column("made", {"kind": "date"}, kind="datetime"),
        column("sent", STAMP, share=0.5, kind="offset", column="made", maximum=10 * 86_400),
        column("come", STAMP, share=0.3, kind="offset", column="made", after=["sent"], past=True),
        column(
            "done", {"kind": "date"}, kind="offset", column="made", after=["sent", "come"],
            maximum=3,
        ),
    )  # fmt: skip


def test_a_gap_begins_at_the_latest_of_the_moments_that_are_there() -> None:
    for made_on, sent, come, done in zip(*list(made(*moments()).values())[1:], strict=True):
        assert come is None or come.date() >= made_on
        assert None in (come, sent) or come >= sent
        latest = max(each.date() for each in (sent, come) if each) if sent or come else made_on
        assert dt.timedelta(0) <= done - latest <= dt.timedelta(3)


@given(start=st.integers(0, 1_900), length=st.integers(0, 90))
@settings(max_examples=20, deadline=None)
def test_any_slice_equals_the_same_rows_of_the_whole(start: int, length: int) -> None:
    plan = compile_schema(
        of(
            *moments(),
            column("whole", FLOAT, share=0.1, kind="number", minimum=3, maximum=9),
            column("part", MONEY, kind="share", column="whole", maximum=0.9),
            column("mid", FLOAT, kind="share", column="whole", above="part", decimals=3),
        )
    )
    whole = rows_of(plan, "t").slice(start, length)
    part = pa.Table.from_batches(
        list(plan.batches("t", start, min(start + length, 2_000))), whole.schema
    )
    assert part.to_pylist() == whole.to_pylist()


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ("CAST(whole + 1 AS DECIMAL(14,2)) AS part", "share_of"),
        ("CAST(0 AS DECIMAL(14,2)) AS part", "share_of"),
        ("CAST(whole * 3 AS DECIMAL(14,2)) AS told", "share_of"),
        ("sent + INTERVAL 90 DAY AS sent", "after"),
        ("CAST(made - INTERVAL 1 DAY AS DATE) AS done", "after"),
    ],
)
def test_the_verifier_finds_what_is_out_of_order(tmp_path: Path, columns: str, kind: str) -> None:
    told = {"kind": "share", "column": "whole", "maximum": 0.5}
    schema = of(
        *moments(),
        column("whole", MONEY, kind="number", minimum=3, maximum=9),
        column("part", MONEY, kind="share", column="whole", minimum=0.5),
        column(
            "told", MONEY, kind="conditional", otherwise={"kind": "constant", "value": 99},
            branches=[{"condition": "sent IS NULL", "then": told}],
        ),
    )  # fmt: skip
    dataforge.generate(schema, tmp_path / "data", format="parquet")
    certificate = dataforge.verify(tmp_path / "data")
    assert certificate.passed, certificate.summary()
    assert not [each for each in certificate.checks if each.verdict == "skipped"]
    (file,) = (tmp_path / "data").glob("data/t*.parquet")
    with duckdb.connect() as connection:
        rows = f"SELECT * REPLACE ({columns}) FROM '{file}'"
        connection.execute(f"COPY ({rows}) TO '{tmp_path / 'changed'}' (FORMAT parquet)")
    shutil.move(tmp_path / "changed", file)
    failed = {c.kind for c in dataforge.verify(tmp_path / "data").checks if c.verdict == "failed"}
    assert kind in failed

"""What dirt looks like, and that the truth is the whole difference from the clean twin."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from dataforge.engine.rules.cast import cast_to
from dirty_schemas import (
    DIRT,
    Rows,
    clean,
    dirty_plan,
    dirty_schema,
    made,
    outer_diff,
    told_cells,
    truth,
)

LOCALES = ["en_US", "de_DE", "ja_JP", "ar_SA", "hi_IN", {"fr_FR": 1, "tr_TR": 1, "zh_CN": 1}]


def text(plan: Any, name: str, value: Any) -> str | None:
    kind = plan.tables["people"].columns[name].type
    written: str | None = cast_to(pa.array([value], kind), pa.string())[0].as_py()
    return written


@pytest.mark.parametrize("locale", LOCALES, ids=str)
def test_the_truth_is_the_difference_from_the_clean_twin(locale: Any) -> None:
    plan = dirty_plan(dirty_schema(locale=locale))
    told = truth(plan, "people")
    differences = outer_diff(made(plan, "people"), clean(plan, "people"), told)
    written = {
        (row, name): (text(plan, name, before), text(plan, name, after))
        for (row, name), (before, after) in differences.items()
    }
    assert written == told_cells(told)
    assert len(written) > 1000


def test_every_kind_acts() -> None:
    told = truth(dirty_plan(dirty_schema(rows=3000, locale="fr_FR")), "people")
    acted = {kind for row in told for kind in row["kinds"].split("+")}
    assert acted == {spec["kind"] for spec in DIRT} | {"near_duplicate"}


def only(kind: str, column: str, **facts: Any) -> tuple[Rows, int]:
    """Return the truth about one kind on one column, and how many rows there are."""
    rows = 4000
    spec = {"kind": kind, "rate": 0.05, "columns": [column], **facts}
    return truth(dirty_plan(dirty_schema([spec], rows=rows)), "people"), rows


@pytest.mark.parametrize("kind", ["typo", "case", "whitespace"])
def test_text_is_hit_at_the_rate_and_stays_recognisable(kind: str) -> None:
    told, rows = only(kind, "last_name")
    assert 0.035 * rows < len(told) < 0.065 * rows
    for row in told:
        before, after = row["clean_value"], row["dirty_value"]
        assert abs(len(before) - len(after)) <= 1
        if kind == "case":
            assert before.casefold() == after.casefold()
        if kind == "whitespace":
            assert "".join(before.split()) == "".join(after.split())
        if kind == "typo":
            assert before[0] == after[0] or len(before) < 3 or after[1:] == before[1:]


def test_mojibake_reads_back_as_what_it_was() -> None:
    spec = {"kind": "encoding", "rate": 1, "columns": ["last_name"], "forms": ["mojibake"]}
    told = truth(dirty_plan(dirty_schema([spec], locale="pl_PL")), "people")
    assert told
    for row in told:
        undone = b"".join(
            character.encode("cp1252") if character.isprintable() else bytes([ord(character)])
            for character in row["dirty_value"]
        )
        assert undone.decode("utf-8") == row["clean_value"]


def test_lost_accents_are_plain_letters() -> None:
    spec = {"kind": "encoding", "rate": 1, "columns": ["last_name"], "forms": ["accents"]}
    told = truth(dirty_plan(dirty_schema([spec], locale="fr_FR")), "people")
    assert told
    assert all(row["dirty_value"].isascii() for row in told)


def test_outliers_and_units_are_the_stated_factor_away() -> None:
    for kind, facts, factor in (
        ("outlier", {"factor": 10}, 10.0),
        ("unit", {"flip": "euros_to_cents"}, 100.0),
        ("unit", {"factor": 3, "offset": 0}, 3.0),
    ):
        told, _ = only(kind, "price", **facts)
        assert told
        for row in told:
            assert float(row["dirty_value"]) == pytest.approx(float(row["clean_value"]) * factor)


def test_sigmas_are_measured_on_the_column() -> None:
    told, _ = only("outlier", "weight", sigmas=8)
    deviation = (99 - 40) / 12**0.5
    for row in told:
        away = abs(float(row["dirty_value"]) - float(row["clean_value"]))
        assert 7 * deviation < away < 13 * deviation


def test_late_moments_are_late_and_dates_swap_within_a_year() -> None:
    told, _ = only("late", "seen_at", minimum=60, maximum=600)
    assert all(row["dirty_value"] > row["clean_value"] for row in told)
    told, _ = only("date_swap", "born")
    for row in told:
        year, month, day = row["clean_value"].split("-")
        assert row["dirty_value"] == f"{year}-{day}-{month}"


def test_missing_follows_its_pattern() -> None:
    dirt = [
        {"kind": "missing", "rate": 0.4, "columns": ["last_name"], "pattern": "mar",
         "when": "small > 50", "otherwise": 0.1},
        {"kind": "missing", "rate": 0.5, "columns": ["price"], "pattern": "mnar",
         "when": "price > 500"},
        {"kind": "missing", "rate": 0.2, "columns": ["phone"], "markers": ["N/A", "-"]},
    ]  # fmt: skip
    plan = dirty_plan(dirty_schema(dirt, rows=5000))
    dirty, twin = made(plan, "people"), clean(plan, "people")
    small = [row["last_name"] is None for row, was in zip(dirty, twin, strict=True)
             if was["small"] > 50]  # fmt: skip
    other = [row["last_name"] is None for row, was in zip(dirty, twin, strict=True)
             if was["small"] <= 50]  # fmt: skip
    assert sum(small) / len(small) == pytest.approx(0.4, abs=0.04)
    assert sum(other) / len(other) == pytest.approx(0.1, abs=0.03)
    gone = [was["price"] for row, was in zip(dirty, twin, strict=True) if row["price"] is None]
    assert gone
    assert min(gone) > 500
    marked = [row["phone"] in {"N/A", "-"} for row in dirty]
    assert sum(marked) / len(marked) == pytest.approx(0.2, abs=0.03)


def test_orphans_have_no_parent_and_the_label_tells() -> None:
    plan = dirty_plan(dirty_schema())
    keys = {row["id"] for row in clean(plan, "people")}
    told = told_cells(truth(plan, "visits"))
    for number, row in enumerate(made(plan, "visits")):
        is_orphan = row["person_id"] not in keys
        assert is_orphan == ((number, "person_id") in told) == row["is_dirty"]


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.6, 1.0])
def test_duplicates_are_exact_or_near_copies(rate: float) -> None:
    dirt = [{"kind": "duplicate", "rate": rate}, {"kind": "typo", "rate": 0.1}]
    plan = dirty_plan(dirty_schema(dirt, rows=500))
    dirty, told = made(plan, "people"), truth(plan, "people")
    copies = [row for row in told if row["duplicate_of"] is not None]
    assert len(copies) == round(500 * rate) == len(dirty) - 500
    assert len({row["duplicate_of"] for row in copies}) == len(copies)
    positions = {row["row"] for row in copies}
    originals = [row for number, row in enumerate(dirty) if number not in positions]
    for row in copies:
        same = originals[row["duplicate_of"]] == dirty[row["row"]]
        assert same == (row["kinds"] == "duplicate")
    assert {row["kinds"] for row in copies} == {"duplicate", "near_duplicate"} or rate < 0.1


def test_rows_out_of_order_come_at_most_a_window_later() -> None:
    dirt = [{"kind": "out_of_order", "rate": 0.2, "window": 9}]
    plan = dirty_plan(dirty_schema(dirt, rows=3000))
    ids = [row["id"] for row in made(plan, "people")]
    assert sorted(ids) == [row["id"] for row in clean(plan, "people")]
    told = {row["row"]: row["source_row"] for row in truth(plan, "people")}
    reached = 0
    for row, key in enumerate(ids):
        assert (key < reached) == (row in told)
        assert row - (key - 1) <= 9
        reached = max(reached, key)
    assert len(told) == pytest.approx(600, abs=80)


def test_a_rate_of_nothing_changes_nothing_and_one_changes_all() -> None:
    assert truth(dirty_plan(dirty_schema([{"kind": "typo", "rate": 0}])), "people") == []
    spec = {"kind": "whitespace", "rate": 1, "columns": ["last_name"]}
    assert len(truth(dirty_plan(dirty_schema([spec], rows=300)), "people")) == 300


def test_an_empty_table_stays_empty() -> None:
    plan = dirty_plan(dirty_schema(rows=0))
    assert made(plan, "people") == truth(plan, "people") == []

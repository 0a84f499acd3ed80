"""Owned tables: every cardinality law keeps exact totals and bounds, and any row stands alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dataforge.engine import Plan, compile_schema
from dataforge.engine.histogram import HistogramLayout, fit
from dataforge.engine.layout import Layout, TreeLayout
from dataforge.engine.permutation import Permutation, spread_within
from dataforge.engine.splits import Bounds, Clustered, Even, Independent, Ranked, Split, Spread
from dataforge.errors import CapacityError
from dataforge.schema import Column, ForeignKey, Schema, Table
from dataforge.streams import bits
from sample_schemas import INTEGER, key_column, rows_of

SPLITS: dict[str, Split] = {
    "even": Even(),
    "independent": Independent(),
    "capped": Independent(Bounds(0, 7)),
    "clustered": Clustered(1.0, Bounds(1)),
    "urn": Clustered(1e-3),
    "smooth": Clustered(1e6),
    "spread": Spread(Bounds(0, 20), 20),
    "ranked": Ranked(1.1),
    "harmonic": Ranked(1 + 1e-12),
    "steep": Ranked(5.0, Bounds(0, 400_000)),
}
HISTOGRAMS: dict[str, tuple[float, ...]] = {
    "observed": (5, 40, 20, 10, 0, 8, *(1.0,) * 90),
    "two counts": (1, *(0.0,) * 9_998, 1e-4),
}


def family(law: dict[str, Any] | None, parents: int, rows: int | None, **facts: Any) -> Schema:
    parent = Table(name="parent", rows=parents, columns=(key_column(),), primary_key=("id",))
    child = Table(
        name="child",
        rows=rows,
        columns=(
            key_column("parent_id"),
            key_column("line"),
            Column(name="n", type=INTEGER, spec={"kind": "ordinal", "start": 0, "step": 10}),
        ),
        primary_key=("parent_id", "line"),
        foreign_keys=(
            ForeignKey(
                columns=("parent_id",),
                parent="parent",
                parent_columns=("id",),
                owning=True,
                law=law,
            ),
        ),
    )
    return Schema(tables=(parent, child), **facts)


def counts(plan: Plan) -> np.ndarray[Any, np.dtype[np.int64]]:
    owners = rows_of(plan, "child")["parent_id"].to_numpy()
    return np.bincount(owners, minlength=plan.tables["parent"].row_count + 1)[1:]


@pytest.mark.parametrize(
    ("law", "rows", "low", "high"),
    [
        ({"kind": "fixed", "count": 3}, None, 3, 3),
        ({"kind": "range", "minimum": 2, "maximum": 5}, None, 2, 5),
        ({"kind": "range", "minimum": 2, "maximum": 5}, 1400, 2, 5),
        ({"kind": "range", "minimum": 0, "maximum": 1}, 250, 0, 1),
        ({"kind": "learned", "weights": [0, 3, 0, 1]}, None, 1, 3),
        ({"kind": "learned", "weights": [0, 0, 1]}, None, 2, 2),
        ({"kind": "learned", "weights": [9, 1, 0, 0, 0, 5]}, 900, 0, 5),
        ({"kind": "learned", "weights": [0, 1, 8, 1]}, None, 1, 3),
        ({"kind": "learned", "weights": [999, *[0] * 998, 1]}, None, 0, 999),
        ({"kind": "poisson", "mean": 2.5}, None, 0, 40),
        ({"kind": "poisson"}, 777, 0, 40),
        ({"kind": "geometric", "mean": 4}, None, 0, 100),
        ({"kind": "zipf", "exponent": 1.2, "mean": 4}, None, 0, 2000),
        (None, 3000, 1, 200),
    ],
)
def test_a_law_keeps_its_total_and_its_bounds(
    law: dict[str, Any] | None, rows: int | None, low: int, high: int
) -> None:
    plan = compile_schema(family(law, 500, rows))
    made = counts(plan)
    expected = plan.tables["child"].row_count if rows is None else rows
    assert made.sum() == expected
    assert low <= made.min()
    assert made.max() <= high


@pytest.mark.parametrize(
    ("law", "mean", "variance"),
    [
        ({"kind": "poisson", "mean": 6}, 6, 6),
        ({"kind": "geometric", "mean": 6}, 6, 42),
        ({"kind": "range", "minimum": 0, "maximum": 12}, 6, 3),
        ({"kind": "learned", "weights": [1, 2, 3, 4, 3, 2, 1]}, 3, 2.5),
    ],
)
def test_counts_have_the_mean_and_the_spread_of_their_law(
    law: dict[str, Any], mean: float, variance: float
) -> None:
    made = counts(compile_schema(family(law, 20_000, None)))
    assert made.mean() == pytest.approx(mean, rel=0.01)
    assert made.var() == pytest.approx(variance, rel=0.2)


WEIGHTS = [[0, 1, 8, 1], [5, 5, 5, 5, 5, 5], [0, 8, 4, 2, 1, 1, 1, 1], [9, 1, 0, 0, 0, 5]]


@pytest.mark.parametrize("weights", WEIGHTS)
def test_observed_counts_are_met_to_the_last_parent(weights: list[float]) -> None:
    made = counts(compile_schema(family({"kind": "learned", "weights": weights}, 20_000, None)))
    share = np.array(weights) / sum(weights)
    found = np.bincount(made, minlength=len(weights))
    assert abs(found - share * 20_000).max() <= len(weights)
    first, last = made[:10_000].mean(), made[10_000:].mean()
    assert first == pytest.approx(last, rel=0.02)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("rows", [20_001, 31_234, 45_555])
def test_another_total_tilts_observed_counts(weights: list[float], rows: int) -> None:
    made = counts(compile_schema(family({"kind": "learned", "weights": weights}, 20_000, rows)))
    found = np.bincount(made, minlength=len(weights))
    assert made.sum() == rows
    between = [k for k, weight in enumerate(weights) if not weight and found[k]]
    assert len(between) <= 1
    assert sum(found[k] for k in between) <= 1


def test_a_zipf_law_gives_a_handful_of_parents_most_rows_and_scatters_them() -> None:
    made = counts(compile_schema(family({"kind": "zipf", "exponent": 1.2}, 2000, 40_000)))
    top = np.sort(made)[::-1]
    assert 0.6 < top[:200].sum() / made.sum() < 0.95
    assert made.argmax() not in {0, 1}


@pytest.mark.parametrize(
    ("law", "rows"),
    [
        ({"kind": "fixed", "count": 3}, 1499),
        ({"kind": "range", "minimum": 1, "maximum": 2}, 499),
        ({"kind": "range", "minimum": 1, "maximum": 2}, 1001),
        ({"kind": "learned", "weights": [0, 1, 1]}, 499),
        ({"kind": "learned", "weights": [0, 1, 1]}, 1001),
    ],
)
def test_rows_that_a_law_excludes_are_refused(law: dict[str, Any], rows: int) -> None:
    with pytest.raises(CapacityError, match="do not fit the law"):
        compile_schema(family(law, 500, rows))


def test_a_law_that_the_keys_cannot_hold_is_refused_and_not_bent() -> None:
    schema = family({"kind": "fixed", "count": 5}, 10, None)
    child = schema.table("child")
    kind = Column(name="line", type={"kind": "enum", "values": ["a", "b"]}, nullable=False)
    narrow = child.model_copy(update={"columns": (child.columns[0], kind)})
    with pytest.raises(CapacityError, match="10 rows of parent can own 2 rows each"):
        compile_schema(schema.model_copy(update={"tables": (schema.tables[0], narrow)}))


@pytest.mark.parametrize("kind", ["poisson", "geometric", "zipf"])
@pytest.mark.parametrize(("parents", "rows"), [(0, 0), (1, 0), (1, 7), (7, 1), (3, 100)])
def test_small_families(kind: str, parents: int, rows: int) -> None:
    plan = compile_schema(family({"kind": kind}, parents, rows))
    assert counts(plan).sum() == rows


def test_owner_and_ordinal_are_a_key_and_ordinals_count_from_their_start() -> None:
    plan = compile_schema(family({"kind": "geometric", "mean": 4}, 300, None))
    made = rows_of(plan, "child").to_pydict()
    assert len(set(zip(made["parent_id"], made["line"], strict=True))) == len(made["line"])
    assert made["n"] == [(line - 1) * 10 for line in made["line"]]


def layout(name: str, parents: int, rows: int) -> Layout:
    if name not in SPLITS:
        return HistogramLayout(5, fit(HISTOGRAMS[name], parents, rows, rows))
    split = SPLITS[name]
    order = Permutation(99, parents) if isinstance(split, Ranked) else None
    return TreeLayout(5, parents, rows, split, order)


@pytest.mark.parametrize("name", [*SPLITS, *HISTOGRAMS])
def test_any_row_alone_stands_where_it_stands_in_the_whole(name: str) -> None:
    made = layout(name, 70_001, 300_000)
    whole = made.locate(np.arange(300_000))
    some = np.array([299_999, 0, 5, 5, 123_456, 7])
    alone = made.locate(some)
    assert alone.parent.tolist() == whole.parent[some].tolist()
    assert alone.ordinal.tolist() == whole.ordinal[some].tolist()
    parents = np.array([70_000, 0, 3, 3, 35_000])
    held = made.children(parents)
    assert held.count.tolist() == [(whole.parent == parent).sum() for parent in parents]
    first = held.start[held.count > 0]
    assert whole.parent[first].tolist() == parents[held.count > 0].tolist()
    assert not whole.ordinal[first].any()


HUGE = [(2**40, 2**41), (10**12, 1000), (1000, 2**40), (2**55 + 12345, 2**56)]


@pytest.mark.parametrize("name", [*SPLITS, *HISTOGRAMS])
@pytest.mark.parametrize(("parents", "rows"), HUGE)
def test_huge_tables_are_found_at_their_ends_in_little_memory(
    name: str, parents: int, rows: int
) -> None:
    if name in {"capped", "spread", "steep"} and rows > parents * 7:
        pytest.skip("more rows than the bounds leave")
    if name == "clustered" and rows < parents:
        pytest.skip("fewer rows than parents")
    if name in HISTOGRAMS and (rows > parents * len(HISTOGRAMS[name]) or parents > 2**40):
        pytest.skip("more rows than were ever observed, or blocks of millions of parents")
    made = layout(name, parents, rows)
    for rows_asked in (np.arange(rows - 500, rows), np.arange(500), np.array([rows // 3, 4])):
        place = made.locate(rows_asked)
        assert place.parent.min() >= 0
        assert place.parent.max() < parents
        held = made.children(place.parent)
        assert (held.start + place.ordinal == rows_asked).all()
        assert (place.ordinal < held.count).all()


@pytest.mark.parametrize("size", [2, 3, 1000, 65_537, 10**6 + 3, 10**12, 2**55 + 1, 2**62])
def test_a_permutation_is_undone_by_its_inverse(size: int) -> None:
    ranks = np.unique(np.concatenate([np.arange(min(size, 500)), [size // 2, size - 1]]))
    order = Permutation(0xFEDCBA9876543210, size)
    mapped = order.apply(ranks)
    assert len(np.unique(mapped)) == ranks.size
    assert mapped.min() >= 0
    assert mapped.max() < size
    assert order.invert(mapped).tolist() == ranks.tolist()
    assert order.apply(order.invert(ranks)).tolist() == ranks.tolist()


@pytest.mark.parametrize("size", [1, 2, 6, 30, 1000, 2**31, 2**31 + 1, 2**40, 2**62])
def test_ordinals_are_spread_without_repeats_in_every_group(size: int) -> None:
    each = min(size, 300)
    tail = np.arange(size - each, size)
    group = bits(3, np.repeat(np.arange(20), each))
    spread = spread_within(group, np.tile(tail, 20), size).reshape(20, each)
    assert spread.min() >= 0
    assert spread.max() < size
    assert all(len(np.unique(row)) == each for row in spread)


def test_a_table_of_a_thousand_million_rows_is_sampled_at_its_end() -> None:
    plan = compile_schema(family({"kind": "geometric"}, 10**8, 10**9))
    made = rows_of(plan, "child", 10**9 - 50)
    again = rows_of(plan, "child", 10**9 - 20, columns=["line"])
    assert made.num_rows == 50
    assert made["line"].slice(30).equals(again["line"])
    assert made["parent_id"][-1].as_py() <= 10**8


@pytest.mark.parametrize("kind", ["geometric", "zipf"])
def test_few_rows_under_very_many_parents_cost_no_more_than_the_rows(kind: str) -> None:
    plan = compile_schema(family({"kind": kind}, 10**10, 2000))
    made = rows_of(plan, "child")
    pairs = set(zip(*made.select(["parent_id", "line"]).to_pydict().values(), strict=True))
    assert len(pairs) == 2000

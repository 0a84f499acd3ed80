"""References, lookups, unions and cycles: what a row takes from rows of other tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dataforge.engine import compile_schema
from dataforge.errors import CapacityError
from dataforge.schema import Column, ForeignKey, Rule, Schema, Table, UniqueKey
from sample_schemas import INTEGER, junction, key_column, rows_of

TEXT = {"kind": "string"}


def reference(columns: str, parent: str, **facts: Any) -> ForeignKey:
    parts = tuple(columns.split())
    facts = {"parent_columns": ("id",), "name": columns.replace(" ", "_"), **facts}
    return ForeignKey(columns=parts, parent=parent, **facts)


def table(name: str, *columns: Column, rows: int | None = 50, **facts: Any) -> Table:
    return Table(
        name=name, columns=(key_column(), *columns), primary_key=("id",), rows=rows, **facts
    )


def column(name: str, spec: dict[str, Any] | None = None, **facts: Any) -> Column:
    return Column(name=name, spec=spec, **{"type": INTEGER, **facts})


def lookup(name: str, key: str, source: str, **facts: Any) -> Column:
    return column(name, {"kind": "lookup", "foreign_key": key, "column": source}, **facts)


def made(schema: Schema, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = rows_of(compile_schema(schema), name).to_pylist()
    return rows


def schema_of(*tables: Table, **facts: Any) -> Schema:
    return Schema(tables=tables, **facts)


@pytest.mark.parametrize(
    "law",
    [
        None,
        {"kind": "fixed", "count": 4},
        {"kind": "range", "minimum": 1, "maximum": 9},
        {"kind": "poisson"},
        {"kind": "geometric"},
        {"kind": "zipf", "exponent": 1.0},
        {"kind": "zipf", "exponent": 2.5},
        {"kind": "zipf", "exponent": 0.99999999},
        {"kind": "learned", "weights": [1, 1]},
    ],
)
@pytest.mark.parametrize(("parents", "null_share"), [(1, 0.0), (50, 0.2), (70_000, 0.0)])
def test_references_find_rows_that_exist_and_are_null_as_often_as_asked(
    law: dict[str, Any] | None, parents: int, null_share: float
) -> None:
    key = reference("parent_id", "parent", law=law, null_share=null_share)
    schema = schema_of(
        table("parent", rows=parents),
        table("child", column("parent_id"), rows=2000, foreign_keys=(key,)),
    )
    found = [row["parent_id"] for row in made(schema, "child")]
    nulls = found.count(None)
    assert abs(nulls - 2000 * null_share) <= 3 * (2000 * null_share * (1 - null_share)) ** 0.5
    assert {each for each in found if each is not None} <= set(range(1, parents + 1))


def test_an_even_law_takes_every_parent_equally_often() -> None:
    key = reference("parent_id", "parent", law={"kind": "fixed", "count": 4})
    child = table("child", key_column("parent_id"), rows=200, foreign_keys=(key,))
    found = [row["parent_id"] for row in made(schema_of(table("parent"), child), "child")]
    assert np.bincount(found)[1:].tolist() == [4] * 50


@pytest.mark.parametrize(
    ("law", "low", "high"),
    [
        (None, 0.18, 0.23),
        ({"kind": "poisson"}, 0.10, 0.13),
        ({"kind": "zipf", "exponent": 1.0}, 0.65, 0.75),
    ],
)
def test_the_favoured_tenth_of_the_parents_gets_its_share(
    law: dict[str, Any] | None, low: float, high: float
) -> None:
    key = reference("parent_id", "parent", law=law)
    child = table("child", key_column("parent_id"), rows=100_000, foreign_keys=(key,))
    plan = compile_schema(schema_of(table("parent", rows=1000), child))
    counts = np.sort(np.bincount(rows_of(plan, "child")["parent_id"].to_numpy()))[::-1]
    assert low < counts[:100].sum() / 100_000 < high


def test_values_are_looked_up_through_two_levels_and_through_nulls() -> None:
    nullable = {"null_share": 0.3}
    schema = schema_of(
        table("top", column("v", {"kind": "number", "minimum": 1, "maximum": 10**6})),
        table(
            "middle",
            column("top_id"),
            lookup("v", "top_id", "v"),
            foreign_keys=(reference("top_id", "top", **nullable),),
        ),
        table(
            "low",
            column("middle_id"),
            lookup("v", "middle_id", "v"),
            rows=400,
            foreign_keys=(reference("middle_id", "middle", **nullable),),
        ),
    )
    top = {row["id"]: row["v"] for row in made(schema, "top")}
    middle = {row["id"]: row["top_id"] for row in made(schema, "middle")}
    low = made(schema, "low")
    for row in low:
        above = None if row["middle_id"] is None else middle[row["middle_id"]]
        assert row["v"] == (None if above is None else top[above])
    assert 400 * 0.35 < sum(row["v"] is None for row in low) < 400 * 0.7


def test_lookups_work_in_the_branches_of_a_conditional() -> None:
    branch = {"kind": "lookup", "foreign_key": "parent_id", "column": "v"}
    spec = {
        "kind": "conditional",
        "branches": [{"condition": "flag", "then": branch}],
        "otherwise": {"kind": "ordinal", "start": -5, "step": -1},
    }
    key = reference("parent_id", "parent", owning=True)
    schema = schema_of(
        table("parent", column("v", {"kind": "number", "minimum": 1, "maximum": 9})),
        table(
            "child",
            key_column("parent_id"),
            column("flag", type={"kind": "boolean"}, nullable=False),
            column("v", spec),
            rows=200,
            foreign_keys=(key,),
        ),
    )
    parents = {row["id"]: row["v"] for row in made(schema, "parent")}
    for row in made(schema, "child"):
        assert row["v"] == parents[row["parent_id"]] if row["flag"] else row["v"] <= -5


@pytest.mark.parametrize("owned", [True, False])
def test_a_parent_without_rows_leaves_nulls_or_no_rows(*, owned: bool) -> None:
    empty = table("empty", column("v"), rows=0)
    between = table(
        "between",
        key_column("empty_id"),
        rows=None,
        foreign_keys=(reference("empty_id", "empty", owning=owned),),
    )
    child = table(
        "child",
        column("between_id"),
        lookup("e", "between_id", "empty_id"),
        rows=5,
        foreign_keys=(reference("between_id", "between"),),
    )
    plan = compile_schema(schema_of(empty, between, child))
    assert plan.tables["between"].row_count == 0
    assert any("empty" in note.message for note in plan.notes)
    rows = rows_of(plan, "child")
    assert (rows["between_id"].null_count, rows["e"].null_count) == (5, 5)


def test_rows_under_a_parent_without_rows_are_refused_when_they_are_asked_for() -> None:
    child = table("child", key_column("e"), rows=5, foreign_keys=(reference("e", "empty"),))
    with pytest.raises(CapacityError, match="must point to empty, which has no rows"):
        compile_schema(schema_of(table("empty", rows=0), child))


@pytest.mark.parametrize("nullable", [True, False])
def test_a_tree_has_roots_and_its_depth(*, nullable: bool) -> None:
    key = reference("boss", "t", root_share=0.1, max_depth=4)
    boss = column("boss", nullable=nullable)
    rows = made(schema_of(table("t", boss, rows=3000, foreign_keys=(key,))), "t")
    boss_of = {row["id"]: row["boss"] for row in rows}
    roots = [name for name, above in boss_of.items() if above in {None, name}]
    assert all((boss_of[name] is None) is nullable for name in roots)
    assert abs(len(roots) - 300) < 3 * (3000 * 0.1 * 0.9) ** 0.5 + 4
    depths = set()
    for name in boss_of:
        depth, at = 1, name
        while boss_of[at] not in {None, at}:
            depth, at = depth + 1, boss_of[at]
        depths.add(depth)
    assert depths == {1, 2, 3, 4}


@pytest.mark.parametrize("rows", [0, 1, 2, 200])
def test_a_unique_self_reference_makes_a_chain(rows: int) -> None:
    node = table(
        "t",
        column("previous"),
        rows=rows,
        unique_keys=(UniqueKey(columns=("previous",)),),
        foreign_keys=(reference("previous", "t"),),
    )
    previous = [row["previous"] for row in made(schema_of(node), "t")]
    assert previous.count(None) == min(rows, 1)
    assert len(set(previous)) == rows
    assert set(previous) - {None} <= set(range(1, rows + 1))


@pytest.mark.parametrize("unique", [True, False])
def test_two_tables_that_refer_to_each_other(*, unique: bool) -> None:
    def side(name: str, other: str, rows: int) -> Table:
        key = reference(f"{other}_id", other)
        keys = (UniqueKey(columns=key.columns),) if unique else ()
        return table(name, column(f"{other}_id"), rows=rows, foreign_keys=(key,), unique_keys=keys)

    schema = schema_of(side("a", "b", 30), side("b", "a", 30))
    for name, other in (("a", "b"), ("b", "a")):
        found = [row[f"{other}_id"] for row in made(schema, name)]
        present = [each for each in found if each is not None]
        assert present
        assert set(present) <= set(range(1, 31))
        assert not unique or len(set(present)) == len(present)


def test_circular_unique_keys_shrink_together() -> None:
    a = table(
        "a",
        column("b_id"),
        column("kind", type={"kind": "enum", "values": ["x", "y", "z"]}, nullable=False),
        rows=None,
        unique_keys=(UniqueKey(columns=("b_id",)), UniqueKey(columns=("kind",))),
        foreign_keys=(reference("b_id", "b"),),
    )
    b = table(
        "b",
        column("a_id"),
        rows=None,
        unique_keys=(UniqueKey(columns=("a_id",)),),
        foreign_keys=(reference("a_id", "a"),),
    )
    for tables in ((a, b), (b, a)):
        schema = schema_of(*tables)
        ids = {row["id"] for row in made(schema, "a")}
        assert len(ids) == 3
        assert {row["a_id"] for row in made(schema, "b")} - {None} <= ids


def targets(*names: str) -> list[dict[str, Any]]:
    return [{"table": name, "label": name.upper(), "weight": 1 + len(name)} for name in names]


def union(*names: str, nullable: bool = True) -> tuple[Column, Column]:
    key = {"kind": "union_key", "label_column": "kind", "targets": targets(*names)}
    label = {"kind": "union_label", "key_column": "ref"}
    return (
        column("ref", key, nullable=nullable),
        column("kind", label, type=TEXT, nullable=nullable),
    )


def test_a_union_points_to_the_table_that_its_label_names() -> None:
    sequence = {"kind": "sequence", "start": 1000}
    far = Table(
        name="far", rows=9, columns=(column("id", sequence, nullable=False),), primary_key=("id",)
    )
    schema = schema_of(
        table("near", rows=7), far, table("t", column("x"), *union("near", "far"), rows=600)
    )
    rows = made(schema, "t")
    assert all((row["ref"] >= 1000) is (row["kind"] == "FAR") for row in rows)
    near = sum(row["kind"] == "NEAR" for row in rows)
    assert abs(near - 600 * 5 / 9) < 3 * (600 * 5 / 9 * 4 / 9) ** 0.5


def test_a_rule_about_the_label_keeps_both_halves_of_a_union_together() -> None:
    sequence = {"kind": "sequence", "start": 1000}
    far = Table(
        name="far", rows=9, columns=(column("id", sequence, nullable=False),), primary_key=("id",)
    )
    plain = table("t", column("x"), *union("near", "far"), rows=600)
    ruled = plain.model_copy(update={"rules": (Rule(expression="x > 500 OR kind = 'FAR'"),)})
    rows = made(schema_of(table("near", rows=7), far, ruled), "t")
    assert all((row["ref"] >= 1000) is (row["kind"] == "FAR") for row in rows)
    assert all(row["x"] > 500 or row["kind"] == "FAR" for row in rows)


def test_a_union_passes_over_targets_without_rows() -> None:
    none, some = table("none", rows=0), table("some", rows=5)
    chosen = table("t", *union("none", "some", nullable=False), rows=50)
    for tables in ((none, some, chosen), (chosen, none, some)):
        rows = made(schema_of(*tables), "t")
        assert {row["kind"] for row in rows} == {"SOME"}
        assert {row["ref"] for row in rows} <= set(range(1, 6))
    with pytest.raises(CapacityError, match="ref must point to none"):
        compile_schema(schema_of(none, table("t", *union("none", nullable=False), rows=5)))


def test_a_composite_reference_takes_its_columns_from_one_row() -> None:
    parent = Table(
        name="parent",
        rows=60,
        columns=(column("a", nullable=False), column("b", nullable=False)),
        primary_key=("a", "b"),
    )
    key = reference("a b", "parent", parent_columns=("a", "b"), null_share=0.2)
    child = table("child", column("a"), column("b"), rows=500, foreign_keys=(key,))
    schema = schema_of(parent, child)
    pairs = {(row["a"], row["b"]) for row in made(schema, "parent")}
    assert len(pairs) == 60
    found = [(row["a"], row["b"]) for row in made(schema, "child")]
    assert set(found) <= pairs | {(None, None)}
    assert 60 < found.count((None, None)) < 140


def test_ordered_pairs_of_rows_are_distinct_and_in_order() -> None:
    schema = junction(None)
    same = [key.model_copy(update={"parent": "left"}) for key in schema.table("pairs").foreign_keys]
    pairs = schema.table("pairs").model_copy(
        update={
            "rows": 780,
            "foreign_keys": tuple(same),
            "rules": (Rule(expression="left_id < right_id"),),
        }
    )
    rows = made(schema_of(schema.tables[0], pairs), "pairs")
    assert all(row["left_id"] < row["right_id"] for row in rows)
    assert len({(row["left_id"], row["right_id"]) for row in rows}) == 780


def test_a_junction_under_an_owner_repeats_no_pair() -> None:
    schema = junction(500)
    owned = tuple(
        key.model_copy(update={"owning": key.parent == "left"})
        for key in schema.table("pairs").foreign_keys
    )
    pairs = schema.table("pairs").model_copy(update={"foreign_keys": owned})
    rows = made(schema_of(*schema.tables[:2], pairs), "pairs")
    assert len({(row["left_id"], row["right_id"]) for row in rows}) == 500
    assert [row["left_id"] for row in rows] == sorted(row["left_id"] for row in rows)


def test_retuning_a_column_leaves_every_other_cell_of_every_table_alone() -> None:
    def schema(maximum: int) -> Schema:
        tuned = column("v", {"kind": "number", "minimum": 0, "maximum": maximum})
        total = {"kind": "aggregate", "table": "child", "function": "sum", "column": "v"}
        return schema_of(
            table("parent", column("total", total), column("w"), rows=40),
            table(
                "child",
                column("parent_id", nullable=False),
                tuned,
                column("w"),
                rows=300,
                foreign_keys=(reference("parent_id", "parent", owning=True),),
                rules=(Rule(expression="w > 10 OR w IS NULL"),),
            ),
            table("other", column("child_id"), foreign_keys=(reference("child_id", "child"),)),
        )

    plans = [compile_schema(schema(maximum)) for maximum in (5, 500)]
    for name in plans[0].tables:
        kept = [each for each in plans[0].tables[name].columns if each not in {"v", "total"}]
        first, second = (rows_of(plan, name, columns=kept) for plan in plans)
        assert first.equals(second)
    assert not rows_of(plans[0], "child").equals(rows_of(plans[1], "child"))

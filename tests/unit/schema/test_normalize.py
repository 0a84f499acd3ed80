from __future__ import annotations

from typing import Any

import pytest

from dataforge.schema import Schema, UnionLabelSpec, normalize, to_json

INT = {"kind": "integer"}


def schema(*tables: Any) -> Schema:
    return Schema.model_validate({"tables": tables})


def tab(name: str, columns: str, **facts: Any) -> dict[str, Any]:
    """Columns are names; a trailing ``!`` means not null."""
    built = [
        {"name": text.rstrip("!"), "type": INT, "nullable": not text.endswith("!")}
        for text in columns.split()
    ]
    return {"name": name, "columns": built, **facts}


def ref(columns: str, parent: str, others: str = "id", **facts: Any) -> dict[str, Any]:
    return {"columns": columns.split(), "parent": parent, "parent_columns": others.split(), **facts}


def test_names_take_the_exact_spelling() -> None:
    child = tab(
        "Child",
        "Id A_Id",
        primary_key=["ID"],
        foreign_keys=[ref("a_id", "parent", "ID")],
        rules=[{"expression": "ID > 0 AND a_id IS NOT NULL"}],
    )
    child["columns"][1]["spec"] = {"kind": "template", "template": "{ID}/{{x}}"}
    table = normalize(schema(tab("Parent", "id", primary_key=["id"]), child)).table("Child")
    assert table.primary_key == ("Id",)
    (key,) = table.foreign_keys
    assert (key.columns, key.parent, key.parent_columns) == (("A_Id",), "Parent", ("id",))
    assert table.rules[0].expression == "Id > 0 AND A_Id IS NOT NULL"
    assert table.columns[1].spec is not None
    assert '"{Id}/{{x}}"' in to_json(normalize(schema(child)))


def test_spelling_that_could_mean_two_columns_stays() -> None:
    table = tab("t", "x X", unique_keys=[{"columns": ["x"]}], rules=[{"expression": "X > 0"}])
    assert normalize(schema(table)) == schema(table)


def test_rules_that_name_columns_exactly_keep_their_text() -> None:
    table = tab("t", "x", rules=[{"expression": "x>0"}])
    assert normalize(schema(table)).tables[0].rules[0].expression == "x>0"


def test_primary_key_columns_are_required() -> None:
    table = normalize(schema(tab("t", "id x", primary_key=["id"]))).table("t")
    assert [column.nullable for column in table.columns] == [False, True]


def test_repeated_keys_are_dropped() -> None:
    keys = [{"columns": ["b", "a"]}, {"columns": ["c"]}, {"columns": ["c"], "name": "again"}]
    references = [ref("c", "p"), ref("c", "p", name="again")]
    table = tab("t", "a b c", primary_key=["a", "b"], unique_keys=keys, foreign_keys=references)
    settled = normalize(schema(tab("p", "id", primary_key=["id"]), table)).table("t")
    assert [key.columns for key in settled.unique_keys] == [("c",)]
    assert [key.columns for key in settled.foreign_keys] == [("c",)]


def test_foreign_keys_get_stable_names_and_lookups_follow() -> None:
    table = tab("t", "a b", foreign_keys=[ref("a", "p"), ref("b", "p", name="fk_t_a")])
    table["columns"].append(
        {"name": "c", "type": INT, "spec": {"kind": "lookup", "foreign_key": "a", "column": "id"}}
    )
    settled = normalize(schema(tab("p", "id", primary_key=["id"]), table)).table("t")
    assert [key.name for key in settled.foreign_keys] == ["fk_t_a_2", "fk_t_a"]
    assert getattr(settled.columns[2].spec, "foreign_key", None) == "fk_t_a_2"


def test_labels_of_polymorphic_references_know_their_keys() -> None:
    table = tab("t", "kind target")
    table["columns"][1]["spec"] = {
        "kind": "union_key",
        "label_column": "kind",
        "targets": [{"table": "p", "label": "P"}],
    }
    settled = normalize(schema(tab("p", "id", primary_key=["id"]), table)).table("t")
    assert settled.columns[0].spec == UnionLabelSpec(key_column="target")


P, Q = (tab(name, "id", primary_key=["id"]) for name in "pq")


@pytest.mark.parametrize(
    ("table", "owner"),
    [
        (tab("t", "p_id n", primary_key=["p_id", "n"], foreign_keys=[ref("p_id", "p")]), "p"),
        (
            tab(
                "t",
                "p_id q_id",
                primary_key=["p_id", "q_id"],
                foreign_keys=[ref("p_id", "p"), ref("q_id", "q")],
            ),
            "p",
        ),
        (tab("t", "id p_id!", primary_key=["id"], foreign_keys=[ref("p_id", "p")]), None),
        (tab("t", "id", primary_key=["id"], foreign_keys=[ref("id", "p")]), None),
        (tab("t", "id n", primary_key=["id", "n"], foreign_keys=[ref("id", "t", "n")]), None),
        (
            tab(
                "t",
                "p_id n q_id",
                primary_key=["p_id", "n"],
                foreign_keys=[ref("q_id", "q", owning=True), ref("p_id", "p")],
            ),
            "q",
        ),
    ],
    ids=["identifying", "junction", "reference", "key is a reference", "self", "stated"],
)
def test_owners_are_settled(table: dict[str, Any], owner: str | None) -> None:
    found = normalize(schema(P, Q, table)).table("t").owner
    assert (found.parent if found else None) == owner


def test_the_wider_of_two_nested_references_owns() -> None:
    district = tab("d", "w n", primary_key=["w", "n"], foreign_keys=[ref("w", "p")])
    order = tab(
        "o",
        "w d n",
        primary_key=["w", "d", "n"],
        foreign_keys=[ref("w", "p"), ref("w d", "d", "w n")],
    )
    owner = normalize(schema(P, district, order)).table("o").owner
    assert owner is not None
    assert owner.parent == "d"


def test_sums_need_an_owner() -> None:
    parent = tab("p", "id s", primary_key=["id"])
    parent["columns"][1]["spec"] = {"kind": "aggregate", "table": "t", "column": "x"}
    table = tab(
        "t",
        "id x p_id! q_id!",
        primary_key=["id"],
        foreign_keys=[ref("q_id", "q"), ref("p_id", "p")],
    )
    owner = normalize(schema(parent, Q, table)).table("t").owner
    assert owner is not None
    assert owner.parent == "p"


def test_counting_within_a_parent_needs_an_owner() -> None:
    table = tab("t", "id n p_id", primary_key=["id"], foreign_keys=[ref("p_id", "p")])
    table["columns"][1]["spec"] = {"kind": "ordinal"}
    assert normalize(schema(P, table)).table("t").owner is not None


def test_owners_never_form_a_circle() -> None:
    left = tab("s", "t_id n", primary_key=["t_id", "n"], foreign_keys=[ref("t_id", "t", "s_id")])
    right = tab("t", "s_id n", primary_key=["s_id", "n"], foreign_keys=[ref("s_id", "s", "t_id")])
    settled = normalize(schema(left, right))
    assert [table.owner is not None for table in settled.tables] == [True, False]

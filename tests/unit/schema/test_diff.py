from __future__ import annotations

from dataforge.schema import Schema, diff

OLD = Schema.model_validate(
    {
        "tables": [
            {
                "name": "t",
                "columns": [
                    {"name": "a", "type": {"kind": "integer"}, "spec": {"kind": "sequence"}},
                    {"name": "b", "type": {"kind": "string", "max_length": 5}},
                ],
                "rules": [{"expression": "a > 0"}],
            },
            {"name": "gone", "columns": [{"name": "x", "type": {"kind": "date"}}]},
        ]
    }
)
NEW = Schema.model_validate(
    {
        "seed": 7,
        "tables": [
            {
                "name": "t",
                "rows": 10,
                "columns": [
                    {"name": "a", "type": {"kind": "integer"}},
                    {"name": "b", "type": {"kind": "string", "max_length": 9}, "nullable": False},
                    {"name": "c", "type": {"kind": "boolean"}},
                ],
                "primary_key": ["a"],
            }
        ],
    }
)


def test_a_schema_does_not_differ_from_itself() -> None:
    assert diff(OLD, OLD) == ()


def test_changes_are_told_as_text() -> None:
    assert [str(change) for change in diff(OLD, NEW)] == [
        "~ seed: 0 → 7",
        "+ tables.t.rows: 10",
        "~ tables.t.primary_key: [] → [a]",
        "- tables.t.columns.a.spec: kind=sequence",
        "~ tables.t.columns.b.type: string(5) → string(9)",
        "~ tables.t.columns.b.nullable: True → False",
        "+ tables.t.columns.c: name=c, type=kind=boolean",
        "- tables.t.rules.a > 0: expression=a > 0",
        "- tables.gone: columns=[x]",
    ]


def test_another_order_of_columns_is_a_change() -> None:
    table = OLD.table("t")
    turned = table.model_copy(update={"columns": table.columns[::-1]})
    (change,) = diff(OLD, OLD.model_copy(update={"tables": (turned, OLD.table("gone"))}))
    assert (change.path, change.before, change.after) == (
        "tables.t.columns", ["a", "b"], ["b", "a"],
    )  # fmt: skip

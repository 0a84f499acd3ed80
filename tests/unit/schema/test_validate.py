from __future__ import annotations

from typing import Any

import pytest

from dataforge.errors import Problem
from dataforge.schema import Schema, validate

INT = {"kind": "integer"}
TEXT = {"kind": "string", "max_length": 5}
MONEY = {"kind": "decimal", "precision": 4, "scale": 2}


def col(name: str, kind: Any = None, *, required: bool = False, **facts: Any) -> dict[str, Any]:
    return {"name": name, "type": kind or INT, "nullable": not required, **facts}


def tab(name: str, *columns: Any, **facts: Any) -> dict[str, Any]:
    return {"name": name, "columns": columns, **facts}


def ref(columns: str, parent: str, others: str = "id", **facts: Any) -> dict[str, Any]:
    return {
        "columns": columns.split(),
        "parent": parent,
        "parent_columns": others.split(),
        **facts,
    }


def found(*tables: Any, **facts: Any) -> list[Problem]:
    return validate(Schema.model_validate({"tables": tables, **facts}))


A = tab("a", col("id"), primary_key=["id"])


def child(*columns: Any, **facts: Any) -> dict[str, Any]:
    """A table owned by ``a``."""
    key = ref("a_id", "a", owning=True, name="fk")
    id_, a_id = col("id"), col("a_id", required=True)
    return tab("b", id_, a_id, *columns, primary_key=["id"], foreign_keys=[key], **facts)


def with_spec(type_: Any, **spec: Any) -> dict[str, Any]:
    return tab("t", col("x", type_, spec=spec))


def with_rule(expression: str) -> dict[str, Any]:
    return tab("t", col("x"), rules=[{"expression": expression}])


CASES: list[tuple[str, list[dict[str, Any]], str, str]] = [
    ("tables twice", [A, A], "tables.a", "two tables are named 'a'"),
    ("columns twice", [tab("t", col("x"), col("x"))], "tables.t.columns.x", "two columns"),
    ("case clash", [tab("t", col("x"), col("X"))], "tables.t.columns.x", "differ only by case"),
    (
        "keys twice",
        [
            A,
            tab(
                "b",
                col("x"),
                col("y"),
                foreign_keys=[ref("x", "a", name="k"), ref("y", "a", name="k")],
            ),
        ],
        "tables.b.foreign_keys.k",
        "two foreign keys",
    ),
    ("primary key", [tab("t", col("x"), primary_key=["y"])], "tables.t.primary_key", "no column"),
    (
        "unique key",
        [tab("t", col("x"), unique_keys=[{"columns": ["x", "x"]}])],
        "tables.t.unique_keys.0",
        "twice",
    ),
    ("rows", [tab("t", col("x"), rows=2**41)], "tables.t.rows", "are possible"),
    (
        "null share",
        [tab("t", col("x", required=True, null_share=0.5))],
        "tables.t.columns.x.null_share",
        "not nullable",
    ),
    (
        "key null share",
        [
            A,
            tab(
                "b", col("x", required=True), foreign_keys=[ref("x", "a", null_share=0.5, name="k")]
            ),
        ],
        "tables.b.foreign_keys.k.null_share",
        "no column of the key is nullable",
    ),
    (
        "missing parent",
        [A, tab("b", col("x"), foreign_keys=[ref("x", "aa", name="k")])],
        "tables.b.foreign_keys.k.parent",
        "there is no table 'aa' (did you mean 'a'?",
    ),
    (
        "missing key column",
        [A, tab("b", col("x"), foreign_keys=[ref("y", "a", name="k")])],
        "tables.b.foreign_keys.k.columns",
        "no column 'y'",
    ),
    (
        "missing parent column",
        [A, tab("b", col("x"), foreign_keys=[ref("x", "a", "z", name="k")])],
        "tables.b.foreign_keys.k.parent_columns",
        "no column 'z'",
    ),
    (
        "key lengths",
        [A, tab("b", col("x"), col("y"), foreign_keys=[ref("x y", "a", name="k")])],
        "tables.b.foreign_keys.k",
        "2 columns refer to 1",
    ),
    (
        "not a key",
        [tab("a", col("id")), tab("b", col("x"), foreign_keys=[ref("x", "a", name="k")])],
        "tables.b.foreign_keys.k.parent_columns",
        "neither primary nor unique key",
    ),
    (
        "types",
        [A, tab("b", col("x", {"kind": "date"}), foreign_keys=[ref("x", "a", name="k")])],
        "tables.b.foreign_keys.k.columns",
        "x is date but a.id is integer",
    ),
    (
        "two owners",
        [
            A,
            tab(
                "b",
                col("x"),
                col("y"),
                foreign_keys=[ref("x", "a", owning=True), ref("y", "a", owning=True)],
            ),
        ],
        "tables.b.foreign_keys",
        "more than one owning key",
    ),
    (
        "own owner",
        [
            tab(
                "t",
                col("id"),
                col("p"),
                primary_key=["id"],
                foreign_keys=[ref("p", "t", owning=True)],
            )
        ],
        "tables.t.foreign_keys",
        "cannot own itself",
    ),
    (
        "owners in a circle",
        [
            tab(
                "s",
                col("id"),
                col("t"),
                primary_key=["id"],
                foreign_keys=[ref("t", "t", owning=True)],
            ),
            tab(
                "t",
                col("id"),
                col("s"),
                primary_key=["id"],
                foreign_keys=[ref("s", "s", owning=True)],
            ),
        ],
        "tables.s.foreign_keys",
        "own each other in a circle: s → t → s",
    ),
    (
        "load circle",
        [
            tab(
                "s",
                col("id"),
                col("t", required=True),
                primary_key=["id"],
                foreign_keys=[ref("t", "t", name="k")],
            ),
            tab(
                "t",
                col("id"),
                col("s", required=True),
                primary_key=["id"],
                foreign_keys=[ref("s", "s")],
            ),
        ],
        "tables.s.foreign_keys.k",
        "s → t → s; rows load only if",
    ),
    (
        "value circle",
        [
            tab("s", col("id"), primary_key=["id"], foreign_keys=[ref("id", "t")]),
            tab("t", col("id"), primary_key=["id"], foreign_keys=[ref("id", "s")]),
        ],
        "tables.s.columns.id",
        "a cycle with no nullable edge: s.id → t.id → s.id",
    ),
    (
        "fit",
        [with_spec({"kind": "text"}, kind="sequence")],
        "tables.t.columns.x.spec.kind",
        "does not",
    ),
    (
        "fit of a branch",
        [
            with_spec(
                INT,
                kind="conditional",
                branches=[{"condition": "TRUE", "then": {"kind": "text"}}],
                otherwise={"kind": "sequence"},
            )
        ],
        "tables.t.columns.x.spec.kind",
        "'text' does not make values of type integer",
    ),
    (
        "range",
        [with_spec(INT, kind="number", minimum=2, maximum=1)],
        "tables.t.columns.x.spec",
        "minimum 2 is above maximum 1",
    ),
    (
        "beyond the type",
        [with_spec(MONEY, kind="number", maximum=100)],
        "tables.t.columns.x.spec.maximum",
        "outside what the type holds (-99.99 to 99.99)",
    ),
    (
        "long values",
        [with_spec(TEXT, kind="categorical", values=["short", "too long"])],
        "tables.t.columns.x.spec.values",
        "'too long' has 8 characters, 5 are possible",
    ),
    (
        "values of another type",
        [with_spec(INT, kind="constant", value="one")],
        "tables.t.columns.x.spec.value",
        "'one' is no number",
    ),
    (
        "values beyond an enum",
        [with_spec({"kind": "enum", "values": ["a"]}, kind="categorical", values=["b"])],
        "tables.t.columns.x.spec.values",
        "'b' is not one of a",
    ),
    (
        "null value",
        [tab("t", col("x", required=True, spec={"kind": "categorical", "values": [1, None]}))],
        "tables.t.columns.x.spec.values",
        "null in a column",
    ),
    (
        "dates",
        [with_spec({"kind": "date"}, kind="datetime", start="2026-02-01", end="2026-01-01")],
        "tables.t.columns.x.spec",
        "is above end",
    ),
    (
        "offset",
        [with_spec(INT, kind="offset", column="y")],
        "tables.t.columns.x.spec.column",
        "no column",
    ),
    (
        "offset after",
        [with_spec(INT, kind="offset", column="x", after=["y"])],
        "tables.t.columns.x.spec.after",
        "no column",
    ),
    (
        "share of nothing",
        [with_spec(INT, kind="share", column="y")],
        "tables.t.columns.x.spec.column",
        "no column",
    ),
    (
        "share of text",
        [tab("t", col("y", {"kind": "text"}), col("x", spec={"kind": "share", "column": "y"}))],
        "tables.t.columns.x.spec.column",
        "which has no shares",
    ),
    (
        "share upside down",
        [with_spec(INT, kind="share", column="x", minimum=0.9, maximum=0.1)],
        "tables.t.columns.x.spec",
        "is above maximum",
    ),
    (
        "lookup key",
        [A, child(col("x", spec={"kind": "lookup", "foreign_key": "k", "column": "id"}))],
        "tables.b.columns.x.spec.foreign_key",
        "has no foreign key 'k'",
    ),
    (
        "lookup column",
        [A, child(col("x", spec={"kind": "lookup", "foreign_key": "fk", "column": "idd"}))],
        "tables.b.columns.x.spec.column",
        "has no column 'idd' (did you mean 'id'?",
    ),
    (
        "aggregate table",
        [with_spec(INT, kind="aggregate", table="z", function="count")],
        "tables.t.columns.x.spec.table",
        "there is no table 'z'",
    ),
    (
        "aggregate of rows that are not owned",
        [A, with_spec(INT, kind="aggregate", table="a", function="count")],
        "tables.t.columns.x.spec.table",
        "'t' does not own 'a'",
    ),
    (
        "aggregate of nothing",
        [
            tab(
                "a",
                col("id"),
                col("x", spec={"kind": "aggregate", "table": "b"}),
                primary_key=["id"],
            ),
            child(),
        ],
        "tables.a.columns.x.spec",
        "sum of what?",
    ),
    (
        "aggregate column",
        [
            tab(
                "a",
                col("id"),
                col("x", spec={"kind": "aggregate", "table": "b", "column": "q"}),
                primary_key=["id"],
            ),
            child(),
        ],
        "tables.a.columns.x.spec.column",
        "no column 'q'",
    ),
    ("ordinal", [with_spec(INT, kind="ordinal")], "tables.t.columns.x.spec", "has none"),
    (
        "running total",
        [A, child(col("x", spec={"kind": "running_total", "column": "q"}))],
        "tables.b.columns.x.spec.column",
        "no column 'q'",
    ),
    (
        "union target",
        [
            tab(
                "t",
                col(
                    "x",
                    spec={
                        "kind": "union_key",
                        "label_column": "l",
                        "targets": [{"table": "q", "label": "Q"}],
                    },
                ),
                col("l", TEXT),
            )
        ],
        "tables.t.columns.x.spec.targets",
        "there is no table 'q'",
    ),
    (
        "union label",
        [with_spec(TEXT, kind="union_label", key_column="x")],
        "tables.t.columns.x.spec.key_column",
        "no polymorphic reference",
    ),
    (
        "expression",
        [with_spec(INT, kind="expression", expression="y + ")],
        "tables.t.columns.x.spec",
        "cannot be read at line 1",
    ),
    (
        "expression column",
        [with_spec(INT, kind="expression", expression="yy + 1")],
        "tables.t.columns.x.spec",
        "no column 'yy'",
    ),
    (
        "template column",
        [with_spec(TEXT, kind="template", template="{y}-1")],
        "tables.t.columns.x.spec.template",
        "no column 'y'",
    ),
    (
        "template form",
        [tab("t", col("y"), col("x", TEXT, spec={"kind": "template", "template": "{y:slog}"}))],
        "tables.t.columns.x.spec.template",
        "unknown form 'slog' (did you mean 'slug'?",
    ),
    (
        "circle of columns",
        [
            tab(
                "t",
                col("x", spec={"kind": "expression", "expression": "y + 1"}),
                col("y", spec={"kind": "expression", "expression": "x - 1"}),
            )
        ],
        "tables.t.columns.x.spec",
        "in a circle: t.x → t.y → t.x",
    ),
    (
        "circle through a parent",
        [
            tab(
                "a",
                col("id"),
                col("s", spec={"kind": "aggregate", "table": "b", "column": "x"}),
                primary_key=["id"],
            ),
            child(col("x", spec={"kind": "lookup", "foreign_key": "fk", "column": "s"})),
        ],
        "tables.a.columns.s.spec",
        "in a circle: a.s → b.x → a.s",
    ),
    ("rule", [with_rule("x > ")], "tables.t.rules.0", "cannot be read"),
    ("rule column", [with_rule("xx > 1")], "tables.t.rules.0", "did you mean 'x'?"),
    ("rule beyond the language", [with_rule("x IN (SELECT 1)")], "tables.t.rules.0", "IN over"),
]


@pytest.mark.parametrize(
    ("tables", "path", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_each_kind_of_problem_is_found(
    tables: list[dict[str, Any]], path: str, message: str
) -> None:
    problems = [problem for problem in found(*tables) if problem.path == path]
    assert any(message in problem.message for problem in problems), found(*tables)
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        ("de_DF", "did you mean 'de_DE'?"),
        ("english", "unknown locale 'english'"),
        ("de_DE:3,fr_FF:1", "did you mean 'fr_FR'?"),
        ("de_DE:0", "weight of de_DE is '0'"),
        ("de_DE:many,fr_FR", "weight of de_DE is 'many'"),
        ("de_DE:1,de_DE:2", "de_DE stands twice"),
        ("", "unknown locale ''"),
    ],
)
def test_a_locale_is_known_and_a_weight_positive(locale: str, message: str) -> None:
    (problem,) = found(A, locale=locale)
    assert problem.path == "locale"
    assert message in problem.message


def test_a_spec_has_a_known_locale() -> None:
    spec = {"kind": "record", "record": "person", "field": "email", "locale": "fr_FT"}
    (problem,) = found(tab("t", col("email", TEXT, spec=spec)))
    assert problem.path == "tables.t.columns.email.spec.locale"
    assert "did you mean 'fr_FR'?" in problem.message


def test_a_sound_schema_has_no_problem() -> None:
    orders = tab(
        "orders",
        col("id", required=True, spec={"kind": "sequence"}),
        col("total", MONEY, spec={"kind": "aggregate", "table": "lines", "column": "amount"}),
        col("label", TEXT, spec={"kind": "template", "template": "{{{id}}}"}),
        col("parent", null_share=0.5),
        primary_key=["id"],
        foreign_keys=[ref("parent", "orders", name="up")],
        rules=[{"expression": "total >= 0"}, {"expression": "f(", "enforced": False}],
    )
    lines = tab(
        "lines",
        col("order_id", required=True),
        col("line", required=True, spec={"kind": "ordinal"}),
        col("amount", MONEY, spec={"kind": "number", "minimum": 0, "maximum": 9}),
        col("level", spec={"kind": "lookup", "foreign_key": "k", "column": "id"}),
        primary_key=["order_id", "line"],
        foreign_keys=[ref("order_id", "orders", name="k")],
    )
    assert found(orders, lines) == []


def test_a_nullable_edge_breaks_a_circle() -> None:
    left = tab("s", col("id"), col("t"), primary_key=["id"], foreign_keys=[ref("t", "t")])
    right = tab(
        "t", col("id"), col("s", required=True), primary_key=["id"], foreign_keys=[ref("s", "s")]
    )
    assert found(left, right) == []


def test_what_normalizing_settles_is_no_problem() -> None:
    table = tab(
        "T",
        col("Id"),
        col("x", spec={"kind": "expression", "expression": "ID + 1"}),
        primary_key=["ID"],
    )
    assert found(table) == []


def test_values_of_meanings_are_left_to_the_engine() -> None:
    long = {"kind": "categorical", "values": ["much too long"]}
    assert found(tab("t", col("x", TEXT, spec=long, semantic="status"))) == []

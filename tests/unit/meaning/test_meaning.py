"""Meaning from names: the golden table as text, and the promises around it.

A line of ``tests/golden/meaning/*.txt`` reads ``table.column type -> spec``, where ``-`` stands
for no spec. Lines of one table make one table, so that columns may refer to each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataforge.corpora import vocabulary_names
from dataforge.engine.generators.records import RECORDS
from dataforge.parsers.meaning import assign_meaning
from dataforge.parsers.meaning.concepts import concepts
from dataforge.parsers.meaning.forms import FORMS
from dataforge.parsers.meaning.wording import wording
from dataforge.parsers.meaning.words import section
from dataforge.schema import (
    BinaryType,
    BooleanType,
    Column,
    ColumnType,
    ConstantSpec,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    ForeignKey,
    IntegerType,
    JsonType,
    OffsetSpec,
    Schema,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UniqueKey,
    UuidType,
)

GOLDEN = Path(__file__).parents[2] / "golden/meaning"
LINE = re.compile(r"^(\w+)\.(\w+) (\w+)(?:\((\d+)(?:,(\d+))?\))? -> (.+)$")
PLAIN: dict[str, ColumnType] = {
    "binary": BinaryType(),
    "boolean": BooleanType(),
    "date": DateType(),
    "float": FloatType(),
    "json": JsonType(),
    "text": TextType(),
    "time": TimeType(),
    "timestamp": TimestampType(),
    "uuid": UuidType(),
}


def column_type(name: str, size: str | None, scale: str | None) -> ColumnType:
    """Read ``varchar(20)``, ``int16``, ``decimal(8,2)`` and the like."""
    if name in PLAIN:
        return PLAIN[name]
    if name.startswith("int"):
        return IntegerType.model_validate({"bits": int(name[3:])})
    if name == "decimal":
        return DecimalType(precision=int(size or 18), scale=int(scale or 0))
    return StringType(max_length=int(size) if size else None, fixed=name == "char")


def read(path: Path) -> tuple[Schema, dict[tuple[str, str], str]]:
    """Return the schema that a golden file describes, and the wording of each column."""
    tables: dict[str, list[Column]] = {}
    expected: dict[tuple[str, str], str] = {}
    for line in path.read_text().splitlines():
        found = LINE.match(line)
        assert found, f"{path.name}: not a line: {line}"
        table, column, name, size, scale, spec = found.groups()
        tables.setdefault(table, []).append(
            Column(name=column, type=column_type(name, size, scale))
        )
        expected[table, column] = spec
    made = tuple(Table(name=name, columns=tuple(columns)) for name, columns in tables.items())
    return Schema(tables=made), expected


def golden_lines() -> Iterator[object]:
    """Yield every expectation with what came out."""
    for path in sorted(GOLDEN.glob("*.txt")):
        schema, expected = read(path)
        meant = assign_meaning(schema)
        for (table, column), spec in expected.items():
            made = wording(meant.table(table).column(column).spec)
            yield pytest.param(made, spec, id=f"{path.stem}:{table}.{column}")


@pytest.mark.parametrize(("made", "expected"), list(golden_lines()))
def test_names_mean_what_the_table_says(made: str, expected: str) -> None:
    assert made == expected


def one(name: str, logical: ColumnType, **more: object) -> Column:
    column = Column.model_validate({"name": name, "type": logical, **more})
    schema = Schema(tables=(Table(name="things", columns=(column,)),))
    return assign_meaning(schema).tables[0].columns[0]


def test_table_is_sound() -> None:
    kinds, known, seen = set(section("classes")), set(vocabulary_names()), set[str]()
    for concept in concepts():
        assert all(after.concept in seen for after in concept.after), concept.name
        for rule in concept.rules:
            word, _, rest = rule.form.partition(" ")
            assert word in FORMS
            assert rule.classes <= kinds, concept.name
            if word == "record":
                record, field = rest.split(".")
                assert field in RECORDS[record]
            assert word != "vocab" or rest in known
        assert all(pattern.classes <= kinds for pattern in concept.patterns), concept.name
        seen.add(concept.name)
    assert len(seen) == len(concepts()) >= 140


def test_a_spec_that_is_there_stays() -> None:
    given = one("email", StringType(), spec=ConstantSpec(value="x"))
    assert given.spec == ConstantSpec(value="x")


@pytest.mark.parametrize("more", [{"identity": True}, {"generated": True}])
def test_columns_the_database_makes_stay(more: dict[str, object]) -> None:
    assert one("price", DecimalType(), **more).spec is None


def test_enum_columns_stay() -> None:
    assert one("status", EnumType(values=("on", "off"))).spec is None


def test_foreign_key_columns_stay() -> None:
    parent = Table(name="people", columns=(Column(name="email", type=StringType()),))
    key = ForeignKey(columns=("email",), parent="people", parent_columns=("email",))
    child = Table(name="letters", columns=parent.columns, foreign_keys=(key,))
    meant = assign_meaning(Schema(tables=(parent, child)))
    assert meant.table("letters").columns == parent.columns
    assert meant.table("people").columns[0].spec is not None


def test_keys_are_left_to_the_engine_where_a_name_has_few_values() -> None:
    columns = (Column(name="status", type=StringType()), Column(name="email", type=StringType()))
    keys = tuple(UniqueKey(columns=(column.name,)) for column in columns)
    table = Table(name="things", columns=columns, unique_keys=keys)
    status, email = assign_meaning(Schema(tables=(table,))).tables[0].columns
    assert email.spec is not None
    assert status.spec is None or wording(status.spec).startswith("vocabulary")


@pytest.mark.parametrize(
    ("name", "share"),
    [("deleted_at", 0.9), ("middle_name", 0.5), ("end_date", 0.3), ("email", 0.0), ("foo", 0.1)],
)
def test_null_shares_of_nullable_columns(name: str, share: float) -> None:
    logical = TimestampType() if name.endswith(("_at", "_date")) else StringType(max_length=60)
    assert one(name, logical).null_share == share
    assert one(name, logical, nullable=False).null_share is None


def test_comments_speak_where_names_do_not() -> None:
    assert one("x1", StringType(), comment="E-mail address").semantic == "email"


def test_later_moments_follow_earlier_ones() -> None:
    names = ("created_at", "updated_at", "start_date", "end_date")
    columns = tuple(Column(name=name, type=TimestampType(), nullable=False) for name in names)
    meant = assign_meaning(Schema(tables=(Table(name="things", columns=columns),))).tables[0]
    bases = {c.name: c.spec.column for c in meant.columns if isinstance(c.spec, OffsetSpec)}
    assert bases == {
        "updated_at": "created_at", "start_date": "created_at", "end_date": "start_date",
    }  # fmt: skip


def test_assignment_repeats() -> None:
    schema, _ = read(next(GOLDEN.glob("*.txt")))
    assert assign_meaning(schema) == assign_meaning(schema)
    assert assign_meaning(assign_meaning(schema)) == assign_meaning(schema)

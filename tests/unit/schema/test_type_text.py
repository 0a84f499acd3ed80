from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from dataforge.schema import (
    ArrayType,
    BinaryType,
    ColumnType,
    DecimalType,
    EnumType,
    GeometryType,
    IntegerType,
    StringType,
    TimestampType,
)
from dataforge.schema.type_text import parse_type, type_text

TYPES: TypeAdapter[ColumnType] = TypeAdapter(ColumnType)


@pytest.mark.parametrize(
    ("text", "logical"),
    [
        ("integer", IntegerType()),
        ("integer(16)", IntegerType(bits=16)),
        ("unsigned(8)", IntegerType(bits=8, signed=False)),
        ("decimal(10, 2)", DecimalType(precision=10, scale=2)),
        ("string", StringType()),
        ("string(40)", StringType(max_length=40)),
        ("char(2)", StringType(max_length=2, fixed=True)),
        ("timestamp(3)", TimestampType(precision=3)),
        ("timestamptz", TimestampType(zoned=True)),
        ("binary(16)", BinaryType(max_length=16)),
        ("enum(a, 'b, c', 'it''s')", EnumType(values=("a", "b, c", "it's"))),
        ("set(x, y)", EnumType(values=("x", "y"), multiple=True)),
        ("point(4326)", GeometryType(srid=4326)),
        ("string(3)[]", ArrayType(item=StringType(max_length=3))),
    ],
)
def test_short_forms_read_and_write(text: str, logical: ColumnType) -> None:
    assert TYPES.validate_python(parse_type(text)) == logical
    assert type_text(logical) == text


@pytest.mark.parametrize(
    ("text", "kind"), [("INT", "integer"), ("varchar(5)", "string"), ("numeric(4,1)", "decimal")]
)
def test_customary_names_are_read(text: str, kind: str) -> None:
    assert parse_type(text)["kind"] == kind


@pytest.mark.parametrize(
    "logical", [EnumType(values=("a",), name="mood"), BinaryType(max_length=2, fixed=True)]
)
def test_no_short_form_where_it_would_lose_something(logical: ColumnType) -> None:
    assert type_text(logical) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("integr", "did you mean 'integer'"),
        ("date(3)", "takes at most 0 numbers"),
        ("string(x)", "takes whole numbers"),
        ("enum()", "needs at least one value"),
        ("enum('a)", "cannot be read near"),
    ],
)
def test_faults_are_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_type(text)

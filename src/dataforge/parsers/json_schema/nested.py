"""Lists of values and small objects, which stay in one column."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from dataforge.parsers.json_schema.documents import Document, Json, Node
from dataforge.parsers.json_schema.scalars import Scalar, scalar
from dataforge.parsers.meaning import assign_meaning
from dataforge.schema import (
    ArrayType,
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    Column,
    ColumnType,
    DatetimeSpec,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    ListSpec,
    NumberSpec,
    ObjectField,
    ObjectSpec,
    Schema,
    Spec,
    Table,
    TextSpec,
    TimestampType,
    UuidSpec,
    UuidType,
    normalize,
)

_FEW, _MANY = 0, 3
_Member = Literal["string", "integer", "number", "boolean"]


def list_of(document: Document, node: Node, items: Node, name: str) -> Scalar:
    """Return a column of lists; how many values they have is kept, as is what these are."""
    item = scalar(document, items)
    least = _count(node.facts, "minItems", _FEW)
    most = _count(node.facts, "maxItems", max(least, _MANY))
    spec = _spec_of(item, name, items.facts)
    return Scalar(ArrayType(item=item.type), ListSpec(item=spec, minimum=least, maximum=most))


def object_spec(document: Document, members: dict[str, Node]) -> ObjectSpec:
    """Return what makes the JSON of an object whose members are all single values."""
    fields = []
    for name, member in members.items():
        found = scalar(document, member)
        spec = _spec_of(found, name, member.facts)
        fields.append(ObjectField(name=name, spec=spec, type=_member_type(found.type)))
    return ObjectSpec(fields=tuple(fields))


def _spec_of(found: Scalar, name: str, facts: Json) -> Spec:
    """Return what makes the values outside a column of their own: by word, bounds or name."""
    if found.spec is not None:
        return found.spec
    match found.type:
        case EnumType(values=values):
            return CategoricalSpec(values=values)
        case BooleanType():
            return BooleanSpec()
        case UuidType():
            return UuidSpec()
        case IntegerType() | FloatType() | DecimalType() if _bounded(facts):
            return _between(facts, found.type)
    meant = _meant(found.type, found.semantic, name)
    if meant is not None:
        return meant
    match found.type:
        case IntegerType() | FloatType() | DecimalType():
            return _between(facts, found.type)
        case DateType() | TimestampType():
            return DatetimeSpec()
        case _:
            return TextSpec(unit="words", minimum=1, maximum=3)


@lru_cache(maxsize=4096)
def _meant(kind: ColumnType, semantic: str | None, name: str) -> Spec | None:
    """Ask what a column of this name and type in a table of its own would get."""
    column = Column(name=name, type=kind, nullable=False, semantic=semantic)
    table = Table(name="object", columns=(column,))
    (made,) = assign_meaning(normalize(Schema(tables=(table,)))).tables
    spec = made.columns[0].spec
    return spec if spec is not None and spec.kind in _ALONE else None


# What needs no other column of its table.
_ALONE = {"record", "vocabulary", "categorical", "number", "pattern", "text", "datetime", "uuid"}


def _bounded(facts: Json) -> bool:
    return any(word in facts for word in ("minimum", "maximum", "multipleOf"))


def _between(facts: Json, kind: ColumnType) -> NumberSpec:
    low, high = facts.get("minimum", 0), facts.get("maximum")
    high = high if high is not None else max(low, 0) + 1000
    decimals = 0 if isinstance(kind, IntegerType) else 2
    return NumberSpec(minimum=_number(low), maximum=_number(high), decimals=decimals)


def _number(value: Any) -> int | float:
    return value if isinstance(value, int) else float(value)


def _member_type(kind: ColumnType) -> _Member:
    match kind:
        case IntegerType():
            return "integer"
        case FloatType() | DecimalType():
            return "number"
        case BooleanType():
            return "boolean"
        case _:
            return "string"


def _count(facts: Json, word: str, default: int) -> int:
    value = facts.get(word)
    return value if isinstance(value, int) and not isinstance(value, bool) else default

"""Columns of single values: the type, what makes them, and the conditions that they keep."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from dataforge.parsers.json_schema.documents import Document, Json, Node
from dataforge.schema import (
    BinaryType,
    BooleanType,
    CategoricalSpec,
    ColumnType,
    ConstantSpec,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    IntegerType,
    IntervalType,
    JsonType,
    PatternSpec,
    Spec,
    StringType,
    TimestampType,
    TimeType,
    UuidType,
)

_FORMATS: dict[str, ColumnType] = {
    "date-time": TimestampType(zoned=True),
    "date": DateType(),
    "time": TimeType(),
    "duration": IntervalType(),
    "uuid": UuidType(),
    "byte": BinaryType(),
    "binary": BinaryType(),
}
_MEANINGS = {
    "email": "email",
    "idn-email": "email",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "uri-reference": "url",
    "hostname": "domain",
    "idn-hostname": "domain",
    "ipv4": "ip_address",
    "ipv6": "ipv6",
}
_KNOWN_FORMATS = {
    *_FORMATS,
    *_MEANINGS,
    "int32",
    "int64",
    "float",
    "double",
    "decimal",
    "password",
    "regex",
    "json-pointer",
    "relative-json-pointer",
    "uri-template",
    "iri-reference",
}
_MOST_DIGITS = 38
_MANY_MULTIPLES = 1000
_UNREADABLE = re.compile(r"\(\?(?!:)|\\[1-9pPbBkK]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A column without its name; ``conditions`` have ``{}`` where the name goes."""

    type: ColumnType
    spec: Spec | None = None
    semantic: str | None = None
    conditions: tuple[str, ...] = ()


def scalar(document: Document, node: Node) -> Scalar:
    """Return the column for a node that is neither an object nor an array."""
    facts = node.facts
    if "const" in facts:
        return _constant(facts["const"])
    listed = facts.get("enum")
    if isinstance(listed, list) and listed:
        return _listed(listed)
    match node.kind:
        case "string":
            return _string(document, node)
        case "integer" | "number":
            return _number(node)
        case "boolean":
            return Scalar(BooleanType())
        case "null":
            return Scalar(JsonType(), ConstantSpec(value=None))
        case _:
            document.remark(node.pointer, "says nothing of its type: made as JSON", "give a type")
            return Scalar(JsonType())


def _constant(value: object) -> Scalar:
    if isinstance(value, dict | list):
        return Scalar(JsonType(), ConstantSpec(value=json.dumps(value, default=float)))
    if isinstance(value, str):
        return Scalar(StringType(max_length=max(1, len(value))), ConstantSpec(value=value))
    return Scalar(_kind_of([value]), ConstantSpec(value=_plain(value)))


def _listed(values: list[Any]) -> Scalar:
    values = list({json.dumps(value, default=float): value for value in values}.values())
    if all(isinstance(value, str) for value in values):
        return Scalar(EnumType(values=tuple(values)))
    if all(isinstance(value, bool | int | float | Decimal) for value in values):
        return Scalar(_kind_of(values), CategoricalSpec(values=tuple(map(_plain, values))))
    texts = tuple(value if isinstance(value, str) else json.dumps(value) for value in values)
    quoted = tuple(
        json.dumps(v) if isinstance(v, str) else t for v, t in zip(values, texts, strict=True)
    )
    return Scalar(JsonType(), CategoricalSpec(values=quoted))


def _hashable(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _kind_of(values: list[Any]) -> ColumnType:
    if all(isinstance(value, bool) for value in values):
        return BooleanType()
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return IntegerType()
    return FloatType()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _string(document: Document, node: Node) -> Scalar:
    facts, form = node.facts, node.facts.get("format")
    if isinstance(form, str) and form not in _KNOWN_FORMATS:
        document.passed_over[f"format {form}"] += 1
    if form in _FORMATS:
        return Scalar(_FORMATS[str(form)])
    longest, shortest = _count(facts, "maxLength"), _count(facts, "minLength") or 0
    kind = StringType(max_length=longest or None)
    conditions = (f"LENGTH({{}}) >= {shortest}",) if shortest else ()
    pattern = facts.get("pattern")
    if isinstance(pattern, str) and (spec := _pattern(document, node, pattern)):
        return Scalar(kind, spec, None, conditions)
    return Scalar(kind, None, _MEANINGS.get(str(form)), conditions)


def _pattern(document: Document, node: Node, pattern: str) -> PatternSpec | None:
    """Return a spec for an ECMA pattern, which a match anywhere satisfies, unless anchored."""
    if _UNREADABLE.search(pattern):
        document.remark(
            node.pointer,
            f"the pattern {pattern!r} looks around or back, which is not read: any text is made",
            "write it without, or leave it out",
        )
        return None
    bare = pattern.removeprefix("^")
    if bare.endswith("$") and not bare.endswith("\\$"):
        bare = bare[:-1]
    return PatternSpec(pattern=bare)


def _number(node: Node) -> Scalar:
    facts = node.facts
    lowest, highest = _bounds(facts)
    step = _exact(facts.get("multipleOf"))
    conditions = [f"{{}} {sign} {bound}" for sign, bound in (*lowest, *highest)]
    if node.kind == "integer":
        bits: Any = 32 if facts.get("format") == "int32" else 64
        if step is None or step != step.to_integral_value() or step <= 1:
            return Scalar(IntegerType(bits=bits), None, None, tuple(conditions))
        conditions.append(f"{{}} % {step} = 0")
        spec = _multiples(lowest, highest, step)
        return Scalar(IntegerType(bits=bits), spec, None, tuple(conditions))
    scale = -int(step.as_tuple().exponent) if step is not None else None
    if step is not None and scale is not None and 0 <= scale <= _MOST_DIGITS - 20:
        kind = DecimalType(precision=18, scale=scale)
        if step == Decimal(1).scaleb(-scale):
            return Scalar(kind, None, None, tuple(conditions))
        conditions.append(f"{{}} % {step} = 0")
        return Scalar(kind, _multiples(lowest, highest, step), None, tuple(conditions))
    if facts.get("format") == "decimal":
        return Scalar(DecimalType(precision=18, scale=4), None, None, tuple(conditions))
    bits = 32 if facts.get("format") == "float" else 64
    return Scalar(FloatType(bits=bits), None, None, tuple(conditions))


def _multiples(
    lowest: list[tuple[str, Decimal]], highest: list[tuple[str, Decimal]], step: Decimal
) -> CategoricalSpec | None:
    """Return multiples of ``step`` within the bounds, evenly spread where there are many."""
    least = max((_whole(bound / step, ROUND_CEILING) for _, bound in lowest), default=0)
    most = min(
        (_whole(bound / step, ROUND_FLOOR) for _, bound in highest), default=least + _MANY_MULTIPLES
    )
    beyond = {bound for sign, bound in (*lowest, *highest) if "=" not in sign}
    apart = max(1, (most - least) // _MANY_MULTIPLES)
    found = [step * count for count in range(least, most + 1, apart)]
    values = tuple(_bare(each) for each in found if each not in beyond)
    return CategoricalSpec(values=values) if values else None


def _whole(value: Decimal, rounding: str) -> int:
    return int(value.to_integral_value(rounding))


def _bare(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _bounds(facts: Json) -> tuple[list[tuple[str, Decimal]], list[tuple[str, Decimal]]]:
    """Return the bounds; draft 4 marks ``minimum`` as exclusive by a boolean."""
    found: list[list[tuple[str, Decimal]]] = []
    for bound, exclusive, sign in (
        ("minimum", "exclusiveMinimum", ">"),
        ("maximum", "exclusiveMaximum", "<"),
    ):
        here = []
        value, beyond = _exact(facts.get(bound)), facts.get(exclusive)
        if value is not None:
            here.append((sign if beyond is True else f"{sign}=", value))
        if (apart := _exact(beyond)) is not None:
            here.append((sign, apart))
        found.append(here)
    return found[0], found[1]


def _exact(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return Decimal(format(number, "f")) if number.is_finite() else None


def _count(facts: Json, word: str) -> int | None:
    value = facts.get(word)
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return int(value) if whole and value is not None else None

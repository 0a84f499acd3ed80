"""Column types as short text: ``integer``, ``string(40)``, ``decimal(10, 2)``, ``enum(a, b)``.

integer  integer(8|16|32|64)  unsigned(…)        decimal(precision, scale)
float  float(32)  boolean  text  json  uuid      string  string(n)  char(n)
date  time  interval  binary  binary(n)          timestamp(digits)  timestamptz(digits)
enum(a, 'b, c')  set(a, b)                       point(srid)  linestring  polygon  multipolygon
<type>[]                                         a list of that type
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from dataforge.errors import did_you_mean
from dataforge.schema.types import (
    ArrayType,
    BinaryType,
    ColumnType,
    DecimalType,
    EnumType,
    FloatType,
    GeometryType,
    IntegerType,
    StringType,
    TimestampType,
)

TEXT_PATTERN = r"^\s*[A-Za-z]+\s*(\(.*\))?\s*(\[\]\s*)*$"

_FORM = re.compile(r"\s*([A-Za-z]+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_ITEM = re.compile(r"\s*(?:'((?:[^']|'')*)'|([^',]*[^',\s]))\s*(?:,|$)")
_BARE = re.compile(r"[^\s',()]+( [^\s',()]+)*")
_SHAPES = ("point", "linestring", "polygon", "multipolygon")
_PLAIN = ("boolean", "text", "date", "time", "interval", "uuid", "json")


def _sized(kind: str, *fields: str, **fixed: Any) -> Callable[[list[str]], dict[str, Any]]:
    """Return a reader of up to ``len(fields)`` whole numbers for a type of ``kind``."""

    def read(arguments: list[str]) -> dict[str, Any]:
        if len(arguments) > len(fields):
            msg = f"takes at most {len(fields)} number{'s' if len(fields) != 1 else ''}"
            raise ValueError(msg)
        if not all(argument.isdecimal() for argument in arguments):
            msg = "takes whole numbers"
            raise ValueError(msg)
        numbers = dict(zip(fields, map(int, arguments), strict=False))
        return {"kind": kind, **numbers, **fixed}

    return read


def _listed(*, multiple: bool) -> Callable[[list[str]], dict[str, Any]]:
    def read(arguments: list[str]) -> dict[str, Any]:
        if not arguments:
            msg = "needs at least one value"
            raise ValueError(msg)
        extra = {"multiple": True} if multiple else {}
        return {"kind": "enum", "values": arguments, **extra}

    return read


_READERS: Mapping[str, Callable[[list[str]], dict[str, Any]]] = {
    **{kind: _sized(kind) for kind in _PLAIN},
    "integer": _sized("integer", "bits"),
    "unsigned": _sized("integer", "bits", signed=False),
    "tinyint": _sized("integer", bits=8),
    "smallint": _sized("integer", bits=16),
    "int": _sized("integer", bits=32),
    "bigint": _sized("integer", bits=64),
    "decimal": _sized("decimal", "precision", "scale"),
    "numeric": _sized("decimal", "precision", "scale"),
    "float": _sized("float", "bits"),
    "double": _sized("float", bits=64),
    "real": _sized("float", bits=32),
    "bool": _sized("boolean"),
    "string": _sized("string", "max_length"),
    "varchar": _sized("string", "max_length"),
    "char": _sized("string", "max_length", fixed=True),
    "timestamp": _sized("timestamp", "precision"),
    "datetime": _sized("timestamp", "precision"),
    "timestamptz": _sized("timestamp", "precision", zoned=True),
    "binary": _sized("binary", "max_length"),
    "enum": _listed(multiple=False),
    "set": _listed(multiple=True),
    **{shape: _sized("geometry", "srid", shape=shape) for shape in _SHAPES},
}


def parse_type(text: str) -> dict[str, Any]:
    """Return the long form of a short type; ``ValueError`` says what is wrong and what is known."""
    stripped = text.strip()
    if stripped.endswith("[]"):
        return {"kind": "array", "item": parse_type(stripped[:-2])}
    form = _FORM.fullmatch(stripped)
    name = form[1].lower() if form else stripped
    if form is None or name not in _READERS:
        msg = f"unknown type {name!r}{did_you_mean(name, _READERS)}"
        raise ValueError(msg)
    try:
        return _READERS[name](_arguments(form[2] or ""))
    except ValueError as fault:
        msg = f"type {text!r}: {name} {fault}"
        raise ValueError(msg) from None


def _arguments(inside: str) -> list[str]:
    """Split what stands in the parentheses at commas outside of quotes."""
    found: list[str] = []
    at = 0
    while inside[at:].strip():
        item = _ITEM.match(inside, at)
        if item is None:
            msg = f"has arguments that cannot be read near {inside[at : at + 20]!r}"
            raise ValueError(msg)
        found.append(item[2] if item[1] is None else item[1].replace("''", "'"))
        at = item.end()
    return found


def type_text(logical: ColumnType) -> str | None:
    """Return the short form, or None where it would lose something."""
    match logical:
        case ArrayType():
            item = type_text(logical.item)
            return None if item is None else f"{item}[]"
        case IntegerType():
            name = "integer" if logical.signed else "unsigned"
            return name if logical.bits == 64 else f"{name}({logical.bits})"
        case DecimalType():
            return f"decimal({logical.precision}, {logical.scale})"
        case FloatType():
            return "float" if logical.bits == 64 else "float(32)"
        case StringType() | BinaryType():
            return _length_text(logical)
        case TimestampType():
            name = "timestamptz" if logical.zoned else "timestamp"
            return f"{name}({logical.precision})" if logical.precision else name
        case EnumType():
            return _enum_text(logical)
        case GeometryType():
            return logical.shape if logical.srid is None else f"{logical.shape}({logical.srid})"
        case _:
            return logical.kind


def _length_text(logical: StringType | BinaryType) -> str | None:
    if logical.fixed:
        is_char = isinstance(logical, StringType) and logical.max_length is not None
        return f"char({logical.max_length})" if is_char else None
    return logical.kind if logical.max_length is None else f"{logical.kind}({logical.max_length})"


def _enum_text(logical: EnumType) -> str | None:
    if logical.name is not None:
        return None
    values = (v if _BARE.fullmatch(v) else "'" + v.replace("'", "''") + "'" for v in logical.values)
    return f"{'set' if logical.multiple else 'enum'}({', '.join(values)})"

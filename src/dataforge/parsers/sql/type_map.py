"""From a dialect's type names to logical types, with a spec where values need a certain form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dataforge.parsers.sql.drafts import TypeDraft
from dataforge.schema.specs import NumberSpec, PatternSpec, Spec
from dataforge.schema.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    EnumType,
    FloatType,
    GeometryType,
    IntegerType,
    IntervalType,
    JsonType,
    StringType,
    TextType,
    TimestampType,
    TimeType,
    UuidType,
)

MAX_DIGITS = 38
LONGEST_STRING = 65_535


@dataclass(frozen=True, slots=True)
class Mapped:
    """A logical type, and the spec that keeps its values within what the source type takes."""

    type: ColumnType
    spec: Spec | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a type as written, the dialect, and whether the column is (in) a key."""

    draft: TypeDraft
    dialect: str
    key: bool = False

    def number(self, place: int = 0) -> int | None:
        """The leading digits of an argument (``10 CHAR`` counts as 10)."""
        if place >= len(self.draft.arguments):
            return None
        digits = self.draft.arguments[place].split()
        text = digits[0] if digits else ""
        return int(text) if text.isdigit() else None

    @property
    def unsigned(self) -> bool:
        """Whether UNSIGNED (or ZEROFILL, which implies it) was written."""
        return not self.draft.modifiers.isdisjoint({"unsigned", "zerofill"})


Maker = Callable[[Asked], Mapped]


def _always(kind: ColumnType, spec: Spec | None = None) -> Maker:
    return lambda _asked: Mapped(kind, spec)


def _integer(bits: int) -> Maker:
    return lambda asked: Mapped(IntegerType(bits=bits, signed=not asked.unsigned))


def _medium_integer(asked: Asked) -> Mapped:
    """24 bits: a width that is sure to fit, except for keys, whose values start small."""
    return Mapped(IntegerType(bits=32 if asked.key else 16, signed=not asked.unsigned))


def _tiny_integer(asked: Asked) -> Mapped:
    if asked.number() == 1 and asked.dialect in {"mysql", "sqlite"} and not asked.key:
        return Mapped(BooleanType())
    return Mapped(IntegerType(bits=8, signed=not (asked.unsigned or asked.dialect == "tsql")))


def _decimal(asked: Asked) -> Mapped:
    precision, scale = asked.number(), asked.number(1)
    if precision is None:
        return _decimal_without_precision(asked)
    if asked.dialect == "oracle" and not scale:
        return Mapped(_whole_number(precision, key=asked.key))
    return Mapped(_exact(precision, scale or 0))


def _exact(precision: int, scale: int) -> DecimalType:
    kept = max(1, min(max(precision, scale), MAX_DIGITS))
    return DecimalType(precision=kept, scale=min(scale, kept))


def _decimal_without_precision(asked: Asked) -> Mapped:
    if asked.draft.arguments and asked.draft.arguments[0] == "*":
        return Mapped(IntegerType(bits=64))
    if asked.key or (asked.dialect == "oracle" and asked.draft.name != "dec"):
        return Mapped(IntegerType(bits=64) if asked.key else DecimalType(precision=18, scale=4))
    if asked.dialect == "mysql":
        return Mapped(DecimalType(precision=10, scale=0))
    if asked.dialect == "tsql":
        return Mapped(DecimalType(precision=18, scale=0))
    return Mapped(DecimalType(precision=18, scale=4))


def _whole_number(precision: int, *, key: bool) -> ColumnType:
    """A type whose values all fit ``precision`` digits; keys get room, as they count from one."""
    if precision <= 4:
        return DecimalType(precision=max(precision, 1), scale=0)
    if precision <= 9:
        return IntegerType(bits=32 if key else 16)
    return IntegerType(bits=64 if key or precision >= 19 else 32)


def _float(asked: Asked) -> Mapped:
    precision, scale = asked.number(), asked.number(1)
    if scale is not None and precision is not None:
        return Mapped(_exact(precision, scale))
    if asked.dialect == "mysql" and precision is None:
        return Mapped(FloatType(bits=32))
    short = precision is not None and precision <= 24 and asked.dialect != "oracle"
    return Mapped(FloatType(bits=32 if short else 64))


def _real(asked: Asked) -> Mapped:
    return Mapped(FloatType(bits=32 if asked.dialect in {"postgres", "tsql"} else 64))


def _double(asked: Asked) -> Mapped:
    precision, scale = asked.number(), asked.number(1)
    if scale is not None and precision is not None:
        return Mapped(_exact(precision, scale))
    return Mapped(FloatType(bits=64))


def _string(asked: Asked) -> Mapped:
    length = asked.number()
    if length is None:
        unbounded = bool(asked.draft.arguments) or asked.dialect in {"postgres", "sqlite"}
        return Mapped(TextType() if unbounded else StringType(max_length=255))
    if length == 0:
        return Mapped(StringType(max_length=1))
    return Mapped(StringType(max_length=length))


def _varchar_of_tsql(asked: Asked) -> Mapped:
    if asked.dialect == "tsql" and not asked.draft.arguments:
        return Mapped(StringType(max_length=1))
    return _string(asked)


def _char(asked: Asked) -> Mapped:
    return Mapped(StringType(max_length=asked.number() or 1, fixed=True))


def _text(asked: Asked) -> Mapped:
    length = asked.number()
    if length is not None and 0 < length < LONGEST_STRING:
        return Mapped(StringType(max_length=length))
    return Mapped(TextType())


def _binary(asked: Asked) -> Mapped:
    length = asked.number()
    fixed = asked.draft.name == "binary" and asked.dialect != "sqlite"
    if length is None and fixed and asked.dialect in {"mysql", "tsql"}:
        length = 1
    return Mapped(BinaryType(max_length=length or None, fixed=fixed and length is not None))


def _blob(asked: Asked) -> Mapped:
    return Mapped(BinaryType(max_length=255 if asked.draft.name == "tinyblob" else None))


def _bit(asked: Asked) -> Mapped:
    length = asked.number() or 1
    if asked.dialect != "postgres":
        if length == 1:
            return Mapped(BooleanType())
        most = min(2**length, 2**63) - 1
        return Mapped(IntegerType(bits=64), NumberSpec(minimum=0, maximum=most))
    pattern = f"[01]{{{length}}}"
    return Mapped(StringType(max_length=length, fixed=True), PatternSpec(pattern=pattern))


def _bit_varying(asked: Asked) -> Mapped:
    length = asked.number() or 64
    return Mapped(StringType(max_length=length), PatternSpec(pattern=f"[01]{{1,{length}}}"))


def _timestamp(asked: Asked) -> Mapped:
    name, dialect = asked.draft.name, asked.dialect
    if dialect == "tsql" and name == "timestamp":
        return Mapped(BinaryType(max_length=8, fixed=True))
    fallback = 0 if dialect in {"mysql", "sqlite"} else 6
    precision = asked.number()
    zoned = name.endswith("with time zone") or name in {"timestamptz", "datetimeoffset"}
    digits = fallback if precision is None else min(precision, 6)
    return Mapped(TimestampType(zoned=zoned, precision=digits))


def _datetime(asked: Asked) -> Mapped:
    if asked.dialect == "tsql":
        return Mapped(TimestampType(precision=3))
    return Mapped(TimestampType(precision=min(asked.number() or 0, 6)))


def _enum(asked: Asked) -> Mapped:
    values = tuple(dict.fromkeys(asked.draft.arguments)) or ("",)
    return Mapped(EnumType(values=values, multiple=asked.draft.name == "set"))


def _geometry(asked: Asked) -> Mapped:
    """PostGIS writes ``geometry(Point, 4326)``; MySQL and others name the shape itself."""
    shapes = (*(a.lower() for a in asked.draft.arguments[:1]), asked.draft.name)
    shape = next((s for s in _SHAPES if any(given.startswith(s) for given in shapes)), "point")
    if asked.draft.name == "point" and asked.dialect == "postgres":
        return Mapped(StringType(max_length=40), PatternSpec(pattern=_PAIR))
    return Mapped(GeometryType(shape=shape, srid=asked.number(1)))


def _vector(asked: Asked) -> Mapped:
    length = asked.number() or 3
    more = f"(,0\\.[0-9]{{3}}){{{length - 1}}}" if length > 1 else ""
    return Mapped(TextType(), PatternSpec(pattern=rf"\[0\.[0-9]{{3}}{more}\]"))


_SHAPES = ("multipolygon", "linestring", "polygon", "point")
_PAIR = r"\([1-9]\.[0-9]{1,4},[1-9]\.[0-9]{1,4}\)"
_OCTET = "[1-9][0-9]"
_DAY = "0[1-9]|1[0-9]|2[0-8]"
_XML = PatternSpec(pattern=r'<event id="[1-9]\d{3}"><status>(ok|failed|queued)</status></event>')


def _formed(pattern: str, max_length: int | None = None) -> Maker:
    return _always(StringType(max_length=max_length), PatternSpec(pattern=pattern))


_DATE_RANGE = rf"\[20[01][0-9]-0[1-9]-({_DAY}),202[0-9]-0[1-9]-({_DAY})\)"
_NUMBER_RANGE = r"\[[1-9][0-9]{0,2},[1-9][0-9]{3}\)"

_NUMBERS: Mapping[str, Maker] = {
    **dict.fromkeys(("int", "integer", "int4", "signed int", "signed integer"), _integer(32)),
    **dict.fromkeys(("bigint", "int8", "big int", "long integer", "long int"), _integer(64)),
    **dict.fromkeys(("smallint", "int2", "smallserial", "serial2", "pls_integer"), _integer(16)),
    **dict.fromkeys(("mediumint", "int3", "middleint"), _medium_integer),
    **dict.fromkeys(("tinyint", "int1"), _tiny_integer),
    **dict.fromkeys(("serial", "serial4"), _integer(32)),
    **dict.fromkeys(("bigserial", "serial8"), _integer(64)),
    **dict.fromkeys(("decimal", "numeric", "number", "dec", "fixed"), _decimal),
    "money": lambda asked: Mapped(
        DecimalType(precision=19, scale=2 if asked.dialect == "postgres" else 4)
    ),
    "smallmoney": _always(DecimalType(precision=10, scale=4)),
    **dict.fromkeys(("float", "float4", "float8"), _float),
    "real": _real,
    **dict.fromkeys(("double", "double precision", "binary_double"), _double),
    "binary_float": _always(FloatType(bits=32)),
    **dict.fromkeys(("bool", "boolean"), _always(BooleanType())),
    "bit": _bit,
    **dict.fromkeys(("bit varying", "varbit"), _bit_varying),
    "year": _always(IntegerType(bits=16), NumberSpec(minimum=1980, maximum=2025)),
    **dict.fromkeys(("oid", "xid", "cid"), _always(IntegerType(bits=32))),
}
_STRINGS: Mapping[str, Maker] = {
    **dict.fromkeys(
        (
            "varchar",
            "varchar2",
            "nvarchar",
            "nvarchar2",
            "string",
            "character varying",
            "char varying",
            "nchar varying",
            "national varchar",
            "national character varying",
            "varying character",
        ),
        _varchar_of_tsql,
    ),
    **dict.fromkeys(
        (
            "char",
            "character",
            "nchar",
            "bpchar",
            "national character",
            "national char",
            "native character",
            "char byte",
        ),
        _char,
    ),
    "text": _text,
    **dict.fromkeys(
        (
            "mediumtext",
            "longtext",
            "ntext",
            "clob",
            "nclob",
            "long",
            "long varchar",
            "citext",
            "character large object",
            "char large object",
            "long text",
        ),
        _always(TextType()),
    ),
    "tinytext": _always(StringType(max_length=255)),
    "sysname": _always(StringType(max_length=128)),
    "name": _always(StringType(max_length=63)),
    **dict.fromkeys(("xml", "xmltype"), _always(TextType(), _XML)),
    **dict.fromkeys(("tsvector", "tsquery"), _formed("[a-z]{3,9}")),
    "sql_variant": _always(StringType(max_length=100)),
    **dict.fromkeys(("rowid", "urowid"), _always(StringType(max_length=18))),
    "inet": _formed(rf"10\.{_OCTET}\.{_OCTET}\.{_OCTET}", 43),
    "cidr": _formed(rf"10\.{_OCTET}\.{_OCTET}\.{_OCTET}/32", 43),
    "inet4": _formed(rf"10\.{_OCTET}\.{_OCTET}\.{_OCTET}", 15),
    "inet6": _formed("2001:db8(:[1-9a-f][0-9a-f]{3}){6}", 39),
    "macaddr": _formed("[0-9a-f]{2}(:[0-9a-f]{2}){5}", 17),
    "macaddr8": _formed("[0-9a-f]{2}(:[0-9a-f]{2}){7}", 23),
    "hstore": _formed("[a-z]{3,8}=>[0-9]{1,3}"),
    "ltree": _formed(r"[a-z]{3,6}(\.[a-z]{3,6}){0,3}"),
    "hierarchyid": _formed("/([1-9][0-9]{0,2}/){1,4}", 64),
    **dict.fromkeys(("int4range", "int8range", "numrange"), _formed(_NUMBER_RANGE)),
    **dict.fromkeys(("daterange", "tsrange", "tstzrange"), _formed(_DATE_RANGE)),
    "pg_lsn": _formed("[0-9A-F]{1,2}/[0-9A-F]{6}"),
    "box": _formed(f"{_PAIR},{_PAIR}"),
    "lseg": _formed(f"{_PAIR},{_PAIR}"),
    "path": _formed(rf"\[{_PAIR}(,{_PAIR}){{1,4}}\]"),
    "line": _formed(r"\{[1-9],[1-9],[0-9]\}"),
    "circle": _formed(rf"<{_PAIR},[1-9]>"),
    **dict.fromkeys(("vector", "halfvec"), _vector),
}
_OTHERS: Mapping[str, Maker] = {
    **dict.fromkeys(("binary", "varbinary", "raw", "bytea", "binary varying"), _binary),
    **dict.fromkeys(
        (
            "blob",
            "tinyblob",
            "mediumblob",
            "longblob",
            "image",
            "long raw",
            "bfile",
            "long varbinary",
            "binary large object",
        ),
        _blob,
    ),
    "rowversion": _always(BinaryType(max_length=8, fixed=True)),
    "date": _always(DateType()),
    **dict.fromkeys(("time", "timetz", "time with time zone"), _always(TimeType())),
    **dict.fromkeys(("timestamp", "timestamptz", "timestamp with time zone"), _timestamp),
    **dict.fromkeys(("datetimeoffset", "datetime2"), _timestamp),
    "datetime": _datetime,
    "smalldatetime": _always(TimestampType()),
    "interval": _always(IntervalType()),
    **dict.fromkeys(("uuid", "uniqueidentifier"), _always(UuidType())),
    **dict.fromkeys(("json", "jsonb", "anydata"), _always(JsonType())),
    **dict.fromkeys(("enum", "set"), _enum),
    **dict.fromkeys(
        (
            "geometry",
            "geography",
            "point",
            "linestring",
            "polygon",
            "multipolygon",
            "sdo_geometry",
            "st_geometry",
        ),
        _geometry,
    ),
}
_MAKERS: Mapping[str, Maker] = {**_NUMBERS, **_STRINGS, **_OTHERS}


def map_type(asked: Asked) -> Mapped | None:
    """Return the logical type of ``asked``; None where its name is not known."""
    maker = _MAKERS.get(asked.draft.name)
    if maker is None and asked.dialect == "sqlite":
        maker = _by_affinity(asked.draft.name)
    dimensions = asked.draft.dimensions
    if maker is None and asked.dialect == "postgres" and asked.draft.name.startswith("_"):
        maker, dimensions = _MAKERS.get(asked.draft.name[1:]), 1  # how PostgreSQL names int4[]
    return None if maker is None else in_arrays(maker(asked), dimensions)


def in_arrays(mapped: Mapped, dimensions: int) -> Mapped:
    """Wrap a type in as many array levels; PostgreSQL does not tell their number apart."""
    if not dimensions:
        return mapped
    return Mapped(ArrayType(item=mapped.type))


def _by_affinity(name: str) -> Maker | None:
    """SQLite's rules for a type name it does not know (sqlite.org/datatype3.html, 3.1)."""
    for parts, maker in _AFFINITIES:
        if any(part in name for part in parts):
            return maker
    return None


_AFFINITIES: tuple[tuple[tuple[str, ...], Maker], ...] = (
    (("int",), _integer(64)),
    (("char", "clob", "text", "string", "guid"), _string),
    (("blob",), _always(BinaryType())),
    (("real", "floa", "doub"), _always(FloatType(bits=64))),
    (("datetime", "timestamp"), _always(TimestampType())),
    (("date",), _always(DateType())),
    (("bool",), _always(BooleanType())),
)

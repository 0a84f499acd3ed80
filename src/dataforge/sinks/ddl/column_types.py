"""The column type that each dialect keeps a logical type in, and what it loses there."""

from __future__ import annotations

from dataforge.schema import (
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

_MYSQL_VARCHAR = 16383
_MYSQL_VARBINARY = 65535
_MYSQL_SCALE = 30
_TSQL_NVARCHAR = 4000
_TSQL_VARBINARY = 8000
_ORACLE_VARCHAR = 1000
_ORACLE_RAW = 2000
_CHAR = 255
_POSTGRES_CHAR = 10_485_760
_WIDER = {8: 16, 16: 32, 32: 64}
_POSTGRES_INTEGERS = {8: "smallint", 16: "smallint", 32: "integer", 64: "bigint"}
_TSQL_INTEGERS = {16: "smallint", 32: "int", 64: "bigint"}
_MYSQL_INTEGERS = {8: "tinyint", 16: "smallint", 32: "int", 64: "bigint"}
_DUCKDB_INTEGERS = {8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}
_ORACLE_DIGITS = {8: 3, 16: 5, 32: 10, 64: 20}


def sql_string(text: str) -> str:
    """Return a quoted SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def enum_length(logical: EnumType) -> int:
    """Return the characters that the longest value takes, or all of them in a set."""
    lengths = [len(value) for value in logical.values]
    return max(1, sum(lengths) + len(lengths) - 1 if logical.multiple else max(lengths))


def _varying(logical: EnumType) -> StringType:
    return StringType(max_length=enum_length(logical))


def postgres_type(logical: ColumnType) -> str:  # noqa: C901, PLR0912 - a case for each type
    """Return PostgreSQL's type; a named enum is made by CREATE TYPE and named elsewhere."""
    match logical:
        case IntegerType(bits=64, signed=False):
            return "numeric(20)"
        case IntegerType():
            bits = logical.bits if logical.signed else _WIDER[logical.bits]
            return _POSTGRES_INTEGERS[bits]
        case DecimalType():
            return f"numeric({logical.precision},{logical.scale})"
        case FloatType():
            return "real" if logical.bits == 32 else "double precision"
        case StringType(max_length=int(length), fixed=fixed) if length <= _POSTGRES_CHAR:
            return f"{'char' if fixed else 'varchar'}({length})"
        case TimeType():
            return "time"
        case TimestampType():
            return f"timestamp({logical.precision}){' with time zone' if logical.zoned else ''}"
        case BinaryType():
            return "bytea"
        case EnumType():
            return postgres_type(_varying(logical))
        case ArrayType():
            return postgres_type(logical.item).removesuffix("[]") + "[]"
        case BooleanType() | DateType() | IntervalType() | UuidType():
            return logical.kind
        case JsonType():
            return "jsonb"
        case _:
            return "text"


def mysql_type(logical: ColumnType) -> str:  # noqa: C901, PLR0912 - a case for each type
    """Return the type that both MySQL 8 and MariaDB 10 know."""
    match logical:
        case IntegerType():
            return _MYSQL_INTEGERS[logical.bits] + ("" if logical.signed else " unsigned")
        case DecimalType():
            return f"decimal({logical.precision},{min(logical.scale, _MYSQL_SCALE)})"
        case FloatType():
            return "float" if logical.bits == 32 else "double"
        case StringType(max_length=int(length), fixed=True) if length <= _CHAR:
            return f"char({length})"
        case StringType(max_length=int(length)) if length <= _MYSQL_VARCHAR:
            return f"varchar({length})"
        case StringType() | TextType():
            return "longtext"
        case TimeType():
            return "time(6)"
        case TimestampType():
            return f"datetime({logical.precision})" if logical.precision else "datetime"
        case BinaryType(max_length=int(length), fixed=True) if length <= _CHAR:
            return f"binary({length})"
        case BinaryType(max_length=int(length)) if length <= _MYSQL_VARBINARY // 4:
            return f"varbinary({length})"
        case BinaryType():
            return "longblob"
        case EnumType():
            values = ",".join(sql_string(v.replace("\\", "\\\\")) for v in logical.values)
            return f"{'set' if logical.multiple else 'enum'}({values})"
        case UuidType():
            return "char(36)"
        case IntervalType():
            return "varchar(64)"
        case GeometryType():
            return logical.shape
        case JsonType() | ArrayType():
            return "json"
        case _:
            return logical.kind


def sqlite_type(logical: ColumnType) -> str:
    """Return a declared type whose affinity keeps the values as they are written."""
    match logical:
        case IntegerType():
            return "INTEGER"
        case DecimalType():
            return f"DECIMAL({logical.precision},{logical.scale})"
        case FloatType():
            return "REAL"
        case StringType(max_length=int(length), fixed=fixed):
            return f"{'CHAR' if fixed else 'VARCHAR'}({length})"
        case UuidType():
            return "CHAR(36)"
        case BinaryType():
            return "BLOB"
        case BooleanType() | DateType():
            return logical.kind.upper()
        case TimestampType():
            return "DATETIME"
        case _:
            return "TEXT"


def duckdb_type(logical: ColumnType) -> str:
    """Return DuckDB's type."""
    match logical:
        case IntegerType():
            return ("" if logical.signed else "U") + _DUCKDB_INTEGERS[logical.bits]
        case DecimalType():
            return f"DECIMAL({logical.precision},{logical.scale})"
        case FloatType():
            return "FLOAT" if logical.bits == 32 else "DOUBLE"
        case TimestampType():
            return "TIMESTAMPTZ" if logical.zoned else "TIMESTAMP"
        case BinaryType():
            return "BLOB"
        case ArrayType():
            return f"{duckdb_type(logical.item)}[]"
        case BooleanType() | DateType() | TimeType() | UuidType() | JsonType():
            return logical.kind.upper()
        case _:
            return "VARCHAR"


def tsql_type(logical: ColumnType) -> str:  # noqa: C901, PLR0912 - a case for each type
    """Return SQL Server's type."""
    match logical:
        case IntegerType(bits=8, signed=False):
            return "tinyint"
        case IntegerType(bits=64, signed=False):
            return "decimal(20)"
        case IntegerType():
            bits = logical.bits if logical.signed and logical.bits > 8 else _WIDER[logical.bits]
            return _TSQL_INTEGERS[bits]
        case DecimalType():
            return f"decimal({logical.precision},{logical.scale})"
        case FloatType():
            return "real" if logical.bits == 32 else "float"
        case BooleanType():
            return "bit"
        case StringType(max_length=int(length), fixed=fixed) if length <= _TSQL_NVARCHAR:
            return f"{'nchar' if fixed else 'nvarchar'}({length})"
        case EnumType() if enum_length(logical) <= _TSQL_NVARCHAR:
            return tsql_type(_varying(logical))
        case TimestampType():
            return f"{'datetimeoffset' if logical.zoned else 'datetime2'}({logical.precision})"
        case UuidType():
            return "uniqueidentifier"
        case BinaryType(max_length=int(length), fixed=fixed) if length <= _TSQL_VARBINARY:
            return f"{'binary' if fixed else 'varbinary'}({length})"
        case BinaryType():
            return "varbinary(max)"
        case DateType() | TimeType():
            return logical.kind
        case IntervalType():
            return "nvarchar(64)"
        case _:
            return "nvarchar(max)"


def oracle_type(logical: ColumnType) -> str:  # noqa: C901, PLR0912 - a case for each type
    """Return Oracle's type (12.2 and later)."""
    match logical:
        case IntegerType():
            return f"NUMBER({_ORACLE_DIGITS[logical.bits]})"
        case DecimalType():
            return f"NUMBER({logical.precision},{logical.scale})"
        case FloatType():
            return "BINARY_FLOAT" if logical.bits == 32 else "BINARY_DOUBLE"
        case BooleanType():
            return "NUMBER(1)"
        case StringType(max_length=int(length), fixed=fixed) if length <= _ORACLE_VARCHAR:
            return f"{'CHAR' if fixed else 'VARCHAR2'}({length} CHAR)"
        case EnumType() if enum_length(logical) <= _ORACLE_VARCHAR:
            return oracle_type(_varying(logical))
        case DateType():
            return "DATE"
        case TimestampType():
            return f"TIMESTAMP({logical.precision}){' WITH TIME ZONE' if logical.zoned else ''}"
        case TimeType():
            return "VARCHAR2(15)"
        case IntervalType():
            return "VARCHAR2(64)"
        case UuidType():
            return "CHAR(36)"
        case BinaryType(max_length=int(length)) if length <= _ORACLE_RAW:
            return f"RAW({length})"
        case BinaryType():
            return "BLOB"
        case _:
            return "CLOB"


TYPE_OF = {
    "postgres": postgres_type,
    "mysql": mysql_type,
    "sqlite": sqlite_type,
    "duckdb": duckdb_type,
    "tsql": tsql_type,
    "oracle": oracle_type,
}

"""How the values of a type are written in the INSERT statements of a dialect."""

from __future__ import annotations

from dataclasses import dataclass

from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    DateType,
    DecimalType,
    FloatType,
    GeometryType,
    IntegerType,
    TimestampType,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """What encloses a value; without an opening, it is a bare number or word.

    Where ``optional``, the value may also be bare.
    """

    opening: bytes = b""
    closing: bytes = b""
    optional: bool = False

    @property
    def quoted(self) -> bool:
        """Whether the value stands in quotes."""
        return self.opening.endswith(b"'")

    @property
    def plain(self) -> bool:
        """Whether the value stands in quotes and nothing else."""
        return self.opening == self.closing == b"'"


_BINARY = {
    "mysql": Literal(b"X'", b"'"),
    "sqlite": Literal(b"X'", b"'"),
    "tsql": Literal(b"0x"),
    "oracle": Literal(b"HEXTORAW('", b"')"),
    "duckdb": Literal(b"unhex('", b"')"),
}
LONGEST_OPENING = len("ST_GeomFromText('")


def literal_of(logical: ColumnType, dialect: str) -> Literal:
    """Return how a value of the type is enclosed."""
    match logical:
        case FloatType() if dialect == "duckdb":  # nan and inf stand in quotes
            return Literal(b"'", b"'", optional=True)
        case IntegerType() | DecimalType() | FloatType() | BooleanType():
            return Literal()
        case BinaryType():
            return _BINARY[dialect]
        case DateType() if dialect == "oracle":
            return Literal(b"DATE '", b"'")
        case TimestampType() if dialect == "oracle":  # UTC, which DuckDB takes where none is named
            return Literal(b"TIMESTAMP '", b" +00:00'" if logical.zoned else b"'")
        case GeometryType() if dialect == "mysql":
            return Literal(b"ST_GeomFromText('", b"')")
        case _:
            return Literal(b"N'" if dialect == "tsql" else b"'", b"'")

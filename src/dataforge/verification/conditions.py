"""What must hold in each row alone: types, NOT NULL, rules and derived columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dataforge.errors import ParseError
from dataforge.schema import (
    Column,
    DateType,
    DecimalType,
    ExpressionSpec,
    FloatType,
    IntegerType,
    StringType,
    Table,
    TimestampType,
)
from dataforge.schema.expressions import (
    Binary,
    Call,
    Cast,
    Expr,
    Literal,
    columns_of,
    fix_present,
    parse_expression,
    rewrite,
    to_sql,
)
from dataforge.schema.expressions import Column as Reference
from dataforge.verification.certificate import Kind
from dataforge.verification.sql_text import any_of, ident

RELATIVE = "1e-9"
_SINGLE = "1e-6"
_INEXACT_CALLS = frozenset(
    {"sqrt", "ln", "log", "log2", "log10", "exp", "pow", "power", "sin", "cos", "tan", "random"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A constraint on a row: ``broken`` is SQL that is true of the rows that break it.

    ``shown`` is SQL for the cell to show of each of ``columns``.
    """

    kind: Kind
    columns: tuple[str, ...]
    constraint: str
    broken: str
    shown: tuple[str, ...]


def not_null(table: Table, present: Iterable[str], stored: Callable[[str], str]) -> list[Condition]:
    """Return a condition for each column of ``present`` that takes no null."""
    return [
        Condition("not_null", (name,), "NOT NULL", f"{stored(name)} IS NULL", (stored(name),))
        for name in present
        if not table.column(name).nullable or name in table.primary_key
    ]


def rules(table: Table, present: Iterable[str], now: datetime) -> Iterator[Condition]:
    """Yield a condition for each enforced rule whose columns were written."""
    known = frozenset(present)
    for rule in table.rules:
        if not rule.enforced:
            continue
        text, columns = _read(rule.expression, now)
        if known.issuperset(columns):
            shown = tuple(map(ident, columns))
            yield Condition("rule", columns, rule.name or text, f"NOT ({text})", shown)


def derived(table: Table, present: Iterable[str], now: datetime) -> Iterator[Condition]:
    """Yield a condition for each column that is an expression over its row."""
    known = frozenset(present)
    for name in (column.name for column in table.columns if column.name in known):
        spec = table.column(name).spec
        if isinstance(spec, ExpressionSpec):
            text, columns = _read(spec.expression, now)
            if known.issuperset(columns):
                binary = inexact(spec.expression, table)
                share = _SINGLE if any(_single(table, each) for each in columns) else RELATIVE
                broken = unequal(
                    table.column(name), ident(name), f"({text})", inexact=binary, share=share
                )
                shown = tuple(map(ident, (name, *columns)))
                yield Condition("expression", (name, *columns), text, broken, shown)


def unequal(column: Column, cell: str, wanted: str, *, inexact: bool, share: str = RELATIVE) -> str:
    """Return SQL that is true where ``cell`` is not ``wanted`` rounded to the column's type.

    Rounding to a type moves a value by at most half its unit, so for exact types a distance above
    that is an error; where floats take part ``share`` of the value is allowed besides. Nulls that
    the column was asked to have are no error.
    """
    slack = f"{share} * abs({wanted})"
    match column.type:
        case FloatType():
            near_share = _SINGLE if column.type.bits == 32 else share
            near = f"greatest(abs({wanted}), abs({cell})) * {near_share}"
            differs = f"abs({cell} - {wanted}) > {near}"
        case DecimalType() | IntegerType():
            half = half_unit(column)
            limit = f"{half} + {slack}" if inexact else half
            differs = f"abs({cell} - {wanted}) > {limit}"
        case StringType(max_length=int(most)):
            differs = f"{cell} <> substr({wanted}, 1, {most})"
        case TimestampType(precision=0):
            differs = f"date_trunc('second', {cell}) <> date_trunc('second', {wanted})"
        case DateType():
            differs = f"{cell} <> CAST({wanted} AS DATE)"
        case _:
            differs = f"{cell} <> {wanted}"
    made_up = (
        f"{cell} IS NOT NULL AND {wanted} IS NULL AND {'TRUE' if column.nullable else 'FALSE'}"
    )
    missing = "" if column.null_share else f"{cell} IS NULL AND {wanted} IS NOT NULL"
    return any_of(part for part in (differs, made_up, missing) if part)


def half_unit(column: Column) -> str:
    """Return half of the smallest step of an exact number, as an exact literal."""
    scale = column.type.scale if isinstance(column.type, DecimalType) else 0
    return f"0.{'0' * scale}5"


def expression_columns(text: str) -> tuple[str, ...]:
    """Return the columns that an expression reads, sorted; none where it cannot be read."""
    try:
        return tuple(sorted(columns_of(parse_expression(text))))
    except ParseError:
        return ()


def present_fixed(text: str, now: datetime) -> str:
    """Return the expression with CURRENT_DATE and CURRENT_TIMESTAMP replaced by ``now``."""
    return _read(text, now)[0]


def _read(text: str, now: datetime) -> tuple[str, tuple[str, ...]]:
    try:
        tree = parse_expression(text)
    except ParseError:
        return text, ()
    return to_sql(fix_present(tree, now)), tuple(sorted(columns_of(tree)))


def _single(table: Table, name: str) -> bool:
    """Tell whether a column is a float of 32 bits: servers disagree on how to compute with it."""
    kind = table.column(name).type
    return isinstance(kind, FloatType) and kind.bits == 32


def inexact(text: str, table: Table) -> bool:
    """Tell whether evaluating the expression passes through binary floating point."""
    found = False

    def look(node: Expr) -> Expr:
        nonlocal found
        match node:
            case Binary(operator="/") | Literal(value=float()) | Cast(target=FloatType()):
                found = True
            case Call() if node.name in _INEXACT_CALLS:
                found = True
            case Reference():
                column = table.columns_by_name.get(node.name)
                found = found or (column is not None and isinstance(column.type, FloatType))
        return node

    try:
        rewrite(parse_expression(text), look)
    except ParseError:
        return True
    return found

"""Which clean values a kind of dirt changes whenever it hits them, as SQL.

A kind that has nothing to do at a value leaves it clean, so a rate holds from below only of the
values that it surely can change: numbers that another factor moves by more than their last digit,
dates whose day is a month too, text that is written in a form with others.
"""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import (
    CaseDirt,
    Column,
    DateSwapDirt,
    DecimalType,
    DirtSpec,
    EncodingDirt,
    FloatType,
    FormatDirt,
    IntegerType,
    LateDirt,
    MissingDirt,
    OrphanDirt,
    OutlierDirt,
    SwapDirt,
    TypoDirt,
    UnitDirt,
    WhitespaceDirt,
)
from dataforge.verification.sql_text import all_of, any_of, ident, literal

_BEYOND_ASCII = "[^\\x00-\\x7F]"
_ACCENTED = "[À-ÅÇ-ÏÑ-ÖÙ-Ýà-åç-ïñ-öù-ýÿĄąĆćĘęŃńŚśŹźŻżĞğŞşİ]"
_DAY_FIRST = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-2])"
_ISO = r"^\d{4}-\d\d-\d\d([ T].*)?$"
_PHONE = r"^[+(]?[\d(][\d ()/.-]{5,}\d$"
_SPACED = "[ ()/.-]"
_DATED = r"^(\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
_DECIMAL = r"^[-+]?\d+\.\d+$"
# Engines find deviations in the first rows, and round floats to nine digits.
_SAMPLE_ROWS = 1024
_FLOAT_STEP = 1e-8
_LEAST_SHARE = 1e-5
_EXACT = 2**53
_MOST_DIGITS = 18


def surely(spec: DirtSpec, column: Column, clean: str) -> str | None:
    """Return SQL over ``c`` that is true of values which ``spec`` changes; None where none is.

    ``clean`` is the relation of clean rows, of which ``c`` is one.
    """
    value = f"c.{ident(column.name)}"
    match spec:
        case MissingDirt(markers=markers):
            written = ", ".join(map(literal, markers))
            return f"{value} NOT IN ({written})" if markers else "TRUE"
        case LateDirt() | OrphanDirt() | WhitespaceDirt():
            return "TRUE"
        case DateSwapDirt():
            return _swappable(value, column)
        case OutlierDirt():
            return _far(spec, value, column, clean)
        case UnitDirt():
            factor, offset = spec.conversion
            step = 10.0**-spec.decimals if isinstance(column.type, FloatType) else None
            return _moved(f"({value} * {factor - 1!r} + {offset!r})", value, column, step)
        case SwapDirt(columns=columns):
            first, second = (f"c.{ident(each)}" for each in columns)
            return f"{first} IS DISTINCT FROM {second}"
        case _:
            return _rewritten(spec, value)


def _rewritten(spec: DirtSpec, value: str) -> str | None:
    """Return SQL that is true of text in which a kind always finds something to do."""
    match spec:
        case TypoDirt():
            return _matches(value, "[A-Za-z]{4}")
        case CaseDirt():
            return _matches(value, "[A-Za-z]")
        case EncodingDirt(forms=forms):
            return _matches(value, _ACCENTED if set(forms) == {"accents"} else _BEYOND_ASCII)
        case FormatDirt(forms=forms):
            return any_of(_written(value, forms))
        case _:
            return None


def _matches(value: str, pattern: str) -> str:
    return f"regexp_matches({value}, {literal(pattern)})"


def _written(value: str, forms: tuple[str, ...]) -> Iterator[str]:
    """Yield conditions for text of a form that has others."""
    if "date" in forms:
        yield _matches(value, _ISO)
    if "decimal_comma" in forms:
        yield _matches(value, _DECIMAL)
    if "phone" in forms:
        dated = f"NOT {_matches(value, _DATED)}"
        yield all_of([_matches(value, _PHONE), _matches(value, _SPACED), dated])


def _swappable(value: str, column: Column) -> str:
    """Return SQL that is true where day and month can be exchanged and differ."""
    if column.type.kind in {"date", "timestamp"}:
        return f"day({value}) <= 12 AND day({value}) <> month({value})"
    parts = (f"substr({value}, {start}, 2)" for start in (6, 9))
    return all_of([_matches(value, _DAY_FIRST), " <> ".join(parts)])


def _far(spec: OutlierDirt, value: str, column: Column, clean: str) -> str:
    """Return SQL that is true where an outlier is another number."""
    if spec.sigmas is None:
        return _moved(f"({value} * {spec.factor - 1!r})", value, column, None)
    deviation = (
        f"(SELECT coalesce(nullif(stddev_pop(s.{ident(column.name)}), 0), 1) FROM {clean} s "
        f"WHERE NOT s.__copy AND s.__source < {_SAMPLE_ROWS})"
    )
    return _moved(f"({deviation} * {spec.sigmas!r})", value, column, None)


def _moved(by: str, value: str, column: Column, step: float | None) -> str:
    """Return SQL that is true where a number moves by more than its step, within its type."""
    least = step or _step(column)
    far = [f"abs({by}) > {least!r}", f"abs({by}) > abs({value}) * {_LEAST_SHARE!r}"]
    most = _limit(column)
    return all_of([*far, *([] if most is None else [f"abs({value}) < {most}"])])


def _step(column: Column) -> float:
    match column.type:
        case DecimalType(scale=scale):
            return 10.0**-scale
        case IntegerType():
            return 1.0
        case _:
            return _FLOAT_STEP


def _limit(column: Column) -> int | None:
    """Return what a number of the column's type cannot be beyond; None where that is far away."""
    match column.type:
        case DecimalType(precision=precision, scale=scale):
            return max(int(10 ** (min(precision, _MOST_DIGITS) - scale)) - 1, 1)
        case IntegerType(bits=bits):
            return min(int(2 ** (bits - 1)) - 1, _EXACT)
        case _:
            return None

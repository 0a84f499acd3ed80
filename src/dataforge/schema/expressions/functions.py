"""The functions of the expression language, with how many arguments each takes.

Names are DuckDB's. An argument listed in ``constants`` must be written as a constant: its value
shapes the whole column, so that it can be computed without a loop over rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """Least and most arguments (None: any number), and which must be constants (from 0)."""

    least: int
    most: int | None
    constants: tuple[int, ...] = ()


_ONE = Signature(1, 1)
_MANY = Signature(1, None)

FUNCTIONS: Mapping[str, Signature] = {
    "abs": _ONE,
    "sign": _ONE,
    "round": Signature(1, 2, (1,)),
    "floor": _ONE,
    "ceil": _ONE,
    "sqrt": _ONE,
    "exp": _ONE,
    "ln": _ONE,
    "power": Signature(2, 2),
    "greatest": _MANY,
    "least": _MANY,
    "coalesce": _MANY,
    "nullif": Signature(2, 2),
    "lower": _ONE,
    "upper": _ONE,
    "trim": Signature(1, 2, (1,)),
    "ltrim": Signature(1, 2, (1,)),
    "rtrim": Signature(1, 2, (1,)),
    "length": _ONE,
    "reverse": _ONE,
    "substring": Signature(2, 3, (1, 2)),
    "left": Signature(2, 2, (1,)),
    "right": Signature(2, 2, (1,)),
    "replace": Signature(3, 3, (1, 2)),
    "lpad": Signature(3, 3, (1, 2)),
    "rpad": Signature(3, 3, (1, 2)),
    "concat": _MANY,
    "strpos": Signature(2, 2, (1,)),
    "starts_with": Signature(2, 2, (1,)),
    "ends_with": Signature(2, 2, (1,)),
    "contains": Signature(2, 2, (1,)),
    "year": _ONE,
    "quarter": _ONE,
    "month": _ONE,
    "week": _ONE,
    "day": _ONE,
    "hour": _ONE,
    "minute": _ONE,
    "second": _ONE,
    "dayofweek": _ONE,
    "isodow": _ONE,
    "dayofyear": _ONE,
    "last_day": _ONE,
    "date_trunc": Signature(2, 2, (0,)),
    "date_diff": Signature(3, 3, (0,)),
    "current_date": Signature(0, 0),
    "now": Signature(0, 0),
}

ALIASES: Mapping[str, str] = {
    "char_length": "length",
    "character_length": "length",
    "len": "length",
    "ceiling": "ceil",
    "pow": "power",
    "substr": "substring",
    "instr": "strpos",
    "position": "strpos",
    "datediff": "date_diff",
    "datetrunc": "date_trunc",
    "today": "current_date",
    "get_current_timestamp": "now",
    "current_timestamp": "now",
    "localtimestamp": "now",
    "dayofmonth": "day",
    "weekofyear": "week",
    "prefix": "starts_with",
    "suffix": "ends_with",
    "ucase": "upper",
    "lcase": "lower",
}

# Parts that EXTRACT and DATE_PART may name, and the function that each stands for.
DATE_PARTS: Mapping[str, str] = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "dow": "dayofweek",
    "dayofweek": "dayofweek",
    "isodow": "isodow",
    "doy": "dayofyear",
    "dayofyear": "dayofyear",
}

UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")

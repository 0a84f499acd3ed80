"""Units of measurement and chemical elements."""

from __future__ import annotations

from functools import cache, partial

from dataforge.engine.generators.records.fields import MakeField, Text
from dataforge.engine.generators.records.tabled import Rows


@cache
def _rows(record: str, locale: str) -> Rows:
    return Rows(record, record, locale)


def _column(record: str, column: str, locale: str) -> Text:
    return _rows(record, locale).text(column)


UNIT_FIELDS: dict[str, MakeField] = {
    **{
        column: partial(_column, "unit", column)
        for column in ("quantity", "name", "symbol", "system", "base")
    },
    "factor": lambda locale: _rows("unit", locale).number("factor", 9),
}
ELEMENT_FIELDS: dict[str, MakeField] = {
    **{column: partial(_column, "element", column) for column in ("name", "symbol")},
    "number": lambda locale: _rows("element", locale).number("number"),
    "mass": lambda locale: _rows("element", locale).number("mass", 4),
}

"""Locales of the schema and of its specs."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.locales import locale_problems
from dataforge.schema.model import Schema
from dataforge.schema.references import nested
from dataforge.schema.specs import RecordSpec, TextSpec, VocabularySpec


def check_locales(schema: Schema) -> Iterator[Problem]:
    """Every locale must be known, every weight of a mix positive."""
    yield from locale_problems(schema.locale, "locale")
    for table in schema.tables:
        for column in table.columns:
            path = f"tables.{table.name}.columns.{column.name}.spec.locale"
            for spec in nested(column.spec) if column.spec is not None else ():
                if isinstance(spec, TextSpec | VocabularySpec | RecordSpec) and spec.locale:
                    yield from locale_problems(spec.locale, path)

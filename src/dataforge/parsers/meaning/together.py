"""Columns that tell of one thing: a job with its level and pay, categories below one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.numbers import capacity
from dataforge.schema import (
    Column,
    DecimalType,
    FloatType,
    IntegerType,
    RecordSpec,
    Spec,
    StringType,
    Table,
    TextType,
)

Specs = Mapping[str, Spec | None]
Words = Mapping[str, Sequence[str]]

# Fields of the record ``job`` by concept, and the least width of text that has their words.
_TOLD = {
    "job_title": ("title", 40),
    "department": ("department", 25),
    "seniority": ("seniority", 15),
}
_PAID = {"salary": "salary", "min_salary": "salary_min", "max_salary": "salary_max"}
_NOT_A_YEAR = frozenset({"monthly", "month", "weekly", "hourly", "rate", "net"})
# What the best paid get in a year, in the currency of the locale.
_MOST = {
    "pt_BR": 7e5, "pl_PL": 9e5, "ar_SA": 1.1e6, "zh_CN": 1.4e6, "sv_SE": 3e6, "tr_TR": 6e6,
    "hi_IN": 7e6, "ja_JP": 4e7, "ko_KR": 3e8,
}  # fmt: skip
_MOST_ELSEWHERE = 5e5
_TREE_WIDTH = 30
_TREE = {("category", "name"): "name", ("internet", "slug"): "slug"}


def jobs_and_pay(
    table: Table, shown: Mapping[str, str], words: Words, limits: Bounds, locale: str
) -> dict[str, Spec]:
    """Return specs for titles, departments, levels and yearly pay that stand in one table.

    Only where pay stands beside one of the others; columns that rules speak of stay as they are.
    """
    free = {name: concept for name, concept in shown.items() if name not in limits.bound}
    told = dict(_told(table, free, limits)) | _level(table, free, words, limits)
    paid = {
        name: RecordSpec(record="job", field=_PAID[concept])
        for name, concept in free.items()
        if concept in _PAID
        and _NOT_A_YEAR.isdisjoint(words.get(name, ()))
        and _holds(table.column(name), _MOST.get(locale, _MOST_ELSEWHERE))
    }
    fields = [each.field for each in (*told.values(), *paid.values())]
    alone = not told or not paid or len(set(fields)) < len(fields)
    return {} if alone else {**told, **paid}


def _told(
    table: Table, shown: Mapping[str, str], limits: Bounds
) -> Iterator[tuple[str, RecordSpec]]:
    for name, concept in shown.items():
        if concept not in _TOLD or name in limits.listed or name in limits.numbers:
            continue
        column = table.column(name)
        field, width = _TOLD[concept]
        if _is_wide(column, width):
            yield name, RecordSpec(record="job", field=field)
        elif concept == "seniority" and isinstance(column.type, IntegerType):
            yield name, RecordSpec(record="job", field="level")


def _level(
    table: Table, shown: Mapping[str, str], words: Words, limits: Bounds
) -> dict[str, RecordSpec]:
    """Return the spec of a whole number that is called a level and nothing else."""
    return {
        name: RecordSpec(record="job", field="level")
        for name, said in words.items()
        if tuple(said) == ("level",)
        and name in shown
        and name not in limits.numbers
        and isinstance(table.column(name).type, IntegerType)
    }


def _is_wide(column: Column, width: int) -> bool:
    match column.type:
        case StringType(max_length=most):
            return most is None or most >= width
        case TextType():
            return True
        case _:
            return False


def _holds(column: Column, most: float) -> bool:
    if not isinstance(column.type, IntegerType | DecimalType | FloatType):
        return False
    bounds = capacity(column.type)
    return bounds is None or bounds[1] >= most


def category_trees(table: Table, specs: Specs) -> dict[str, Spec]:
    """Return specs for names and slugs of categories that refer to the category above."""
    above = [key for key in table.foreign_keys if key.parent == table.name]
    if len(above) != 1 or above[0].law is not None:
        return {}
    found: dict[str, Spec] = {}
    for name, spec in specs.items():
        if isinstance(spec, RecordSpec) and _is_wide(table.column(name), _TREE_WIDTH):
            field = _TREE.get((spec.record, spec.field))
            if field is not None:
                found[name] = RecordSpec(record="taxonomy", field=field)
    fields = [each.field for each in found.values() if isinstance(each, RecordSpec)]
    return found if fields.count("name") == 1 and fields.count("slug") <= 1 else {}

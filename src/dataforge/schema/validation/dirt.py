"""Dirt: each kind must find columns that it can act on."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.dirt import (
    CellDirt,
    DirtSpec,
    DuplicateDirt,
    LateDirt,
    MissingDirt,
    OrphanDirt,
    OutOfOrderDirt,
    SwapDirt,
    UnitDirt,
)
from dataforge.schema.dirt_targets import FITTING_DIRT, dirty_columns, fitting, single_references
from dataforge.schema.model import Schema, Table
from dataforge.schema.references import sql_columns
from dataforge.schema.validation.names_in_specs import check_sql

_ONCE = (DuplicateDirt, OutOfOrderDirt)


def check_dirt(schema: Schema) -> Iterator[Problem]:
    """Dirt must name columns that exist and whose type it can act on."""
    for table in schema.tables:
        path = f"tables.{table.name}.dirt"
        yield from _check_label(table)
        for index, spec in enumerate(table.dirt):
            yield from _check_columns(table, spec, f"{path}.{index}")
            yield from _check_own(table, spec, f"{path}.{index}")
        for kind in _ONCE:
            if sum(isinstance(spec, kind) for spec in table.dirt) > 1:
                name = kind.model_fields["kind"].default
                yield Problem(path, f"{name!r} stands twice", "keep one of them")


def _check_label(table: Table) -> Iterator[Problem]:
    label = table.dirt_label
    if label is None:
        return
    path = f"tables.{table.name}.dirt_label"
    if not label or label.casefold() in {name.casefold() for name in table.columns_by_name}:
        message = f"the table has a column {label!r} already" if label else "the name is empty"
        yield Problem(path, message, "choose another name")
    if not table.dirt:
        yield Problem(path, "the table has no dirt to label", "add dirt or drop the label")


def _check_columns(table: Table, spec: DirtSpec, path: str) -> Iterator[Problem]:
    if not isinstance(spec, CellDirt | SwapDirt):
        return
    for name in dict.fromkeys(spec.columns):
        column = table.columns_by_name.get(name)
        if column is None:
            hint = did_you_mean(name, table.columns_by_name)
            yield Problem(f"{path}.columns", f"there is no column {name!r}{hint}", "correct it")
        elif column.generated:
            message = f"{name!r} is computed by the database, not written"
            yield Problem(f"{path}.columns", message, "name another column")
        elif column.type.kind not in FITTING_DIRT[spec.kind]:
            message = f"{spec.kind!r} cannot act on {name!r}, which is of type {column.type.kind}"
            yield Problem(f"{path}.columns", message, _able(table, spec.kind))
        if list(spec.columns).count(name) > 1:
            yield Problem(f"{path}.columns", f"{name!r} stands twice", "name it once")
    if not dirty_columns(table, spec):
        message = f"no column of the table can take {spec.kind!r}"
        kinds = ", ".join(sorted(FITTING_DIRT[spec.kind]))
        remedy = f"name a column of type {kinds}, or drop it; keys are dirty only where named"
        yield Problem(path, message, remedy)


def _able(table: Table, kind: str) -> str:
    names = [column.name for column in fitting(table, kind)]
    if names:
        return f"it can act on {', '.join(names)}"
    return f"it acts on columns of type {', '.join(sorted(FITTING_DIRT[kind]))}"


def _check_own(table: Table, spec: DirtSpec, path: str) -> Iterator[Problem]:
    match spec:
        case SwapDirt():
            yield from _check_swap(table, spec, path)
        case MissingDirt():
            yield from _check_missing(table, spec, path)
        case OrphanDirt():
            yield from _check_orphans(table, spec, path)
        case UnitDirt() if (spec.flip is None) == (spec.factor is None):
            yield Problem(path, "a unit flip has either a flip or a factor", "give one of the two")
        case LateDirt() if spec.minimum > spec.maximum:
            message = f"minimum {spec.minimum} is above maximum {spec.maximum}"
            yield Problem(path, message, "swap the two")
        case _:
            pass


def _check_swap(table: Table, spec: SwapDirt, path: str) -> Iterator[Problem]:
    found = [table.columns_by_name[n].type for n in spec.columns if n in table.columns_by_name]
    kinds = ["text" if each.kind in {"string", "enum"} else each.kind for each in found]
    if len(kinds) == 2 and (kinds[0] != kinds[1] or (kinds[0] != "text" and found[0] != found[1])):
        first, second = spec.columns
        message = f"{first!r} is of type {found[0].kind}, {second!r} of type {found[1].kind}"
        alike = ", ".join(
            column.name
            for column in table.columns
            if column.name != first and column.type == found[0]
        )
        remedy = f"{first!r} can be swapped with {alike}" if alike else "swap columns of one type"
        yield Problem(f"{path}.columns", message, remedy)


def _check_missing(table: Table, spec: MissingDirt, path: str) -> Iterator[Problem]:
    if spec.pattern == "mcar":
        if spec.when is not None or spec.otherwise:
            message = "'mcar' leaves cells out completely at random, without a condition"
            yield Problem(
                path, message, "drop 'when' and 'otherwise', or write pattern mar or mnar"
            )
    elif spec.when is None:
        message = f"{spec.pattern!r} needs a condition"
        yield Problem(f"{path}.when", message, "add 'when: …' in SQL, as in age > 60")
    else:
        yield from check_sql(table, spec.when, f"{path}.when")
        yield from _check_pattern(table, spec, path)
    unable = [n for n in dirty_columns(table, spec) if n in table.columns_by_name]
    unable = [n for n in unable if table.column(n).type.kind not in {"string", "text", "enum"}]
    if spec.markers and unable:
        message = (
            f"markers are text, and {', '.join(unable)} {'is' if len(unable) == 1 else 'are'} not"
        )
        yield Problem(f"{path}.markers", message, "name text columns, or drop the markers")


def _check_pattern(table: Table, spec: MissingDirt, path: str) -> Iterator[Problem]:
    read = set(sql_columns(spec.when or ""))
    for name in dirty_columns(table, spec):
        if spec.pattern == "mar" and name in read:
            message = f"the condition speaks of {name!r}, which is the one that is missing"
            yield Problem(f"{path}.when", message, "write pattern: mnar, or use other columns")
        elif spec.pattern == "mnar" and read and name not in read:
            message = f"the condition does not speak of {name!r}, which is the one that is missing"
            yield Problem(f"{path}.when", message, "write pattern: mar, or name its columns alone")


def _check_orphans(table: Table, spec: OrphanDirt, path: str) -> Iterator[Problem]:
    able = single_references(table)
    for name in spec.columns:
        if name in table.columns_by_name and name not in able:
            listed = f"name one of {', '.join(able)}" if able else "the table has none"
            message = f"{name!r} is not a foreign key by itself"
            yield Problem(f"{path}.columns", message, listed)

"""Moments that must not be earlier than others: children and their parents, versions in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dataforge.schema import (
    AsOfSpec,
    Bound,
    Column,
    DatetimeSpec,
    DateType,
    EventTimeSpec,
    ForeignKey,
    IntervalStartSpec,
    OffsetSpec,
    Table,
)
from dataforge.verification.certificate import Check
from dataforge.verification.conditions import unequal
from dataforge.verification.references import equal, target
from dataforge.verification.scope import Place, Question, Scope, ask
from dataforge.verification.sql_text import all_of, any_of, ident


def moment_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check every column of moments against those that its spec says it follows."""
    for column in place.table.columns:
        if not place.has((column.name,)):
            continue
        for key, name in _follows(place.table, column):
            parent = scope.places.get(key.parent)
            if parent and place.has(key.columns) and parent.has((*key.parent_columns, name)):
                yield ask(scope.session, _after(scope, place, parent, key, column, name))
        match column.spec:
            case DatetimeSpec():
                yield from _bounds(scope, place, column, column.spec)
            case AsOfSpec():
                yield from _as_of(scope, place, column, column.spec)
            case _:
                pass


def _follows(table: Table, column: Column) -> Iterator[tuple[ForeignKey, str]]:
    """Yield the keys and parents' columns of moments that a column is never before."""
    keys = {key.label: key for key in table.foreign_keys}
    match column.spec:
        case OffsetSpec(foreign_key=str(label), minimum=least) as spec:
            if least >= 0 and label in keys and column.type.kind in {"date", "timestamp"}:
                yield keys[label], spec.column
        case DatetimeSpec(after=after) if not is_ruled(table, column):
            for bound in after:
                if bound.foreign_key in keys:
                    yield keys[str(bound.foreign_key)], bound.column
        case EventTimeSpec(after=str(name)) | IntervalStartSpec(after=str(name)):
            if table.owner is not None:
                yield table.owner, name
        case _:
            pass


def is_ruled(table: Table, column: Column) -> bool:
    """A rule that ends a column's moments goes before those of parents."""
    name = column.name
    return any(rule.enforced and name in rule.expression for rule in table.rules)


def join(place: Place, parent: Place, key: ForeignKey) -> str:
    """Return the condition that row ``p`` is the parent of row ``t``."""
    pairs = zip(
        place.of("t", key.columns),
        parent.of("p", key.parent_columns),
        key.columns,
        key.parent_columns,
        strict=True,
    )
    return all_of(
        equal(mine, place.table.column(a).type, other, parent.table.column(b).type)
        for mine, other, a, b in pairs
    )


def _after(
    scope: Scope, place: Place, parent: Place, key: ForeignKey, column: Column, name: str
) -> Question:
    cell, bound = place.of("t", (column.name,))[0], parent.of("p", (name,))[0]
    mine, other = comparable(column, cell, parent.table.column(name), bound)
    bad = f"{mine} < {other}"
    if _stays_past(column):
        bad = any_of([bad, f"{mine} > {other} AND {cell} > {present(scope.schema.now)}"])
    joined = f"{parent.relation} p ON {join(place, parent, key)}"
    broken = f"{place.relation} t JOIN {joined} WHERE {bad}"
    text = f"not before {key.parent}.{name} by {target(key)}"
    return Question("after", place, (column.name, name), text, broken, (cell, bound))


def _stays_past(column: Column) -> bool:
    spec = column.spec
    return isinstance(spec, EventTimeSpec) or (isinstance(spec, OffsetSpec) and spec.past)


def comparable(left: Column, cell: str, right: Column, other: str) -> tuple[str, str]:
    """Compare a date with a moment by the day."""
    if isinstance(left.type, DateType) == isinstance(right.type, DateType):
        return cell, other
    return f"CAST({cell} AS DATE)", f"CAST({other} AS DATE)"


def present(now: datetime) -> str:
    """Return the schema's present as SQL."""
    return f"CAST('{now.isoformat(sep=' ')}' AS TIMESTAMP)"


def _bounds(scope: Scope, place: Place, column: Column, spec: DatetimeSpec) -> Iterator[Check]:
    """Check what a moment keeps to in its own row, and what it must not be after."""
    for bound in spec.after:
        if bound.foreign_key is None and place.has((bound.column,)):
            yield ask(scope.session, _own(place, column, bound))
    before = spec.before
    if before is None or len(spec.after) > 1:
        return
    key = next((k for k in place.table.foreign_keys if k.label == before.foreign_key), None)
    same = all(each.foreign_key == before.foreign_key for each in spec.after)
    parent = place if before.foreign_key is None else scope.places.get(key.parent if key else "")
    names = (before.column, *(each.column for each in spec.after))
    if parent is None or not same or not parent.has(names):
        return
    cell = place.of("t", (column.name,))[0]
    held = parent.of("t" if key is None else "p", names)
    kinds = [parent.table.column(name) for name in names]
    mine, last = comparable(column, cell, kinds[0], held[0])
    # Where the end is before the beginning, the beginning goes first.
    sound = [
        f"{first} IS NULL OR {first} < {end}"
        for first, end in (comparable(kinds[1], held[1], kinds[0], held[0]) for _ in spec.after)
    ]
    bad = all_of([f"{mine} > {last}", *sound])
    broken = f"{place.relation} t WHERE {bad}"
    if key is not None:
        joined = join(place, parent, key)
        broken = f"{place.relation} t JOIN {parent.relation} p ON {joined} WHERE {bad}"
    text = f"not after {parent.table.name}.{before.column}"
    question = Question("after", place, (column.name, before.column), text, broken, (cell, held[0]))
    yield ask(scope.session, question)


def _own(place: Place, column: Column, bound: Bound) -> Question:
    cell, other = place.of("t", (column.name, bound.column))
    mine, base = comparable(column, cell, place.table.column(bound.column), other)
    broken = f"{place.relation} t WHERE {mine} < {base}"
    text = f"not before {bound.column}"
    return Question("after", place, (column.name, bound.column), text, broken, (cell, other))


def _as_of(scope: Scope, place: Place, column: Column, spec: AsOfSpec) -> Iterator[Check]:
    """Check that a version's value is that of the last version that had begun."""
    key = next((k for k in place.table.foreign_keys if k.label == spec.foreign_key), None)
    versions = scope.places.get(spec.table)
    owner = None if versions is None else versions.table.owner
    if key is None or versions is None or owner is None:
        return
    if not place.has((*key.columns, spec.at)) or not versions.has(
        (*owner.columns, spec.column, spec.valid_from)
    ):
        return
    cell, at = place.of("t", (column.name, spec.at))
    begins, value = (ident("__begins"), ident("__value"))
    own = versions.of("v", owner.columns)
    keys = ", ".join(f"{each} AS k{n}" for n, each in enumerate(own))
    begun, held = versions.of("v", (spec.valid_from, spec.column))
    order = f"OVER (PARTITION BY {', '.join(own)} ORDER BY {begun}"
    tabled = (
        f"SELECT {keys}, {begun} AS {begins}, {held} AS {value}, row_number() {order}) AS n, "
        f"lead({begun}) {order}) AS following FROM {versions.relation} v"
    )
    kinds = place.table, versions.table
    pairs = all_of(
        equal(mine, kinds[0].column(a).type, f"p.k{n}", kinds[1].column(b).type)
        for n, (mine, a, b) in enumerate(
            zip(place.of("t", key.columns), key.columns, owner.columns, strict=True)
        )
    )
    at_column, from_column = place.table.column(spec.at), versions.table.column(spec.valid_from)
    moment, first = comparable(at_column, at, from_column, f"p.{begins}")
    _, following = comparable(at_column, at, from_column, "p.following")
    in_force = (
        f"(p.n = 1 OR {first} <= {moment}) AND (p.following IS NULL OR {following} > {moment})"
    )
    bad = unequal(column, cell, f"p.{value}", inexact=column.type.kind == "float")
    broken = f"{place.relation} t JOIN ({tabled}) p ON {pairs} AND {in_force} WHERE {bad}"
    text = f"{spec.table}.{spec.column} as of {spec.at}"
    shown = (cell, f"p.{value}")
    yield ask(
        scope.session,
        Question("as_of", place, (column.name, spec.column), text, broken, shown),
    )

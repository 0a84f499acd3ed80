"""Parents and their owned children: child counts, aggregates, and looked-up values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dataforge.schema import (
    AggregateSpec,
    Column,
    DecimalType,
    FixedLaw,
    FloatType,
    ForeignKey,
    IntegerType,
    LookupSpec,
    OrdinalSpec,
    RangeLaw,
)
from dataforge.verification.certificate import Check
from dataforge.verification.conditions import (
    RELATIVE,
    expression_columns,
    half_unit,
    inexact,
    unequal,
)
from dataforge.verification.references import equal, target
from dataforge.verification.scope import Place, Question, RefusedError, Scope, ask, verdict
from dataforge.verification.sql_text import all_of, any_of


@dataclass(frozen=True, slots=True)
class Family:
    """A parent's place, its children's place and the owning key between them."""

    parent: Place
    children: Place
    key: ForeignKey

    def grouped(self, totals: list[str]) -> str:
        """Return a FROM clause: parents ``t`` with ``totals`` over their children as ``c``."""
        keys = self.children.of("k", self.key.columns)
        named = [f"{cell} AS k{n}" for n, cell in enumerate(keys)]
        groups = (
            f"SELECT {', '.join([*named, *totals])} FROM {self.children.relation} k "
            f"WHERE {all_of(f'{cell} IS NOT NULL' for cell in keys)} GROUP BY {', '.join(keys)}"
        )
        pairs = [
            equal(
                mine,
                self.parent.table.column(parent_name).type,
                f"c.k{n}",
                self.children.table.column(name).type,
            )
            for n, (mine, parent_name, name) in enumerate(
                zip(
                    self.parent.of("t", self.key.parent_columns),
                    self.key.parent_columns,
                    self.key.columns,
                    strict=True,
                )
            )
        ]
        return f"{self.parent.relation} t LEFT JOIN ({groups}) c ON {all_of(pairs)}"


def family(scope: Scope, children: Place | None) -> Family | None:
    """Return the family of an owned table; None where it has no owner or a part is missing."""
    key = children.table.owner if children else None
    parent = scope.places.get(key.parent) if key else None
    if children is None or key is None or parent is None:
        return None
    complete = children.has(key.columns) and parent.has(key.parent_columns)
    return Family(parent, children, key) if complete else None


@dataclass(frozen=True, slots=True)
class Member:
    """A check on parents: what to total over their children, and which parents are wrong."""

    total: str
    bad: str
    columns: tuple[str, ...]
    constraint: str
    shown: tuple[str, ...]
    kind: Literal["cardinality", "aggregate", "ordinal"]

    def question(self, found: Family) -> Question:
        """Return the member as a query of its own."""
        broken = f"{found.grouped([self.total])} WHERE {self.bad}"
        return Question(self.kind, found.parent, self.columns, self.constraint, broken, self.shown)


def family_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check the parents of an owned table: child counts and every aggregate over the children.

    The children are grouped once for all of it.
    """
    found = family(scope, place)
    members = list(_members(found)) if found else []
    if found is None or not members:
        return
    counts = ", ".join(f"count(CASE WHEN {member.bad} THEN 1 END)" for member in members)
    grouped = found.grouped([member.total for member in members])
    try:
        counted = scope.session.rows(f"SELECT {counts} FROM {grouped}")[0]
    except RefusedError:
        yield from (ask(scope.session, member.question(found)) for member in members)
        return
    for member, count in zip(members, counted, strict=True):
        yield verdict(scope.session, member.question(found), int(str(count)))


def _members(found: Family) -> Iterator[Member]:
    if member := _cardinality(found):
        yield member
    if not found.children.numbered:
        yield from _ordinals(found)
    for number, column in enumerate(found.parent.table.columns):
        spec = column.spec
        if not isinstance(spec, AggregateSpec) or spec.table != found.children.table.name:
            continue
        if spec.function in {"first", "last"} and not found.children.numbered:
            continue
        if found.parent.has((column.name,)) and found.children.has(aggregate_columns(spec)):
            yield _aggregate(found, column, spec, f"total_{number}")


def _cardinality(found: Family) -> Member | None:
    """Hold every parent to a fixed or range law; the children's own row count outranks it."""
    law = found.key.law
    match law:
        case FixedLaw():
            low = high = law.count
        case RangeLaw():
            low, high = law.minimum, law.maximum
        case _:
            return None
    if found.children.table.rows is not None:
        return None
    count = "coalesce(c.children, 0)"
    names = found.key.parent_columns
    return Member(
        total="count(*) AS children",
        bad=f"{count} < {low} OR {count} > {high}",
        columns=(*names, "children"),
        constraint=f"{low} to {high} rows of {found.children.table.name} by {target(found.key)}",
        shown=(*found.parent.of("t", names), count),
        kind="cardinality",
    )


def aggregate_columns(spec: AggregateSpec) -> tuple[str, ...]:
    """Return the child columns that an aggregate reads."""
    if spec.expression is not None:
        return expression_columns(spec.expression)
    return (spec.column,) if spec.column is not None else ()


def _ordinals(found: Family) -> Iterator[Member]:
    """Hold ordinals to start, start + step, … where rows have no number to compare them with."""
    for number, column in enumerate(found.children.table.columns):
        spec = column.spec
        if not isinstance(spec, OrdinalSpec) or not found.children.has((column.name,)):
            continue
        cell, total = found.children.of("k", (column.name,))[0], f"c.ordinal_{number}"
        low, high, distinct = f"{total}_low", f"{total}_high", f"{total}_distinct"
        first, last = ("low", "high") if spec.step >= 0 else ("high", "low")
        yield Member(
            total=(
                f"count(*) AS ordinal_{number}, min({cell}) AS ordinal_{number}_low, "
                f"max({cell}) AS ordinal_{number}_high, "
                f"count(DISTINCT {cell}) AS ordinal_{number}_distinct"
            ),
            bad=any_of(
                [
                    f"{total}_{first} <> {spec.start}",
                    f"{total}_{last} <> {spec.start} + ({total} - 1) * {spec.step}",
                    f"{distinct} <> {total}" if spec.step else "FALSE",
                ]
            ),
            columns=(f"lowest {column.name}", f"highest {column.name}", "children"),
            constraint=(
                f"{found.children.table.name}.{column.name} from {spec.start} by {spec.step}"
            ),
            shown=(low, high, total),
            kind="ordinal",
        )


def _aggregate(found: Family, column: Column, spec: AggregateSpec, alias: str) -> Member:
    """Ask for the parents whose cell is not the children's aggregate, rounded to its type."""
    value = _child_value(found, spec)
    cell, total = found.parent.of("t", (column.name,))[0], f"c.{alias}"
    if spec.function == "mean":
        totals = f"sum({value}) AS {alias}, count({value}) AS {alias}_n"
        bad, shown = _mean(column, cell, total), f"{total} / {total}_n"
    else:
        call = _call(found, spec.function, value)
        totals = f"{call} AS {alias}"
        empty = spec.function in {"sum", "count"}
        wanted = f"coalesce({total}, 0)" if empty else total
        bad, shown = unequal(column, cell, wanted, inexact=_inexact(found, spec)), total
    source = spec.expression or spec.column or "*"
    return Member(
        total=totals,
        bad=bad,
        columns=(column.name, f"{spec.function}({source})"),
        constraint=f"{spec.function} of {spec.table}.{source}",
        shown=(cell, shown),
        kind="aggregate",
    )


def _call(found: Family, function: str, value: str) -> str:
    if function in {"first", "last"}:
        row = f"k.{found.children.identity[0]}"
        return f"{'arg_min' if function == 'first' else 'arg_max'}({value}, {row})"
    return "count(*)" if value == "*" else f"{function}({value})"


def _inexact(found: Family, spec: AggregateSpec) -> bool:
    if spec.expression is not None:
        return inexact(spec.expression, found.children.table)
    child = found.children.table.columns_by_name.get(spec.column or "")
    return child is not None and isinstance(child.type, FloatType)


def _child_value(found: Family, spec: AggregateSpec) -> str:
    """Return SQL over ``k`` for what is aggregated; wide enough not to overflow."""
    if spec.expression is not None:
        return f"({spec.expression})"
    if spec.column is None:
        return "*"
    cell = found.children.of("k", (spec.column,))[0]
    kind = found.children.table.column(spec.column).type
    if spec.function in {"sum", "mean"} and isinstance(kind, IntegerType):
        return f"CAST({cell} AS DECIMAL(38,0))"
    return cell


def _mean(column: Column, cell: str, total: str) -> str:
    """Compare without dividing: cell times count against the sum, half a unit a child allowed."""
    exact = isinstance(column.type, (DecimalType, IntegerType))
    slack = f"{half_unit(column)} * {total}_n" if exact else "0"
    near = f"abs({cell} * {total}_n - {total}) <= {slack} + {RELATIVE} * abs({total})"
    missing = "" if column.null_share else f"{cell} IS NULL AND {total} IS NOT NULL"
    made_up = f"{cell} IS NOT NULL AND {total} IS NULL" if column.nullable else ""
    return any_of(part for part in (f"NOT ({near})", missing, made_up) if part)


def lookup_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check that columns looked up in a parent's row hold what that row holds."""
    keys = {key.label: key for key in place.table.foreign_keys}
    for column in place.table.columns:
        spec = column.spec
        key = keys.get(spec.foreign_key) if isinstance(spec, LookupSpec) else None
        parent = scope.places.get(key.parent) if key else None
        if not isinstance(spec, LookupSpec) or key is None or parent is None:
            continue
        whole = place.has((column.name, *key.columns))
        if whole and parent.has((spec.column, *key.parent_columns)):
            yield ask(scope.session, _lookup(place, parent, key, column, spec))


def _lookup(
    place: Place, parent: Place, key: ForeignKey, column: Column, spec: LookupSpec
) -> Question:
    cell = place.of("t", (column.name,))[0]
    theirs = parent.of("p", (spec.column,))[0]
    pairs = [
        equal(mine, place.table.column(a).type, other, parent.table.column(b).type)
        for mine, other, a, b in zip(
            place.of("t", key.columns),
            parent.of("p", key.parent_columns),
            key.columns,
            key.parent_columns,
            strict=True,
        )
    ]
    kind = parent.table.column(spec.column).type.kind
    same = kind == column.type.kind or {kind, column.type.kind} <= {"integer", "decimal", "float"}
    wanted = theirs if same else f"CAST({theirs} AS VARCHAR)"
    own = cell if same else f"CAST({cell} AS VARCHAR)"
    bad = unequal(column, own, wanted, inexact="float" in {kind, column.type.kind})
    broken = f"{place.relation} t JOIN {parent.relation} p ON {all_of(pairs)} WHERE {bad}"
    text = f"{key.parent}.{spec.column} by {target(key)}"
    names = (column.name, f"{key.parent}.{spec.column}")
    return Question("lookup", place, names, text, broken, (cell, theirs))

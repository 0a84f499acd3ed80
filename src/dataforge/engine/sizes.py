"""How many rows each table has, and how owned rows are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dataforge.engine.histogram import HistogramLayout, fit
from dataforge.engine.key_roles import WIDEST, KeyRoles
from dataforge.engine.layout import Layout, TreeLayout
from dataforge.engine.permutation import Permutation
from dataforge.engine.spans import span_of
from dataforge.engine.splits import Bounds, Clustered, Even, Independent, Ranked, Split, Spread
from dataforge.errors import Problem
from dataforge.schema import (
    CardinalityLaw,
    Column,
    DecimalType,
    FixedLaw,
    ForeignKey,
    GeometricLaw,
    IntegerType,
    LearnedLaw,
    PoissonLaw,
    RangeLaw,
    Schema,
    SequenceSpec,
    StringType,
    Table,
    UnionKeySpec,
    ZipfLaw,
)
from dataforge.streams import derive_key


@dataclass(frozen=True, slots=True)
class Size:
    """A table's row count, with what had to be said about it."""

    row_count: int
    notes: tuple[Problem, ...] = ()
    errors: tuple[Problem, ...] = ()


def size_table(schema: Schema, table: Table, roles: KeyRoles, rows: Mapping[str, int]) -> Size:
    """Return the rows asked for (explicit, by the owning law, or the default) or as many as fit.

    An explicit count beyond what the keys can hold is an error; a default is cut with a note
    where the owning law allows fewer rows.
    """
    wanted = _wanted(schema, table, rows)
    capacity, reason = _capacity(table, roles, rows)
    if wanted <= capacity:
        return Size(wanted, errors=_law_errors(table, wanted, rows))
    path = f"tables.{table.name}.rows"
    if table.rows is None and not _law_errors(table, capacity, rows):
        note = Problem(
            path, f"{capacity:,} rows instead of {wanted:,}: {reason}", severity="warning"
        )
        return Size(capacity, notes=(note,))
    problem = Problem(
        path,
        f"{wanted:,} rows are asked for but {reason}",
        f"ask for at most {capacity:,} rows, or widen the key",
    )
    return Size(wanted, errors=(problem,))


def layout_table(schema: Schema, table: Table, roles: KeyRoles, rows: Mapping[str, int]) -> Layout:
    """Return the layout of an owned table under its parent."""
    owner = table.owner
    assert owner is not None  # noqa: S101 - only asked for owned tables
    parents, count = rows[owner.parent], rows[table.name]
    key = derive_key(schema.seed, table.name, "layout", owner.label)
    most = min(roles.capacity_per_owner, count)
    if isinstance(owner.law, LearnedLaw) and parents:
        return HistogramLayout(key, fit(owner.law.weights, parents, count, most))
    split = _split(owner.law, parents, count, most)
    order = Permutation(key + 7, parents) if isinstance(split, Ranked) and parents else None
    return TreeLayout(key, parents, count, split, order)


def _wanted(schema: Schema, table: Table, rows: Mapping[str, int]) -> int:
    if table.rows is not None:
        return table.rows
    mean = _mean(table.owner)
    if table.owner is not None and mean is not None:
        return round(rows[table.owner.parent] * mean)
    return schema.default_rows


def _mean(owner: ForeignKey | None) -> float | None:
    match owner.law if owner else None:
        case FixedLaw(count=count):
            return count
        case RangeLaw(minimum=low, maximum=high):
            return (low + high) / 2
        case PoissonLaw(mean=mean) | GeometricLaw(mean=mean) | ZipfLaw(mean=mean):
            return mean
        case LearnedLaw(weights=weights):
            return sum(k * weight for k, weight in enumerate(weights)) / sum(weights)
        case _:
            return None


def _capacity(table: Table, roles: KeyRoles, rows: Mapping[str, int]) -> tuple[int, str]:
    capacity = roles.capacity
    reason = f"the key ({', '.join(roles.capacity_key)}) has {capacity:,} different values"
    owner = table.owner
    if owner is not None:
        per_owner = roles.capacity_per_owner
        under_owner = rows[owner.parent] * per_owner
        if under_owner < capacity:
            held = f"{per_owner:,} rows each" if per_owner < WIDEST else "no rows at all"
            reason = f"{rows[owner.parent]:,} rows of {owner.parent} can own {held}"
            capacity = under_owner
    for column in table.columns:
        counted = _counting_room(column)
        if counted is not None and counted < capacity:
            capacity, reason = counted, f"{column.name} can count {counted:,} rows in its type"
    for key in table.foreign_keys:
        needed = not all(table.column(name).nullable for name in key.columns)
        if needed and rows.get(key.parent) == 0 and key.parent != table.name:
            capacity = 0
            reason = f"{key.label} must point to {key.parent}, which has no rows"
        span = span_of(key) if key.parent == table.name else None
        if span is not None and span.capacity < capacity:
            capacity = span.capacity
            reason = f"a tree of {span.levels} levels by {key.label} has {capacity:,} at most"
    targets = required_unions(table)
    for name in targets:
        if not any(rows.get(each, 1) for each in targets[name]):
            capacity = 0
            reason = f"{name} must point to {' or '.join(targets[name])}, which have no rows"
    return capacity, reason


def required_unions(table: Table) -> dict[str, tuple[str, ...]]:
    """Return the tables that each union key of the table points to, where it must not be null."""
    return {
        column.name: tuple(target.table for target in column.spec.targets)
        for column in table.columns
        if isinstance(column.spec, UnionKeySpec) and not column.nullable
    }


def _counting_room(column: Column) -> int | None:
    """Return how many steps of a column's own sequence its type holds, None if not bounded."""
    spec = column.spec
    if not isinstance(spec, SequenceSpec) or spec.step == 0:
        return None
    match column.type:
        case IntegerType(bits=bits, signed=signed):
            low = -(1 << (bits - 1)) if signed else 0
            high = (1 << (bits - 1 if signed else min(bits, 63))) - 1
        case DecimalType(precision=precision, scale=scale):
            high = min(10 ** (precision - scale), 1 << 63) - 1
            low = -high
        case StringType(max_length=int(length)):
            high = min(10**length, 1 << 63) - 1
            low = -(10 ** (min(length, 19) - 1)) + 1
        case _:
            return None
    room = (high - spec.start) // spec.step if spec.step > 0 else (spec.start - low) // -spec.step
    return max(room + 1, 0) if low <= spec.start <= high else 0


def _law_errors(table: Table, count: int, rows: Mapping[str, int]) -> tuple[Problem, ...]:
    owner = table.owner
    if owner is None:
        return ()
    parents = rows[owner.parent]
    match owner.law:
        case FixedLaw(count=each):
            low = high = parents * each
        case RangeLaw(minimum=minimum, maximum=maximum):
            low, high = parents * minimum, parents * maximum
        case LearnedLaw(weights=weights):
            seen = _seen(weights)
            low, high = parents * seen[0], parents * seen[-1]
        case _:
            return ()
    if low <= count <= high:
        return ()
    path = f"tables.{table.name}.rows"
    text = f"{count:,} rows do not fit the law of {owner.label}: {low:,} to {high:,} do"
    return (Problem(path, text, "leave rows out (the law then decides) or change the law"),)


def _split(law: CardinalityLaw | None, parents: int, count: int, most: int) -> Split:
    high = most if most < count else None
    # Where there is enough to go round nobody is left without: an order has a line.
    low = 1 if count >= 2 * parents else 0
    match law:
        case FixedLaw():
            return Even()
        case RangeLaw(minimum=minimum, maximum=maximum):
            bounds = Bounds(minimum, min(maximum, most))
            return Spread(bounds, min(maximum, most) - minimum)
        case PoissonLaw():
            return Independent(Bounds(0, high))
        case ZipfLaw(exponent=exponent):
            return Ranked(exponent, Bounds(0, high))
        case None:
            return Clustered(1.0, Bounds(low, high))
        case _:
            return Clustered(1.0, Bounds(0, high))


def _seen(weights: tuple[float, ...]) -> list[int]:
    return [k for k, weight in enumerate(weights) if weight > 0]

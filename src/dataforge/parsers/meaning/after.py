"""Rows that come after their parents: an order after its customer, its lines at the same hour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dataforge.errors import DataForgeError
from dataforge.schema import (
    Bound,
    Column,
    DatetimeSpec,
    Exponential,
    ForeignKey,
    OffsetSpec,
    Schema,
    Spec,
    Table,
    Uniform,
)
from dataforge.schema.expressions import columns_of, parse_expression

Cell = tuple[str, str]
Specs = Mapping[str, Mapping[str, Spec | None]]
Concepts = Mapping[str, Mapping[str, str]]

_HOUR_S, _DAY_S = 3_600, 86_400
# Concepts of moments that a row cannot have before its parents are there, and those that tell
# when a parent is, the later first.
_FOLLOWING = frozenset(
    {"created", "ordered", "started", "shipped", "delivered", "cancelled", "updated"}
)
_BEGINNINGS = ("ordered", "created")
_MOST_PARENTS = 3


@dataclass(frozen=True, slots=True)
class Kinship:
    """Tables whose rows follow a parent's soon: within ``most_days``, ``mean_days`` on average.

    ``child`` and ``parent`` are patterns that the tables' names contain.
    """

    child: str
    parent: str
    mean_days: float
    most_days: float

    def joins(self, table: Table, key: ForeignKey) -> bool:
        """Tell whether a table and the parent of a key are such a pair."""
        names = table.name.lower(), key.parent.lower()
        return bool(re.search(self.child, names[0]) and re.search(self.parent, names[1]))


_SOON = (
    Kinship(
        r"(items?|lines?|details?|positions?)$",
        r"order|invoice|sale|purchase|receipt|cart|basket|bill|quote|shipment|transaction",
        0, 0,
    ),
    Kinship(
        r"payment|invoice|shipment|deliver|refund|return|fulfil",
        r"order|invoice|sale|booking|reservation|rental|purchase|appointment|payment",
        3, 30,
    ),
    Kinship(
        r"comment|repl(y|ies)|like|reaction|vote|answer|attachment",
        r"post|article|photo|video|question|ticket|issue|topic|thread|comment|task|answer",
        6, 400,
    ),
)  # fmt: skip
# Days after the parent's beginning by the concept of the child's own moment.
_DAYS = {"shipped": (1, 10), "delivered": (2, 18), "cancelled": (0, 8)}
_ORDERED = re.compile(r"order|sale|purchase|shipment")


def after_parents(schema: Schema, specs: Specs, concepts: Concepts) -> dict[str, dict[str, Spec]]:
    """Return specs by table and column for moments that follow those of their rows' parents.

    Where tables refer to each other in a circle the later key in the schema's order is left out,
    so that no moment needs itself. Columns of keys, and those that rules tie to others than what
    is computed from them, stay as they are.
    """
    edges = {
        (table, name): [(table, each) for each in (spec.column, *spec.after)]
        for table, made in specs.items()
        for name, spec in made.items()
        if isinstance(spec, OffsetSpec) and spec.foreign_key is None
    }
    found: dict[str, dict[str, Spec]] = {}
    for table in schema.tables:
        for name in _free_moments(table, specs[table.name], concepts[table.name]):
            parents = [
                (key, base)
                for key, base in _parents(schema, table, specs, concepts)
                if not _reaches(edges, (key.parent, base), (table.name, name))
            ][:_MOST_PARENTS]
            if not parents:
                continue
            edges[table.name, name] = [(key.parent, base) for key, base in parents]
            column, concept = table.column(name), concepts[table.name][name]
            spec = specs[table.name][name]
            assert isinstance(spec, DatetimeSpec)  # noqa: S101 - these are the free ones
            made = _soon(table, column, concept, parents) or _bounded(spec, parents)
            found.setdefault(table.name, {})[name] = made
    return found


def _free_moments(
    table: Table, specs: Mapping[str, Spec | None], concepts: Mapping[str, str]
) -> Iterator[str]:
    keyed = {name for key in table.keys for name in key}
    keyed.update(name for key in table.foreign_keys for name in key.columns)
    for name, spec in specs.items():
        is_moment = table.column(name).type.kind in {"date", "timestamp"}
        if not is_moment or not isinstance(spec, DatetimeSpec) or spec.after:
            continue
        if concepts.get(name) in _FOLLOWING and name not in keyed and not _tied(table, name, specs):
            yield name


def _tied(table: Table, name: str, specs: Mapping[str, Spec | None]) -> bool:
    """Tell whether a rule speaks of the column together with one that does not follow it."""
    for rule in table.rules:
        try:
            named = set(columns_of(parse_expression(rule.expression)))
        except DataForgeError:
            continue
        others = [specs.get(other) for other in named - {name}] if name in named else []
        if any(not isinstance(each, OffsetSpec) or each.column != name for each in others):
            return True
    return False


def _parents(
    schema: Schema, table: Table, specs: Specs, concepts: Concepts
) -> Iterator[tuple[ForeignKey, str]]:
    """Yield the keys to parents that have a beginning, required ones first, and its column."""
    keys = sorted(table.foreign_keys, key=lambda key: _is_optional(table, key))
    for key in keys:
        if key.parent == table.name or key.parent not in schema.tables_by_name:
            continue
        base = _beginning(schema.table(key.parent), specs[key.parent], concepts[key.parent])
        if base is not None:
            yield key, base


def _is_optional(table: Table, key: ForeignKey) -> bool:
    return any(table.column(name).nullable for name in key.columns)


def _beginning(
    parent: Table, specs: Mapping[str, Spec | None], concepts: Mapping[str, str]
) -> str | None:
    """Return the parent's column of moments that says since when a row is there."""
    moments = [
        name
        for name in concepts
        if parent.column(name).type.kind in {"date", "timestamp"}
        and isinstance(specs.get(name), DatetimeSpec | OffsetSpec)
    ]
    ordered = (n for concept in _BEGINNINGS for n in moments if concepts[n] == concept)
    return next(ordered, None)


def _soon(
    table: Table, column: Column, concept: str, parents: list[tuple[ForeignKey, str]]
) -> OffsetSpec | None:
    """Return an offset from the parent that the row belongs to, where it follows soon."""
    for key, base in parents:
        place = Place(key, base, _DAY_S if column.type.kind == "timestamp" else 1)
        if concept in _DAYS and _ORDERED.search(key.parent.lower()):
            low, high = _DAYS[concept]
            return place.offset(low, high)
        if _is_optional(table, key):
            continue
        for kinship in _SOON:
            if kinship.joins(table, key):
                return place.offset(0, kinship.most_days, kinship.mean_days)
    return None


@dataclass(frozen=True, slots=True)
class Place:
    """A parent's moment, and how many units of a column of moments a day has."""

    key: ForeignKey
    base: str
    day: int

    def offset(self, low: float, high: float, mean: float = 0) -> OffsetSpec:
        """Return an offset in days; one of no days at all is within the hour."""
        most = high * self.day or (_HOUR_S if self.day > 1 else 0)
        law = Exponential(mean=mean * self.day) if mean else Uniform()
        return OffsetSpec(
            foreign_key=self.key.label,
            column=self.base,
            minimum=low * self.day,
            maximum=most,
            distribution=law,
            past=True,
        )


def _bounded(spec: DatetimeSpec, parents: list[tuple[ForeignKey, str]]) -> DatetimeSpec:
    bounds = tuple(Bound(column=base, foreign_key=key.label) for key, base in parents)
    return spec.model_copy(update={"after": bounds})


def _reaches(edges: Mapping[Cell, list[Cell]], start: Cell, goal: Cell) -> bool:
    waiting, seen = [start], set()
    while waiting:
        cell = waiting.pop()
        if cell == goal:
            return True
        if cell not in seen:
            seen.add(cell)
            waiting.extend(edges.get(cell, ()))
    return False

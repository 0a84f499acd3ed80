"""Prices that repeat or multiply: a line shows its product's price, and its total."""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.numbers import capacity
from dataforge.schema import (
    CategoricalSpec,
    Column,
    DecimalType,
    ExpressionSpec,
    IntegerType,
    LookupSpec,
    NumberSpec,
    Spec,
    Table,
)

DEAREST = 2_000.0
_PERCENT = 100


def line_totals(
    table: Table, concepts: Mapping[str, str], specs: Mapping[str, Spec | None], bounds: Bounds
) -> dict[str, Spec]:
    """Return totals as price times quantity (less the discount) of the same row."""
    of = {meaning: table.columns_by_name[name] for name, meaning in [*concepts.items()][::-1]}
    total = next((of[each] for each in ("extended_price", "total", "amount") if each in of), None)
    price, quantity = of.get("price"), of.get("quantity")
    if total is None or price is None or quantity is None:
        return {}
    parts = [price, quantity]
    discount = of.get("discount")
    if discount is not None and isinstance(specs.get(discount.name), CategoricalSpec):
        parts.append(discount)
    if not _may_compute(total, parts, table, bounds) or not _has_room(total, quantity, specs):
        return {}
    text = " * ".join(_quoted(part.name) for part in (price, quantity))
    if len(parts) > 2:
        text = f"{text} * {_kept(parts[2], specs)}"
    scale = total.type.scale if isinstance(total.type, DecimalType) else 2
    return {total.name: ExpressionSpec(expression=f"ROUND({text}, {min(scale, 2)})")}


def _may_compute(total: Column, parts: list[Column], table: Table, bounds: Bounds) -> bool:
    # A product of floats rounds one way here and another in a database.
    exact = all(isinstance(each.type, IntegerType | DecimalType) for each in (total, *parts))
    keyed = not exact or any(total.name in key for key in table.keys)
    nulls = any(part.nullable for part in parts) and not total.nullable
    return not (keyed or nulls or total.name in bounds.tied)


def _has_room(total: Column, quantity: Column, specs: Mapping[str, Spec | None]) -> bool:
    spec, limit = specs.get(quantity.name), capacity(total.type)
    most = spec.maximum if isinstance(spec, NumberSpec) else None
    return most is not None and (limit is None or most * DEAREST <= limit[1])


def _kept(discount: Column, specs: Mapping[str, Spec | None]) -> str:
    spec = specs[discount.name]
    values = spec.values if isinstance(spec, CategoricalSpec) else ()
    share = max(float(value) for value in values if isinstance(value, int | float)) <= 1
    name = _quoted(discount.name)
    return f"(1 - {name})" if share else f"({_PERCENT} - {name}) / {_PERCENT}"


def price_lookups(
    table: Table,
    parents: Mapping[str, Table],
    prices: Mapping[str, tuple[str, ...]],
    bounds: Bounds,
) -> dict[str, Spec]:
    """Return lookups of the referenced product's price; ``prices`` names price columns by table.

    Only a column that has a rule of its own beyond not being negative is left alone.
    """
    found: dict[str, Spec] = {}
    for name in prices.get(table.name, ()):
        column = table.columns_by_name[name]
        if name in bounds.tied or any(name in key for key in table.keys):
            continue
        for key in table.foreign_keys:
            source = _source(column, parents.get(key.parent), prices) if key.parent else None
            optional = any(table.columns_by_name[each].nullable for each in key.columns)
            if source is None or key.parent == table.name or (optional and not column.nullable):
                continue
            found[name] = LookupSpec(foreign_key=key.label, column=source)
            break
    return found


def _source(
    column: Column, parent: Table | None, prices: Mapping[str, tuple[str, ...]]
) -> str | None:
    if parent is None:
        return None
    for name in prices.get(parent.name, ()):
        priced = parent.columns_by_name[name]
        if priced.type == column.type and (column.nullable or not priced.nullable):
            return name
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

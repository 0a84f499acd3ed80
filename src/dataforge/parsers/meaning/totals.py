"""What is owed in a row: the goods, taxes and shipping less the discount make the total."""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.roles import role_of
from dataforge.parsers.meaning.words import Words, expanded, pieces
from dataforge.schema import Column, DecimalType, ExpressionSpec, IntegerType, Spec, Table

# The concepts of what is added to the goods, and what is taken off.
ADDED = ("tax", "fee")
TAKEN_OFF = "discount_amount"
_TOTALS = frozenset({"total", "amount"})
_GOODS = frozenset({"sub", "subtotal", "net", "goods", "merchandise"})
# What of a quantity is done, and what is not to be.
_DONE = frozenset(
    {
        "accepted",
        "completed",
        "delivered",
        "fulfilled",
        "invoiced",
        "received",
        "shipped",
        "stocked",
    }
)
_UNDONE = frozenset({"backordered", "cancelled", "rejected", "returned", "scrapped"})
_HALF_EVERY = 5
# The lowest price that is asked for, as shares of the price: which of them, its cents decide.
_LEAST_SHARE, _SHARE_STEP, _SHARES = 0.7, 0.05, 5


def grand_totals(
    table: Table, concepts: Mapping[str, str], words: Mapping[str, Words], bounds: Bounds
) -> dict[str, Spec]:
    """Return the total of a row that shows its parts, as their exact sum.

    ``words`` are the English ones that the columns' names read as.
    """
    totals = [name for name, each in concepts.items() if each in _TOTALS]
    goods = _goods(concepts, words)
    grand = [name for name in totals if name not in goods and not _is_part(words.get(name, ()))]
    more = [name for name, each in concepts.items() if each in ADDED]
    off = [name for name, each in concepts.items() if each == TAKEN_OFF]
    if len(goods) != 1 or len(grand) != 1 or not more:
        return {}
    total, parts = table.column(grand[0]), [table.column(name) for name in (*goods, *more, *off)]
    if not _may_add(total, parts, table, bounds):
        return {}
    text = " + ".join(_term(part) for part in parts[: 1 + len(more)])
    text += "".join(f" - {_term(part)}" for part in parts[1 + len(more) :])
    return {total.name: ExpressionSpec(expression=text)}


def _is_part(words: Words) -> bool:
    """Tell whether an amount is what of the total is paid or left."""
    return role_of(words, frozenset()).name in {"done", "granted", "rest"}


def _goods(concepts: Mapping[str, str], words: Mapping[str, Words]) -> list[str]:
    """Return the amounts without taxes: subtotals, net amounts."""
    totals = [name for name, each in concepts.items() if each in _TOTALS]
    read = {name: {*expanded(pieces(name), _GOODS), *words.get(name, ())} for name in totals}
    return [name for name in totals if read[name] & _GOODS]


def taxes_due(
    table: Table,
    concepts: Mapping[str, str],
    words: Mapping[str, Words],
    bounds: Bounds,
    rate: float,
) -> dict[str, Spec]:
    """Return the tax of a row that shows its goods, as the usual ``rate`` of them."""
    goods = _goods(concepts, words)
    taxes = [name for name, each in concepts.items() if each == "tax"]
    if len(goods) != 1 or len(taxes) != 1 or "tax_rate" in concepts.values():
        return {}
    tax, base = table.column(taxes[0]), table.column(goods[0])
    if not _may_add(tax, [base], table, bounds):
        return {}
    scale = tax.type.scale if isinstance(tax.type, DecimalType) else 0
    text = f"ROUND({_quoted(base.name)} * {rate:g}, {min(scale, 2)})"
    return {tax.name: ExpressionSpec(expression=text)}


def least_prices(table: Table, concepts: Mapping[str, str], bounds: Bounds) -> dict[str, Spec]:
    """Return the lowest price of a row that shows its price: seventy to ninety per cent of it."""
    prices = [name for name, each in concepts.items() if each == "price" and not _is_mean(name)]
    least = [name for name, each in concepts.items() if each == "min_price"]
    if len(prices) != 1 or len(least) != 1:
        return {}
    low, price = table.column(least[0]), table.column(prices[0])
    if not _may_add(low, [price], table, bounds):
        return {}
    cents = f"CAST({_quoted(price.name)} * 100 AS BIGINT) % {_SHARES}"
    share = f"({_LEAST_SHARE} + {_SHARE_STEP} * ({cents}))"
    return {low.name: ExpressionSpec(expression=f"ROUND({_quoted(price.name)} * {share}, 2)")}


def _is_mean(name: str) -> bool:
    return role_of(expanded(pieces(name), frozenset()), frozenset()).name == "middle"


def part_quantities(table: Table, concepts: Mapping[str, str], bounds: Bounds) -> dict[str, Spec]:
    """Return how many of a row's quantity arrived, and how many did not: together all of them.

    Every fifth quantity is done by half, the others in full.
    """
    named = {n: frozenset(pieces(n)) for n, each in concepts.items() if each == "quantity"}
    whole = [name for name, words in named.items() if not words & (_DONE | _UNDONE)]
    found: dict[str, Spec] = {}
    for name, words in named.items():
        if len(whole) != 1 or name in whole:
            continue
        if not _may_add(table.column(name), [table.column(whole[0])], table, bounds):
            continue
        all_of = _quoted(whole[0])
        half = f"FLOOR({all_of} / 2)"
        some, rest = (half, all_of) if words & _DONE else (f"{all_of} - {half}", "0")
        late = f"CAST({all_of} AS BIGINT) % {_HALF_EVERY} = 0"
        found[name] = ExpressionSpec(expression=f"CASE WHEN {late} THEN {some} ELSE {rest} END")
    return found


def _may_add(total: Column, parts: list[Column], table: Table, bounds: Bounds) -> bool:
    exact = all(isinstance(each.type, IntegerType | DecimalType) for each in (total, *parts))
    keyed = any(total.name in key for key in table.keys)
    nulls = parts[0].nullable and not total.nullable
    return exact and not (keyed or nulls or total.name in bounds.tied)


def _term(part: Column) -> str:
    return f"COALESCE({_quoted(part.name)}, 0)" if part.nullable else _quoted(part.name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

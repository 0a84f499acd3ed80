"""Traits of a request, written into the schema: shares, periods, rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dataforge.parsers.prompt.events import chained
from dataforge.parsers.prompt.hierarchy import tree
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.mending import with_table
from dataforge.parsers.prompt.moments import apart, column_like, in_period, lasting, ordered, within
from dataforge.parsers.prompt.request import Request, Trait
from dataforge.parsers.prompt.sharing import shared, split_shares
from dataforge.schema import Schema, UniqueKey

Honour = Callable[[Schema, Trait, Request, Ledger], Schema]


def honoured(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Return the schema with every trait that it can hold; the others are told as unmet.

    Shares come last, as they change what others have made; those that a chain of states already
    holds are passed over.
    """
    schema = tree(schema, request, ledger)
    schema = split_shares(schema, request, ledger)
    chains = [trait for trait in request.traits if trait.kind == "chain"]
    for kind, honour in _HONOURS.items():
        for trait in request.traits:
            if trait.kind != kind:
                continue
            if kind == "share" and (
                any(_same(trait, chain) for chain in chains) or _is_held(schema, trait)
            ):
                continue
            schema = honour(schema, trait, request, ledger)
    return schema


def _is_held(schema: Schema, trait: Trait) -> bool:
    """Tell whether an expectation of the schema says what a share says already."""
    source = trait.words.text.strip()
    return any(wish.source == source for table in schema.tables for wish in table.expectations)


def _same(share: Trait, chain: Trait) -> bool:
    return chain.share is not None and abs(chain.share - (share.share or 0)) < 1e-9


def unique(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Let a column hold no value twice."""
    names = [trait.entity] if trait.entity in schema.tables_by_name else []
    names += [table.name for table in schema.tables if table.name not in names]
    for name in names:
        table = schema.table(str(name))
        column = column_like(table, trait.columns[0])
        if column is None:
            continue
        key = UniqueKey(columns=(column.name,))
        known = {each.columns for each in table.unique_keys} | {table.primary_key}
        ledger.met(
            trait.words, f"tables.{name}.unique_keys", f"no {column.name} of {name} occurs twice"
        )
        if key.columns not in known:
            table = table.model_copy(update={"unique_keys": (*table.unique_keys, key)})
        return with_table(schema, table)
    return schema


_HONOURS: Mapping[str, Honour] = {
    "no_overlap": apart,
    "period": in_period,
    "lasting": lasting,
    "within": within,
    "after": ordered,
    "chain": chained,
    "unique": unique,
    "share": shared,
}

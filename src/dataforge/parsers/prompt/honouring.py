"""Traits of a request, written into the schema: shares, periods, rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.request import Request, Trait
from dataforge.parsers.prompt.sharing import shared
from dataforge.schema import Schema

Honour = Callable[[Schema, Trait, Request, Ledger], Schema]
_HONOURS: Mapping[str, Honour] = {
    "share": shared,
}


def honoured(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Return the schema with every trait that it can hold; the others are told as unmet."""
    for trait in request.traits:
        honour = _HONOURS.get(trait.kind)
        if honour is not None:
            schema = honour(schema, trait, request, ledger)
    return schema

"""A request in words → a Schema: pure, deterministic, without a network.

``analyze`` says what the words ask for and which of them say it; ``propose_tables`` and ``relate``
turn that into tables and relations; ``compose`` does both and tells what came of every sentence.
"""

from dataforge.parsers.prompt.analysis import analyze
from dataforge.parsers.prompt.composition import compose, propose_tables, relate
from dataforge.parsers.prompt.request import (
    ColumnWish,
    Composition,
    Entity,
    Quantity,
    Relation,
    Request,
    Traced,
    Trait,
    Words,
)

__all__ = [
    "ColumnWish",
    "Composition",
    "Entity",
    "Quantity",
    "Relation",
    "Request",
    "Traced",
    "Trait",
    "Words",
    "analyze",
    "compose",
    "propose_tables",
    "relate",
]

"""Names as words: splitting identifiers and bringing English nouns to the singular."""

from __future__ import annotations

import re

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_IRREGULAR = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "mice": "mouse",
    "feet": "foot",
    "taxa": "taxon",
    "criteria": "criterion",
    "media": "medium",
    "data": "datum",
    "indices": "index",
    "matrices": "matrix",
    "vertices": "vertex",
    "statuses": "status",
    "buses": "bus",
    "aliases": "alias",
    "bonuses": "bonus",
    "movies": "movie",
    "cookies": "cookie",
    "series": "series",
    "species": "species",
    "news": "news",
    "lives": "life",
    "leaves": "leaf",
    "shelves": "shelf",
    "wives": "wife",
    "analyses": "analysis",
    "diagnoses": "diagnosis",
    "theses": "thesis",
    "databases": "database",
    "purchases": "purchase",
    "releases": "release",
    "leases": "lease",
    "licenses": "license",
    "expenses": "expense",
    "courses": "course",
    "houses": "house",
    "warehouses": "warehouse",
    "cases": "case",
    "phases": "phase",
    "bases": "base",
    "responses": "response",
    "caches": "cache",
    "sizes": "size",
    "prizes": "prize",
}
_PREFIXES = frozenset({"tbl", "tb", "t", "dim", "fact", "tab"})


def words(name: str) -> tuple[str, ...]:
    """``homeAddressID`` and ``home_address_id`` are both (home, address, id)."""
    return tuple(piece.lower() for piece in _PIECE.findall(name))


def singular(word: str) -> str:
    """The singular of an English plural; other words as they are."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    return word


def stem(name: str) -> tuple[str, ...]:
    """A table's name as words, the last in the singular, without prefixes such as ``tbl_``."""
    parts = words(name.rpartition(".")[2])
    if len(parts) > 1 and parts[0] in _PREFIXES:
        parts = parts[1:]
    return (*parts[:-1], singular(parts[-1])) if parts else ()

"""From words to the names of tables and columns."""

from __future__ import annotations

import re

from dataforge.parsers.meaning.words import fold, singular

_LONGEST = 60
_IDENTIFIER = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|^[A-Z]{2,}[a-z]")
_PLURALS = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "staff": "staff",
    "equipment": "equipment",
    "inventory": "inventory",
    "attendance": "attendance",
    "mouse": "mice",
    "goose": "geese",
    "foot": "feet",
    "tooth": "teeth",
    "news": "news",
    "series": "series",
    "species": "species",
    "fish": "fish",
    "sheep": "sheep",
    "aircraft": "aircraft",
    "data": "data",
    "feedback": "feedback",
    "furniture": "furniture",
    "software": "software",
    "analysis": "analyses",
    "diagnosis": "diagnoses",
    "wolf": "wolves",
    "leaf": "leaves",
    "shelf": "shelves",
    "half": "halves",
    "knife": "knives",
    "hero": "heroes",
    "potato": "potatoes",
    "criterion": "criteria",
    "weather": "weather",
    "traffic": "traffic",
    "money": "money",
    "music": "music",
    "energy": "energy",
    "water": "water",
    "information": "information",
}
_SINGULARS = {plural: one for one, plural in _PLURALS.items()} | {"buses": "bus", "movies": "movie"}


def snake(words: str) -> str:
    """Return words as an identifier: lower case, ASCII where the script has it, underscores."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", fold(words))
    joined = re.sub(r"[^\w]+", "_", spaced.replace("'", "").replace("’", "")).strip("_").lower()
    joined = re.sub(r"_+", "_", joined)[:_LONGEST].strip("_")
    return f"n_{joined}" if joined[:1].isdigit() else joined


def kept(label: str) -> str:
    """Return a label that is an identifier with capitals inside as it is written."""
    return label if _IDENTIFIER.match(label) and _INNER_CAPITAL.search(label) else snake(label)


def is_camel(label: str) -> bool:
    """Tell whether a label is an identifier with capitals inside."""
    return bool(_IDENTIFIER.match(label) and re.search(r"[a-z][A-Z]", label))


def one(word: str) -> str:
    """Return the singular of an English word."""
    low = word.casefold()
    return _SINGULARS.get(low) or singular(low)


def is_plural(word: str) -> bool:
    """Tell whether an English word looks like a plural."""
    low = word.casefold()
    return low in _SINGULARS or (len(low) > 3 and singular(low) != low)


def plural(name: str) -> str:
    """Return a snake_case English name with its last word in the plural."""
    head, _, last = name.rpartition("_")
    start = f"{head}_" if head else ""
    if last in _PLURALS:
        return start + _PLURALS[last]
    if is_plural(last) or last in _PLURALS.values():
        return start + last
    if re.search(r"[^aeiou]y$", last):
        return f"{start}{last[:-1]}ies"
    return f"{start}{last}{'es' if re.search(r'(s|x|z|ch|sh)$', last) else 's'}"


def singular_name(table: str) -> str:
    """Return a table's name with its last word in the singular, for the names of its keys."""
    head, _, last = table.rpartition("_")
    return f"{head}_{one(last)}" if head else one(last)

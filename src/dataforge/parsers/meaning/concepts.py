"""The table of concepts, read from data files: names, then a form for each kind of column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dataforge.parsers.meaning.words import Words
from dataforge.schema import BinaryType, ColumnType, DecimalType, IntegerType, StringType

# In order of precedence: the first of two concepts that match equally well wins.
FILES = (
    "counts",
    "people",
    "places",
    "commerce",
    "time",
    "technical",
    "health",
    "money",
    "industry",
    "society",
    "general",
    "units",
)
KINDS = {
    "string": ("string", "text"),
    "number": ("integer", "decimal", "float"),
    "uuid": ("uuid",),
}
_RULE = re.compile(
    r"^(?P<kinds>[a-z,]+?)(?:(?P<op><=|>=|=)(?P<size>\d+))?(?: @(?P<classes>[a-z,]+))?"
    r"(?:(?P<op2><=|>=|=)(?P<size2>\d+))?: (?P<form>.+)$"
)
_AFTER = re.compile(
    r"^(?P<concept>\w+)(?:@(?P<classes>[a-z/]+))? "
    r"(?P<low>[\d.]+)\.\.(?P<high>[\d.]+)(?P<unit>[hd]?)$"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that a name ends with, is (``=``) or begins with (``^``), in some tables only."""

    words: Words
    place: str
    classes: frozenset[str]


@dataclass(frozen=True, slots=True)
class FormRule:
    """What a column of some kinds and sizes, in some tables, is filled with."""

    kinds: frozenset[str]
    comparison: str
    size: int
    classes: frozenset[str]
    form: str

    def accepts(self, logical: ColumnType, context: frozenset[str]) -> bool:
        """Return whether the rule is for such a column."""
        if logical.kind not in self.kinds or (self.classes and not self.classes & context):
            return False
        size = size_of(logical)
        match self.comparison:
            case "<=":
                return size is not None and size <= self.size
            case ">=":
                return size is None or size >= self.size
            case "=":
                return size == self.size
            case _:
                return True


@dataclass(frozen=True, slots=True)
class After:
    """A gap above another concept: ``d`` is days, ``h`` hours of timestamps but days of dates.

    Without a unit it is in the column's own.
    """

    concept: str
    low: float
    high: float
    unit: str
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning: the names it goes by and what its columns hold."""

    name: str
    patterns: tuple[Pattern, ...]
    rules: tuple[FormRule, ...]
    after: tuple[After, ...]
    null_share: float


def size_of(logical: ColumnType) -> int | None:
    """Return the characters of a string, digits of a decimal, bits of an integer; None: any."""
    if isinstance(logical, StringType | BinaryType):
        return logical.max_length
    if isinstance(logical, DecimalType):
        return logical.precision
    return logical.bits if isinstance(logical, IntegerType) else None


@cache
def concepts() -> tuple[Concept, ...]:
    """Return every concept, in order of precedence."""
    home = files("dataforge.parsers.meaning").joinpath("data")
    texts = (home.joinpath(f"{name}.txt").read_text("utf-8") for name in FILES)
    blocks = (block for text in texts for block in text.split("\n\n") if block.strip())
    return tuple(_concept(block.strip().splitlines()) for block in blocks)


@cache
def known_words() -> frozenset[str]:
    """Return every word that some concept goes by."""
    return frozenset(word for c in concepts() for p in c.patterns for word in p.words)


def _concept(lines: list[str]) -> Concept:
    name = lines[0].removeprefix("concept ")
    patterns: list[Pattern] = []
    rules: list[FormRule] = []
    after: list[After] = []
    null_share = 0.0
    for line in lines[1:]:
        key, _, rest = line.partition(": ")
        if key == "names":
            patterns += (_pattern(entry) for entry in rest.split(", "))
        elif key == "null":
            null_share = float(rest)
        elif key == "after":
            after += (_after(entry) for entry in rest.split(", "))
        elif key == "when":
            rules += (_rule(f"{kinds}: {form} {rest}") for kinds, form in WHEN_FORMS)
        else:
            rules.append(_rule(line))
    return Concept(name, tuple(patterns), tuple(rules), tuple(after), null_share)


# A moment, in the types that schemas keep moments in.
WHEN_FORMS = (
    ("date,timestamp", "datetime"),
    ("time", "datetime"),
    ("string>=19", "isotime"),
    ("string=14", "stamp"),
    ("binary=14", "wikistamp"),
    ("string>=10", "isodate"),
    ("string>=8", "compactdate"),
    ("integer>=64", "epoch"),
    ("integer>=32", "epoch"),
)


def _pattern(text: str) -> Pattern:
    words, _, context = text.partition("@")
    place = words[0] if words[0] in "=^" else ""
    kinds = frozenset(context.split("/")) if context else frozenset[str]()
    return Pattern(tuple(words.lstrip("=^").split()), place, kinds)


def _rule(line: str) -> FormRule:
    found = _RULE.match(line)
    if found is None:
        msg = f"not a rule of the concept table: {line!r}"
        raise ValueError(msg)
    kinds = (kind for part in found["kinds"].split(",") for kind in KINDS.get(part, (part,)))
    context = frozenset(found["classes"].split(",")) if found["classes"] else frozenset[str]()
    comparison = found["op"] or found["op2"] or ""
    size = int(found["size"] or found["size2"] or 0)
    return FormRule(frozenset(kinds), comparison, size, context, found["form"])


def _after(text: str) -> After:
    found = _AFTER.match(text)
    if found is None:
        msg = f"not a gap of the concept table: {text!r}"
        raise ValueError(msg)
    low, high = float(found["low"]), float(found["high"])
    kinds = frozenset((found["classes"] or "").split("/")) - {""}
    return After(found["concept"], low, high, found["unit"], kinds)

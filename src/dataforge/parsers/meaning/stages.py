"""The stages that a row goes through, and the columns that are named after them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dataforge.parsers.meaning.words import Words, singular
from dataforge.schema import Distribution, Exponential, Uniform

# Words that say that a column is a moment, and nothing about which.
_PLAIN = frozenset(
    """at on date time datetime timestamp stamp day dt dtm dttm ts utc tz d of the by in actual
    real effective start valid for""".split()
)
_PLANNED = frozenset(
    """planned expected estimated target promised required due deadline goal eta expires expiry
    expiration expire exp renewal""".split()
)
_SCHEDULED = frozenset("scheduled sched planned".split())
_MARKS = frozenset("first last next latest previous recent original".split())
_AFTER_ALL = frozenset({"updated", "deleted"})


@dataclass(frozen=True, slots=True)
class Gap:
    """Days that something comes after what came before it."""

    low: float
    high: float
    mean: float | None = None

    def law(self, unit: float) -> Distribution:
        """Return how the gaps are spread, in the unit of which a day has ``unit``."""
        return Uniform() if self.mean is None else Exponential(mean=self.mean * unit)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its place in the order, when and how often it is reached, and after which others."""

    name: str
    rank: int
    gap: Gap
    null_share: float
    needs: tuple[str, ...]
    last: bool


@dataclass(frozen=True, slots=True)
class Named:
    """What a moment's name says: a stage, of what, the first or last of its kind, or a plan."""

    stage: Stage | None
    word: str
    about: frozenset[str]
    mark: str
    planned: bool
    scheduled: bool


@cache
def _sections() -> dict[str, list[str]]:
    text = files("dataforge.parsers.meaning").joinpath("data/stages.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


@cache
def stages() -> dict[str, Stage]:
    """Return every stage by its name, in order."""
    found = {}
    for rank, line in enumerate(_sections()["stages"]):
        name, gap, share, needs, _ = (part.strip() for part in line.split("|"))
        wanted = tuple(each.strip() for each in needs.split(",") if each.strip())
        key = name.lstrip("!")
        found[key] = Stage(key, rank, _gap(gap), float(share), wanted, name.startswith("!"))
    return found


@cache
def _phrases() -> dict[Words, Stage]:
    found: dict[Words, Stage] = {}
    for line, stage in zip(_sections()["stages"], stages().values(), strict=True):
        for phrase in line.split("|")[-1].split(","):
            found.setdefault(tuple(phrase.split()), stage)
    return found


@cache
def _lasting() -> tuple[tuple[frozenset[str], Gap], ...]:
    lines = (line.split("|") for line in _sections()["lasting"])
    return tuple((frozenset(words.split()), _gap(gap)) for words, gap in lines)


def _gap(text: str) -> Gap:
    bounds, *law = text.split()
    low, high = (float(bound) for bound in bounds.split(".."))
    return Gap(low, high, float(law[1]) if law else None)


def lasting(words: Iterable[str], least: float = 0) -> Gap | None:
    """Return how long what ``words`` speak of lasts, at least ``least`` days; None if untold."""
    forms = {form for word in words for form in (word, singular(word))}
    found = (gap for known, gap in _lasting() if forms & known and gap.high >= least)
    return next(found, None)


def named(words: Words, own: frozenset[str]) -> Named:
    """Read a moment's name; ``own`` are the singular words of its table.

    The last stage that is named counts: of ``order_shipped_on`` that is being shipped.
    """
    at, size = _last_stage(words)
    phrase = words[at : at + size]
    stage = _phrases().get(phrase)
    rest = words[:at] + words[at + size :]
    marks = [word for word in rest if word in _MARKS and not (stage and stage.name in _AFTER_ALL)]
    about = {singular(word) for word in rest if not word.isdigit()} - own - _PLAIN - _MARKS
    scheduled = bool(_SCHEDULED & set(rest))
    if stage is None and scheduled:
        stage = stages()["started"]
    return Named(
        stage,
        " ".join(phrase),
        frozenset(about - _PLANNED - _SCHEDULED),
        marks[0] if marks else "",
        planned=bool(_PLANNED & set(rest)),
        scheduled=scheduled,
    )


def _last_stage(words: Words) -> tuple[int, int]:
    """Return where the last phrase of a stage begins and how many words it has, (0, 0) for none."""
    phrases, found, start = _phrases(), (0, 0), 0
    while start < len(words):
        sizes = (size for size in (3, 2, 1) if words[start : start + size] in phrases)
        size = next(sizes, 0)
        found = (start, size) if size else found
        start += size or 1
    return found

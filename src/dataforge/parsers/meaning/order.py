"""The moments of a row in the order in which such things happen: ordered, shipped, delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.matching import TableNames
from dataforge.parsers.meaning.stages import Gap, Named, lasting, named, stages
from dataforge.parsers.meaning.words import Words, pieces, singular
from dataforge.schema import (
    Column,
    DatetimeSpec,
    DateType,
    OffsetSpec,
    Spec,
    Table,
    TimestampType,
)

_DAY_S = 86_400
# When what begins a row happens, where its name tells no more.
_YEARS, _MONTHS = timedelta(days=4 * 365), timedelta(days=60)
_HALF = 0.5
# Days after which something happens to a row that is there, that is not on its way; after which
# the next of a kind comes, a term ends, what is scheduled is done.
_LOOSE = Gap(0, 400, 60)
_NEXT = Gap(20, 200)
_PLAN = Gap(2, 21)
_DUE = Gap(14, 30)
_EXPIRY = Gap(30, 400)
_LATE = Gap(0, 0.02, 0.004)
_GIVEN_UP = Gap(10, 200)
_RINGING = Gap(0.00003, 0.0005)
# Shares of the day at which people begin work and soon have done something.
_OFFICE = (0.33, 0.4)
_HOURS = Gap(0.04, 2)
_TERM_DAYS = 14
# Days before the first of a row's stages.
_BEFORE = {"built": (30, 4_000), "happened": (0, 12)}
_BEGINNINGS = ("created", "invited", "requested", "opened", "ordered")
# What a row goes through even when its way has ended.
_AFTER_ALL = frozenset({"updated", "deleted"})
# Places where guests arrive before they depart.
_LODGINGS = frozenset({"guest", "hotel", "lodging", "room", "stay"})
_AT_LODGINGS = {
    "arrival": "started",
    "arrived": "started",
    "departure": "ended",
    "departed": "ended",
}
_EXPIRES = frozenset({"expires", "expiry", "expiration", "expire", "exp", "renewal"})
# The stages that concepts speak of, for names that say them in other words.
_STAGES = {
    "created": "created",
    "ordered": "ordered",
    "hire_date": "started",
    "admitted": "started",
    "started": "started",
    "shipped": "shipped",
    "delivered": "delivered",
    "discharged": "ended",
    "ended": "ended",
    "completed": "resolved",
    "published": "published",
    "updated": "updated",
    "deleted": "deleted",
}
# What is lent comes back.
_LENT = frozenset({"rental", "rented", "loan", "loaned", "lent", "borrowed", "checkout", "launch"})
# Concepts of moments that say no more than that something happened.
_VAGUE = frozenset({"", "timestamp"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A column of moments, what its name says, and what it holds so far."""

    column: Column
    words: Words
    says: Named
    spec: Spec | None

    @property
    def stage(self) -> str:
        """The name of the stage; empty where the name tells none."""
        return "" if self.says.stage is None else self.says.stage.name

    @property
    def rank(self) -> float:
        """The place in the order; what is scheduled comes just before what is done."""
        stage = self.says.stage
        return -1.0 if stage is None else stage.rank - (_HALF if self.says.scheduled else 0)

    @property
    def is_plan(self) -> bool:
        """Whether it tells when something should happen, which may be early or late."""
        return self.says.planned and not self.says.scheduled

    @property
    def on_way(self) -> bool:
        """Whether others of the row come after it."""
        stage = self.says.stage
        apart = self.says.mark or self.is_plan or self.stage in _BEFORE
        return stage is not None and not stage.last and not apart

    @property
    def free(self) -> bool:
        """Whether it may be moved: no record and no parent tells it."""
        match self.spec:
            case None | DatetimeSpec(after=()) | OffsetSpec(foreign_key=None):
                return True
            case _:
                return False


@dataclass(frozen=True, slots=True)
class Ordered:
    """What is known of a table's moments by column.

    Specs of those that follow others, shares of nulls, the moments without which there is none,
    the names of stages, the concepts of those that begin a row and mean nothing else, and those
    at which something expires.
    """

    specs: dict[str, Spec] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    concepts: dict[str, str] = field(default_factory=dict)
    expiries: set[str] = field(default_factory=set)
    null_shares: dict[str, float] = field(default_factory=dict)
    needs: dict[str, str] = field(default_factory=dict)


def in_order(
    table: Table,
    names: TableNames,
    words: Mapping[str, Words | None],
    specs: Mapping[str, Spec | None],
    concepts: Mapping[str, str],
    shares: Mapping[str, float],
    bounds: Bounds,
    now: datetime,
) -> Ordered:
    """Return what lets each moment of a row come after those of earlier stages.

    ``words`` are those that open columns' names were understood as, None where they were not;
    ``concepts`` what they mean and ``shares`` how often that is null. Moments of keys and those
    that rules tie by more than an order stay as they are.
    """
    moments = list(_moments(table, names, words, specs, concepts, bounds))
    moments = [each for each in moments if not _contradicted(each, moments, bounds)]
    found = Ordered()
    for each in moments:
        name = each.column.name
        group = [other for other in moments if other.says.about == each.says.about]
        if _is_rarer(each, group, concepts.get(name, ""), shares.get(name, 0.0)):
            assert each.says.stage is not None  # noqa: S101 - its stage is what is rare
            found.null_shares[name] = each.says.stage.null_share
        if each.says.stage is not None and not each.says.mark and not each.says.planned:
            found.stages[name] = each.stage
        if each.is_plan and not each.says.about and _EXPIRES & set(each.words):
            found.expiries.add(name)
        needed = _needed(each, group)
        if needed is not None:
            found.needs[name] = needed
        spec = _placed(each, group, _main(moments), names.words) if each.free else None
        if spec is None and each.stage in (*_BEGINNINGS, "started") and each.spec is None:
            found.concepts[name] = "started" if each.stage == "started" else "created"
        if spec is None and (name in found.concepts or _is_backward(each, moments)):
            spec = DatetimeSpec(start=now - _YEARS, end=now - _MONTHS, growth=2)
        if spec is not None:
            found.specs[name] = spec
    return found


def _moments(
    table: Table,
    names: TableNames,
    words: Mapping[str, Words | None],
    specs: Mapping[str, Spec | None],
    concepts: Mapping[str, str],
    bounds: Bounds,
) -> Iterator[Moment]:
    keyed = {name for key in table.keys for name in key}
    parents = (singular(word) for key in table.foreign_keys for word in pieces(key.parent))
    about = names.own.union(parents)
    for column in table.columns:
        name = column.name
        fits = isinstance(column.type, DateType | TimestampType) and name in words
        if not fits or name in keyed or name in bounds.bound:
            continue
        read, says = _read(name, words[name], concepts.get(name, ""), names)
        if about & _LODGINGS and says.word in _AT_LODGINGS:
            says = replace(says, stage=stages()[_AT_LODGINGS[says.word]])
        yield Moment(column, read, says, specs.get(name))


def _contradicted(each: Moment, moments: Sequence[Moment], bounds: Bounds) -> bool:
    """Tell whether a rule puts a moment before one that its stage comes after."""
    ranks = {other.column.name: other.rank for other in moments}
    pairs = ((ranks.get(low, 0), ranks.get(high, 0)) for low, high in bounds.orders)
    mine = (each.column.name in pair for pair in bounds.orders)
    return any(own and low > high for own, (low, high) in zip(mine, pairs, strict=True))


def _read(
    name: str, understood: Words | None, concept: str, names: TableNames
) -> tuple[Words, Named]:
    """Return the words of a moment's name, in the first of its readings that tells a stage.

    What the name was understood to mean tells it, too.
    """
    readings = [] if understood is None else [understood]
    readings += names.all_readings(name)
    found = [(words, named(words, names.own)) for words in readings]
    if concept in _STAGES and found[0][1].stage is None:
        says = replace(found[0][1], stage=stages()[_STAGES[concept]])
        return found[0][0], says
    told = (each for each in found if each[1].stage or each[1].planned or each[1].mark)
    return next(told, found[0])


def _is_rarer(each: Moment, group: Sequence[Moment], concept: str, share: float) -> bool:
    """Tell whether the stage says better than the concept how many rows have come so far."""
    stage = each.says.stage
    if stage is None or each.says.mark or each.is_plan:
        return False
    lent = any(_LENT & set(other.words) for other in group)
    return concept in _VAGUE or (stage.null_share > share + 0.4 and not lent)


def _is_backward(each: Moment, moments: Sequence[Moment]) -> bool:
    """Tell whether a moment that nothing comes before follows one that comes after it."""
    spec = each.spec
    if not isinstance(spec, OffsetSpec) or spec.foreign_key is not None:
        return False
    return any(o.column.name == spec.column and o.rank >= each.rank for o in moments)


def _main(moments: Sequence[Moment]) -> list[Moment]:
    """Return the moments of the row itself: those whose names speak of nothing else."""
    plain = [each for each in moments if not each.says.about]
    return plain or list(moments)


def _needed(each: Moment, group: Sequence[Moment]) -> str | None:
    """Return the nullable moment without which there is none of this stage."""
    if each.says.stage is None or not each.column.nullable or each.says.mark or each.is_plan:
        return None
    before = {other.stage: other.column for other in group if other.on_way}
    columns = (before[name] for name in each.says.stage.needs if name in before)
    return next((column.name for column in columns if column.nullable), None)


def _placed(
    each: Moment, group: Sequence[Moment], main: Sequence[Moment], own: Words
) -> Spec | None:
    if each.stage in _BEFORE and not each.says.mark:
        return _before(each, group)
    earlier = _earlier(each, group, main)
    if not earlier:
        return None
    words = (*each.words, *own)
    base, *others = _latest(earlier)
    spec, gap = each.spec, _gap(each, earlier, words)
    past = not (each.is_plan or _is_term(each, words) or each.says.mark == "next")
    kept = isinstance(spec, OffsetSpec) and spec.column in {e.column.name for e in (base, *others)}
    if isinstance(spec, OffsetSpec) and kept and not _ends(each, earlier, words):
        names = [e.column.name for e in (base, *others) if e.column.name != spec.column]
        return spec.model_copy(update={"after": tuple(names), "past": spec.past or past})
    unit = 1 if isinstance(each.column.type, DateType) else _DAY_S
    whole = round if unit == 1 else float
    by_day = any(isinstance(each.column.type, DateType) for each in (base, *others))
    if unit > 1 and by_day and gap.low < _OFFICE[0]:
        gap = Gap(gap.low + _OFFICE[0], gap.high + _OFFICE[1], gap.mean)
    return OffsetSpec(
        column=base.column.name,
        after=tuple(other.column.name for other in others),
        minimum=whole(gap.low * unit),
        maximum=max(whole(gap.high * unit), 1),
        distribution=gap.law(unit),
        past=past,
    )


def _before(each: Moment, group: Sequence[Moment]) -> Spec | None:
    """Return a moment ahead of the first stage of the row."""
    later = [other for other in group if other.on_way]
    if not later:
        return None
    first = min(later, key=lambda other: (other.column.nullable, other.rank))
    low, high = _BEFORE[each.stage]
    unit = 1 if isinstance(each.column.type, DateType) else _DAY_S
    return OffsetSpec(column=first.column.name, minimum=-high * unit, maximum=-low * unit)


def _earlier(each: Moment, group: Sequence[Moment], main: Sequence[Moment]) -> list[Moment]:
    """Return the moments that have passed, or are known, when this one comes."""
    begun = [other for other in main if other.on_way and other.stage in _BEGINNINGS]
    begun = [other for other in begun if other is not each]
    match each.says.mark:
        case "next":
            return [o for o in group if o.says.mark in {"last", "latest"} and o.stage == each.stage]
        case "":
            pass
        case mark:
            first = [o for o in group if mark != "first" and o.says.mark == "first"]
            return [*begun, *(o for o in first if o.stage == each.stage)]
    if each.is_plan:
        started = [other for other in group if other.on_way and other.stage == "started"]
        return [*begun, *started]
    if each.says.stage is None:
        return begun
    passed = [
        other
        for other in (*group, *(o for o in begun if o not in group and o.stage == "created"))
        if other.rank < each.rank and other is not each
    ]
    if each.stage == "rejected" and not any(other.on_way for other in passed):
        return [other for other in group if other.on_way and other.stage == "started"]
    if each.stage in _AFTER_ALL:
        return [other for other in passed if _is_over(other)]
    return [other for other in passed if other.on_way and not _lasts(other)]


def _is_over(each: Moment) -> bool:
    """Tell whether it has happened when a row is changed: what starts may be ahead still."""
    if each.stage == "started":
        return each.on_way and (each.says.word.endswith("ed") or each.says.word == "began")
    stage = each.says.stage
    return each.on_way and not _lasts(each) if stage is None or not stage.last else True


def _lasts(each: Moment) -> bool:
    """Tell whether it ends something that lasts days, which may not have ended yet."""
    by_day = isinstance(each.column.type, DateType) or "date" in each.words
    return each.stage == "ended" and by_day


def _is_term(each: Moment, words: Words) -> bool:
    """Tell whether it is the end of a term, which may lie ahead."""
    lasts = lasting(words, 1)
    days = _lasts(each) if lasts is None else lasts.high > _TERM_DAYS
    return each.stage == "ended" and days


def _ends(each: Moment, earlier: Sequence[Moment], words: Words) -> Gap | None:
    """Return how long what has begun lasts until this moment, where words tell it."""
    lasts = lasting(words, 1 if isinstance(each.column.type, DateType) else 0)
    arrives = each.stage == "delivered" and lasts is not None and lasts.high <= 1
    if arrives and any(other.stage == "shipped" for other in earlier):
        return None
    return lasts if each.stage == "ended" or arrives else None


def _latest(earlier: Sequence[Moment]) -> list[Moment]:
    """Return those of which the latest is that of all: none before one that is always there."""
    ranked = sorted(earlier, key=lambda each: -each.rank)
    certain = next((n for n, each in enumerate(ranked) if not each.column.nullable), len(ranked))
    return ranked[: certain + 1][::-1]


def _gap(each: Moment, earlier: Sequence[Moment], words: Words) -> Gap:
    stage = each.says.stage
    if each.says.mark:
        return _NEXT if each.says.mark == "next" else _LOOSE
    if each.is_plan:
        if "due" in each.words:
            return _DUE
        return lasting(words, 1) or _EXPIRY if _EXPIRES & set(each.words) else _PLAN
    if stage is None:
        return _LOOSE
    if any(o.says.scheduled and o.stage == each.stage for o in earlier) and not each.says.scheduled:
        return _LATE
    if stage.name == "rejected" and any(other.stage == "started" for other in earlier):
        return _GIVEN_UP
    if stage.name == "answered" and any(other.stage == "started" for other in earlier):
        return _RINGING
    ends = _ends(each, earlier, words)
    hours = stage.name == "ended" and not _lasts(each)
    return ends or (_HOURS if hours else stage.gap)

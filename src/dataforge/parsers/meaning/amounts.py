"""Numbers that stand in an order or make up each other: least and most, whole, part and rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from dataforge.parsers.meaning.figures import Figure, Figures
from dataforge.parsers.meaning.roles import compatible, filler, ladder, shares, shown
from dataforge.parsers.meaning.words import singular
from dataforge.schema import DecimalType, Empirical, IntegerType, RecordSpec, ShareSpec, Spec

_LADDERS = {
    "price": frozenset({"price", "cost", "msrp", "rrp", "uvp", "srp", "unit"}),
    "stock": frozenset({"stock", "level", "point", "inventory", "reorder"}),
    "net": frozenset(),
    "pressure": frozenset(),
}
_QUOTED = frozenset({"price", "rate", "quote", "index", "close", "open"})
_NEAR = frozenset({"open", "opening", "close", "closing", "last", "spot", "eod"})
_READINGS = frozenset({"odometer", "mileage", "meter", "reading", "counter"})
_BIDS = frozenset({"bid", "auction", "lot"})
_MONEY = frozenset({"price", "value", "cost", "worth"})
_PERCENT = frozenset({"pct", "percent", "percentage", "utilization", "utilisation", "progress"})
_RATIOS = _PERCENT | {"rate", "ratio", "share", "avg", "average", "per", "mean"}
_QUANTITIES = frozenset({"quantity", "qty", "volume", "size", "units"})
_OPPOSITES = frozenset(
    frozenset(pair.split())
    for pair in (
        "open closed", "passed failed", "won lost", "processed failed", "successful failed",
        "completed failed", "delivered failed",
    )
)  # fmt: skip
_WHOLES = ("whole", "asked", "most", "")
_PAID_IN_FULL = Empirical(quantiles=(0, 0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1))


def amounts_in_order(figures: Figures) -> dict[str, Spec]:
    """Return the specs of numbers that follow others of their row.

    Ladders of names (cost, price, list price), least and most and what lies between, plan and
    outcome, before and after, whole and parts and what remains, sums, and percentages.
    """
    for name, nouns in _LADDERS.items():
        _climb(figures, name, nouns)
    _between(figures)
    _percentiles(figures)
    _pairs(figures, "estimated", "actual", _outcome)
    _pairs(figures, "old", "new", _later)
    _sums(figures)
    _parts(figures)
    return figures.found


def _climb(figures: Figures, name: str, nouns: frozenset[str]) -> None:
    """Put the steps of a ladder in order, from the anchor to both sides."""
    steps = ladder(name)
    groups: dict[frozenset[str], dict[int, Figure]] = {}
    for each in figures.all:
        about = {singular(word) for word in each.words} - figures.own
        places = [n for n, (words, _) in enumerate(steps) if words & (about | set(each.words))]
        if not places or (nouns and not nouns & about) or "quantity" in about:
            continue
        stem = frozenset(about - frozenset().union(*(w for w, _ in steps)) - nouns - filler())
        if not stem or not nouns:
            groups.setdefault(stem, {}).setdefault(_step(places, steps), each)
    anchor = next(n for n, (_, share) in enumerate(steps) if share is None)
    for group in groups.values():
        base = min(group, key=lambda place: abs(place - anchor))
        lower = sorted((place for place in group if place <= base), reverse=True)
        upper = sorted(place for place in group if place >= base)
        for nearer, farther in (*pairwise(lower), *pairwise(upper)):
            share = steps[farther][1]
            agrees = group[nearer].name not in figures.found and _agree(
                group[farther].spec, group[nearer].spec
            )
            if share is not None and not agrees:
                figures.share(group[farther], group[nearer], *share)


def _agree(one: Spec | None, other: Spec | None) -> bool:
    """Tell whether two fields of a record agree as they are."""
    if not isinstance(one, RecordSpec) or not isinstance(other, RecordSpec):
        return False
    return (one.record, one.group) == (other.record, other.group) and one.field != other.field


def _step(
    places: Sequence[int], steps: Sequence[tuple[frozenset[str], tuple[float, float] | None]]
) -> int:
    """Return the step that a name tells: the anchor only where no other is named."""
    told = [place for place in places if steps[place][1] is not None]
    return told[0] if told else places[0]


def _between(figures: Figures) -> None:
    groups: dict[frozenset[str], dict[str, list[Figure]]] = {}
    for each in figures.all:
        role = "near" if _is_quoted(each) else each.role.name
        if role in {"least", "most", "middle", "near", ""}:
            groups.setdefault(each.role.stem - _NEAR, {}).setdefault(role, []).append(each)
    for group in groups.values():
        low, high = group.get("least", [None])[0], group.get("most", [None])[0]
        inner = [*group.get("middle", ()), *group.get("near", ())]
        plain = [each for each in group.get("", ()) if not _RATIOS & set(each.words)]
        if low and high:
            _enclose(figures, low, high, [*inner, *plain])
            continue
        for each in plain[:1]:
            _cap(figures, each, low, high)
        base = plain[0] if plain else high or low
        for each in inner if base else ():
            assert base is not None  # noqa: S101 - tested above
            bounds = {high: (0.3, 0.8), low: (1.1, 2.0)}
            figures.share(each, base, *bounds.get(base, (0.95, 1.05)))
        if base is None:
            for first, each in pairwise(inner):
                figures.share(each, first, 0.97, 1.03)


def _is_quoted(each: Figure) -> bool:
    return each.role.word in _NEAR and bool((_QUOTED | {""}) & (each.role.stem or {""}))


def _enclose(figures: Figures, low: Figure, high: Figure, inner: Iterable[Figure]) -> None:
    figures.share(low, high, 0.3, 0.8) or figures.share(high, low, 1.3, 3.0)
    for each in inner:
        figures.share(each, high, 0.05, 0.95, above=low)


def _cap(figures: Figures, each: Figure, low: Figure | None, high: Figure | None) -> None:
    """Keep a number below its most, or its least below it."""
    if low is not None:
        figures.share(low, each, 0.5, 0.9)
    if high is not None and "price" in each.words:
        figures.share(high, each, 1.1, 1.8)
    elif high is not None:
        figures.share(each, high, 0.1, 1.0)


def _percentiles(figures: Figures) -> None:
    ranked = sorted(figures.with_roles("p"), key=lambda each: int(each.role.word))
    for lower, upper in pairwise(ranked):
        if lower.role.stem == upper.role.stem:
            figures.share(upper, lower, 1.1, 2.6)


Relate = Callable[[Figures, Figure, Figure], None]


def _pairs(figures: Figures, before: str, after: str, relate: Relate) -> None:
    for base in list(figures.with_roles(before)):
        stem = base.role.stem - _MONEY
        money = bool(base.role.stem & _MONEY)
        for each in [*figures.with_roles(after), *figures.with_roles("")]:
            same = each.role.stem - _MONEY == stem and bool(each.role.stem & _MONEY) == money
            alike = stem or money or each.words[-1] == base.words[-1]
            if each is not base and same and alike and (each.role.name or stem or money):
                relate(figures, base, each)
                break


def _outcome(figures: Figures, plan: Figure, actual: Figure) -> None:
    figures.share(actual, plan, 0.8, 1.3)


def _later(figures: Figures, before: Figure, after: Figure) -> None:
    about = {*before.words, *after.words} | figures.own
    if _READINGS & about:
        figures.offset(after, before, 5, 400)
        for each in figures.all:
            if "distance" in each.words and after.name in figures.found:
                figures.compute(each, f"{after.quoted} - {before.quoted}", after, before)
    elif _BIDS & about:
        figures.share(after, before, 1.0, 2.5)
    elif before.role.word == "purchase":
        figures.share(after, before, 0.4, 0.95)
    else:
        figures.share(after, before, 0.85, 1.2)


def _sums(figures: Figures) -> None:
    """Let a total be the sum of the numbers that name its parts: labour and parts cost."""
    for total in list(figures.with_roles("whole")):
        stem = total.role.stem
        if total.role.word not in {"total", "tot", "overall"} or not stem:
            continue
        parts = [
            each
            for each in figures.with_roles("")
            if stem < each.role.stem
            and each.is_whole == total.is_whole
            and not (_RATIOS | {"unit", "standard"}) & set(each.words)
        ]
        if len(parts) > 1:
            figures.compute(total, " + ".join(part.term for part in parts), *parts)


def _parts(figures: Figures) -> None:
    """Keep what is granted, done and left within the whole that it is part of."""
    groups: dict[str, list[Figure]] = {}
    by_name = {each.name: each for each in figures.all}
    for each in figures.with_roles("granted", "done", "rest"):
        whole = None if _RATIOS & set(each.words) or _is_flag(each) else _whole(figures, each)
        if whole is not None:
            groups.setdefault(whole.name, []).append(each)
    for name, members in groups.items():
        _divide(figures, by_name[name], members)


def _is_flag(each: Figure) -> bool:
    return not each.role.stem and each.concept.endswith("flag")


def _whole(figures: Figures, part: Figure) -> Figure | None:
    def fits(each: Figure) -> bool:
        if each is part or _RATIOS & set(each.words) or _is_flag(each):
            return False
        same = each.role.stem == part.role.stem
        told = same and bool(part.role.stem)
        if each.role.name == "":
            return told or (same and bool(_QUANTITIES & set(each.words)))
        return told or (
            compatible(each.role.stem, part.role.stem)
            and each.is_whole == part.is_whole
            and (same or each.role.name != "most")
        )

    found = [each for each in figures.all if each.role.name in _WHOLES and fits(each)]
    return min(
        found,
        key=lambda each: (each.role.stem != part.role.stem, _WHOLES.index(each.role.name)),
        default=None,
    )


def _divide(figures: Figures, whole: Figure, members: Sequence[Figure]) -> None:
    limited = whole.role.word in {"limit", "lmt"}
    rests = [
        e for e in members if e.role.name == "rest" and not (limited and e.role.word == "balance")
    ]
    steps = [each for each in members if each not in rests]
    granted = [each for each in steps if each.role.name == "granted"]
    done = [each for each in steps if each not in granted]
    base = granted[0] if len(granted) == 1 and done else whole
    for each in granted:
        _take(figures, each, whole, 1 if base is not whole else len(granted))
    if _are_opposite(done) and not rests:
        _take(figures, done[0], base, 1)
        figures.compute(done[1], f"{base.quoted} - {done[0].term}", base, done[0])
    else:
        for each in done:
            _take(figures, each, base, len(done))
    taken = [each for each in done or granted if each.name in figures.found]
    for number, each in enumerate(rests):
        if number or not taken:
            figures.share(each, whole, 0.1, 0.9)
        else:
            text = "".join(f" - {part.term}" for part in taken)
            figures.compute(each, f"{whole.quoted}{text}", whole, *taken)
    if taken:
        _percentages(figures, whole, taken)


def _are_opposite(done: Sequence[Figure]) -> bool:
    return len(done) == 2 and frozenset(each.role.word for each in done) in _OPPOSITES


def _take(figures: Figures, each: Figure, whole: Figure, among: int) -> None:
    """Make a number a share of its whole, of which ``among`` such make at most all."""
    text = shares().get(each.role.word, "0.1..0.9")
    if text == "paid":
        if figures.share(each, whole, 0, 1):
            made = figures.found[each.name]
            assert isinstance(made, ShareSpec)  # noqa: S101 - what was just put there
            figures.put(each, made.model_copy(update={"distribution": _PAID_IN_FULL}))
        return
    low, high = (float(bound) / among for bound in text.split(".."))
    figures.share(each, whole, low, high)


def _percentages(figures: Figures, whole: Figure, taken: Sequence[Figure]) -> None:
    for each in figures.all:
        if not shown(each.words, _PERCENT) or not figures.is_free(each):
            continue
        named = [part for part in taken if part.role.word in each.words]
        if not named and not shown(each.words, frozenset({"utilization", "progress"})):
            continue
        part = named[0] if named else taken[0]
        kind = each.column.type
        scale = 0 if isinstance(kind, IntegerType) else 2
        narrow = isinstance(kind, DecimalType) and kind.precision - kind.scale <= 1
        factor, digits = ("1.0", 4) if narrow else ("100.0", scale)
        text = f"ROUND({factor} * {part.term} / NULLIF({whole.quoted}, 0), {digits})"
        if each.column.nullable:
            figures.compute(each, text)

"""Rows whose status and moments tell one story: nothing pending has been delivered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from dataforge.corpora import vocabulary
from dataforge.corpora.fallbacks import HOME
from dataforge.schema import (
    CategoricalSpec,
    Column,
    ConditionalSpec,
    ConstantSpec,
    DatetimeSpec,
    EnumType,
    OffsetSpec,
    Spec,
    Table,
    VocabularySpec,
    When,
)

# How far a state is on its way; a moment named after one is there from that state on.
_STEPS = (
    """new draft created open opened pending placed received submitted queued requested unpaid
    backlog todo registered scheduled""",
    "approved accepted confirmed acknowledged assigned waiting on_hold backordered authorized",
    "paid processing packed in_progress started running active published captured ready",
    "shipped dispatched sent in_transit out_for_delivery",
    "delivered completed complete done finished fulfilled resolved settled succeeded success",
    "closed returned refunded archived",
)
_RANK = {word: rank for rank, words in enumerate(_STEPS) for word in words.split()}
# Ways that end early: a moment named after one is there in that state alone.
_ENDS = (
    "cancelled canceled void voided withdrawn aborted",
    "rejected declined denied",
    "failed failure error",
    "expired",
)
_END = {word: number for number, words in enumerate(_ENDS) for word in words.split()}
# Moments whose names are in other languages are known by what they mean.
_NAMED_BY_MEANING = frozenset({"shipped", "delivered", "cancelled"})
_STATUSES = ("order_status", "payment_status", "ticket_status", "status")
# Things that happen, as the states that they lead to.
_DONE = {
    "cancellation": "cancelled",
    "completion": "completed",
    "delivery": "delivered",
    "dispatch": "dispatched",
    "rejection": "rejected",
    "resolution": "resolved",
    "ship": "shipped",
    "shipment": "shipped",
    "shipping": "shipped",
}
_MOMENT = re.compile(
    r"^(?:actual_)?(?:date_)?([a-z_]+?)(?:_(?:at|on|date|time|datetime|ts|timestamp))?$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DAY_S = 86_400
_LEAST_DAYS, _MOST_DAYS = 0.5, 6


@dataclass(frozen=True, slots=True)
class Moment:
    """A column of moments and the rank of the state that it is named after, None for an end."""

    column: Column
    rank: int | None
    states: tuple[str, ...]


def one_story(
    table: Table,
    free: Collection[str],
    listed: Mapping[str, tuple[str, ...]],
    locale: str | None,
    stages: Mapping[str, str],
) -> Table:
    """Return the table with the moments of states null in rows whose status is not so far.

    Only nullable columns in ``free`` change, and only where every value of a status column is a
    state that is known here. ``listed`` has the values that rules allow; ``locale`` is that of all
    rows, None where they differ; ``stages`` names those of moments in any language.
    """
    for status in table.columns:
        values = listed.get(status.name) or _values(status, locale)
        states = {value: _word(_in_english(locale).get(value, value)) for value in values}
        if not states or not all(word in _RANK or word in _END for word in states.values()):
            continue
        moments = list(_moments(table, states, free, stages))
        if moments:
            changed = dict(_told(table, status, moments))
            columns = tuple(changed.get(each.name, each) for each in table.columns)
            return table.model_copy(update={"columns": columns})
    return table


def _values(column: Column, locale: str | None) -> tuple[str, ...]:
    match column.spec:
        case CategoricalSpec(values=values):
            return tuple(value for value in values if isinstance(value, str))
        case VocabularySpec(vocabulary=name) if name.endswith("status") and locale is not None:
            return tuple(vocabulary(name, locale).values.to_pylist())
        case None if isinstance(column.type, EnumType) and not column.type.multiple:
            return column.type.values
        case _:
            return ()


def _word(text: str) -> str:
    return re.sub(r"[^a-z]+", "_", text.lower()).strip("_")


@cache
def _in_english(locale: str | None) -> Mapping[str, str]:
    """Return the statuses of a locale with their English: its lists have them in one order."""
    found: dict[str, str] = {}
    for name in _STATUSES if locale is not None else ():
        own, home = vocabulary(name, str(locale)).values, vocabulary(name, HOME).values
        if len(own) == len(home):
            found = dict(zip(own.to_pylist(), home.to_pylist(), strict=True)) | found
    return found


def _moments(
    table: Table, states: Mapping[str, str], free: Collection[str], stages: Mapping[str, str]
) -> Iterator[Moment]:
    """Yield the columns of moments; ``states`` are the values with their English words."""
    keyed = {name for key in table.keys for name in key}
    for column in table.columns:
        fits = column.name in free and column.nullable and column.name not in keyed
        if not fits or not isinstance(column.spec, DatetimeSpec | OffsetSpec):
            continue
        found = _MOMENT.match(_word(_CAMEL.sub("_", column.name)))
        word = _DONE.get(found[1], found[1]) if found else ""
        if word not in _RANK and word not in _END and column.semantic in _NAMED_BY_MEANING:
            word = str(column.semantic)
        if word not in _RANK and word not in _END:
            word = stages.get(column.name, word)
        if _RANK.get(word) == 0:
            continue  # What was given up was begun all the same.
        if word in _RANK:
            least = _RANK[word]
            there = tuple(v for v, each in states.items() if _RANK.get(each, -1) >= least)
        else:
            end = _END.get(word, -1)
            there = tuple(v for v, each in states.items() if _END.get(each) == end)
        if there and len(there) < len(states):
            yield Moment(column, _RANK.get(word), there)


def _told(table: Table, status: Column, moments: list[Moment]) -> Iterator[tuple[str, Column]]:
    """Yield the columns by name: each moment follows that of the state before it."""
    on_way = sorted((each for each in moments if each.rank is not None), key=_rank)
    before = {
        after.column.name: earlier.column
        for earlier, after in pairwise(on_way)
        if _rank(earlier) < _rank(after) and earlier.column.type == after.column.type
    }
    before |= _begun(table, on_way)
    for each in moments:
        column = each.column
        spec = column.spec
        assert spec is not None  # noqa: S101 - only columns that have one are moments
        if column.name in before and not _is_placed(spec):
            spec = _follows(before[column.name])
        quoted = '"' + status.name.replace('"', '""') + '"'
        listed = ", ".join("'" + state.replace("'", "''") + "'" for state in each.states)
        branch = When(condition=f"{quoted} IN ({listed})", then=spec)
        told: Spec = ConditionalSpec(branches=(branch,), otherwise=ConstantSpec(value=None))
        yield column.name, column.model_copy(update={"spec": told, "null_share": 0.0})


def _is_placed(spec: Spec) -> bool:
    """Tell whether a moment follows others of its row already."""
    return isinstance(spec, OffsetSpec) and spec.foreign_key is None


def one_after_other(table: Table, needs: Mapping[str, str]) -> Table:
    """Return the table with moments null where those are that they need: ``needs`` by name.

    Those that a status tells of stay as they are.
    """
    columns = []
    for column in table.columns:
        spec, other = column.spec, needs.get(column.name, "")
        base = table.column(other) if other else None
        told = base is None or isinstance(base.spec, ConditionalSpec) or not base.null_share
        if not told and isinstance(spec, OffsetSpec):
            quoted = '"' + other.replace('"', '""') + '"'
            branch = When(condition=f"{quoted} IS NOT NULL", then=spec)
            waits = ConditionalSpec(branches=(branch,), otherwise=ConstantSpec(value=None))
            columns.append(column.model_copy(update={"spec": waits}))
        else:
            columns.append(column)
    return table.model_copy(update={"columns": tuple(columns)})


def _begun(table: Table, on_way: list[Moment]) -> dict[str, Column]:
    """Let the first moment on the way follow the row's beginning, where it follows nothing yet."""
    if not on_way or not isinstance(on_way[0].column.spec, DatetimeSpec):
        return {}
    first = on_way[0].column
    for meaning in ("ordered", "created"):
        for column in table.columns:
            apart = column.name not in {each.column.name for each in on_way}
            same = column.type == first.type and not column.null_share
            if column.semantic == meaning and apart and same and column.spec is not None:
                return {first.name: column}
    return {}


def _rank(moment: Moment) -> int:
    return -1 if moment.rank is None else moment.rank


def _follows(base: Column) -> OffsetSpec:
    unit = _DAY_S if base.type.kind == "timestamp" else 1
    least = round(_LEAST_DAYS * unit)
    return OffsetSpec(column=base.name, minimum=least, maximum=_MOST_DAYS * unit, past=True)

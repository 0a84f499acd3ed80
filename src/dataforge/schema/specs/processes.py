"""Specs of what happens in time: chains of states, intervals, balances, entries, trees.

Lengths of time are in days for columns of dates, in seconds for timestamps. Specs that speak of
"the owner" are for tables whose rows are laid out under an owning parent; a row's siblings are the
rows of the same owner, in row order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from dataforge.schema.distributions import Distribution, Uniform
from dataforge.schema.types import Model


class Extent(Model):
    """How long or how much: ``minimum`` plus a draw, at most ``maximum``.

    Uniform and beta draws fill the range from minimum to maximum (without a maximum they are the
    minimum); other distributions give a draw in the extent's own unit.
    """

    minimum: float = Field(default=0, ge=0)
    maximum: float | None = Field(default=None, ge=0)
    distribution: Distribution = Uniform()


class Transition(Model):
    """``source`` is followed by ``target`` with this probability, after ``dwell`` in the source.

    Without a dwell time of its own a transition takes the machine's.
    """

    source: str
    target: str
    probability: float = Field(default=1.0, gt=0, le=1)
    dwell: Extent | None = None


class Machine(Model):
    """States, where a chain of them begins, how it goes on and where it ends.

    The probabilities of the transitions out of a state add up to 1; a ``terminal`` state has none,
    and one is within reach of every state.
    """

    initial: str
    transitions: tuple[Transition, ...] = Field(min_length=1)
    terminal: tuple[str, ...] = Field(min_length=1)
    dwell: Extent = Extent(maximum=1)


class EventStateSpec(Machine):
    """A chain of states, one a row of the same owner: an order's history, a ticket's events.

    An owner with n rows has a chain of exactly n states, drawn from the machine's law on the
    condition that the last is terminal; where no chain of n states ends, it is drawn on the
    condition that it can go on for n. An owning key without a law gets the law of the machine's
    own chain lengths, so that chains are as long as the machine makes them.
    """

    kind: Literal["event_state"] = "event_state"


class EventTimeSpec(Model):
    """When each state of ``state_column`` began.

    The first is the owner's moment ``after``, each later one follows by the dwell time of its
    transition. Where a chain comes near the schema's ``now`` it is compressed, to end before it.
    """

    kind: Literal["event_time"] = "event_time"
    state_column: str
    after: str


class StatusSpec(Machine):
    """Where a row's own chain of states stands at the schema's ``now``.

    The chain begins at the moment in column ``after`` of the same row.
    """

    kind: Literal["status"] = "status"
    after: str


class StatusTimeSpec(Model):
    """When the chain of ``status_column`` first reached ``state``; null where it did not yet."""

    kind: Literal["status_time"] = "status_time"
    status_column: str
    state: str


class Opening(Model):
    """When something is open: from the first of ``hours`` to the second, on some weekdays.

    ``hours`` count from midnight and may be broken (``[8.5, 18]``); ``weekdays`` are seven, from
    Monday on.
    """

    hours: tuple[float, float] = (9.0, 17.0)
    weekdays: tuple[bool, bool, bool, bool, bool, bool, bool] = (
        True,
        True,
        True,
        True,
        True,
        False,
        False,
    )


class IntervalStartSpec(Model):
    """The beginning of an interval that overlaps none of the same owner: bookings, shifts, leases.

    The window reaches from the owner's moment in column ``after``, or ``start``, to the owner's
    moment ``before``, or ``end``, or the schema's ``now``. Without a ``gap`` the intervals are
    spread over it; with one they follow each other from its beginning, ``gap`` apart, gaps and
    lengths above their minimum compressed where the window ends. With ``tiling`` each begins where
    the one before ends. Intervals may touch unless ``touching`` is false; with ``step``
    they begin and end at multiples of so many days or seconds. A window without room for its
    intervals at their least length is lengthened.

    With ``opening`` they begin and end only while it is open, on dates on open weekdays; lengths
    and gaps count open time, so that those at a ``gap`` may reach over a night, as work does that
    goes on the next day. Those that are spread lie within one day where they fit.
    """

    kind: Literal["interval_start"] = "interval_start"
    after: str | None = None
    before: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    length: Extent | None = None
    gap: Extent | None = None
    tiling: bool = False
    touching: bool = True
    step: float | None = Field(default=None, gt=0)
    opening: Opening | None = None


class IntervalEndSpec(Model):
    """The end of the interval that begins in ``start_column``, itself outside the interval.

    Null in the last row of each owner with ``open_ended``: what is valid until further notice.
    """

    kind: Literal["interval_end"] = "interval_end"
    start_column: str
    open_ended: bool = False


class DriftSpec(Model):
    """The owner's ``base``, changed from row to row: a price that rises, a salary over the years.

    Each change is a factor whose logarithm is normal: ``change`` is its median less 1, ``spread``
    its standard deviation. The owner's first row has the base itself. With ``ending`` the
    fraction of every number is that: 12.99.
    """

    kind: Literal["drift"] = "drift"
    base: str
    change: float = Field(default=0.02, gt=-1)
    spread: float = Field(default=0.05, ge=0)
    ending: float | None = Field(default=None, ge=0, lt=1)


class MovementSpec(Model):
    """A signed amount that keeps the balance of its owner at or above ``floor``.

    ``incoming_share`` of the amounts are ``incoming``, the others ``outgoing`` and negative. One
    that would leave too little takes out what is there, or brings in what is missing, up to a
    remainder above the floor: up to half of an incoming amount. ``opening`` and ``floor`` are
    numbers or columns of the owner.
    """

    kind: Literal["movement"] = "movement"
    incoming: Extent = Extent(maximum=100)
    outgoing: Extent = Extent(maximum=100)
    incoming_share: float = Field(default=0.5, ge=0, le=1)
    opening: float | str = 0
    floor: float | str = 0


class BalanceSpec(Model):
    """The balance after the row's ``movement_column``: opening plus all amounts so far."""

    kind: Literal["balance"] = "balance"
    movement_column: str


class DoubleEntrySpec(Model):
    """A line of a transaction whose debits and credits both add up to the owner's ``total``.

    ``signed`` lines are positive for debits and negative for credits; a ``debit`` or ``credit``
    column holds the lines of its own side, and null (0 where it is not nullable) on the other.
    Every owner needs two lines at least.
    """

    kind: Literal["double_entry"] = "double_entry"
    total: str
    side: Literal["signed", "debit", "credit"] = "signed"


class DepthSpec(Model):
    """How far a row is from its root by the self-reference ``foreign_key``, plus ``start``."""

    kind: Literal["depth"] = "depth"
    foreign_key: str
    start: int = 0


class PathSpec(Model):
    """The values of ``column`` from the root down to the row, joined by ``separator``."""

    kind: Literal["path"] = "path"
    foreign_key: str
    column: str
    separator: str = "/"


class AsOfSpec(Model):
    """``column`` of the row of ``table`` that was valid at a moment: the price at an order's date.

    ``table`` is owned by the parent that ``foreign_key`` points to; of that parent's rows the last
    whose ``valid_from`` is not after column ``at`` counts, or the first where none is.
    """

    kind: Literal["as_of"] = "as_of"
    foreign_key: str
    table: str
    column: str
    valid_from: str
    at: str

"""Chains of states that every parent goes through: from the first to the last, with exceptions."""

from __future__ import annotations

from dataforge.parsers.prompt.keys import linked
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.mending import key_between, with_column, with_table
from dataforge.parsers.prompt.names import snake
from dataforge.parsers.prompt.request import Request, Trait
from dataforge.schema import (
    AggregateSpec,
    Column,
    DatetimeSpec,
    EventStateSpec,
    EventTimeSpec,
    Expectation,
    Extent,
    IntegerType,
    Schema,
    SequenceSpec,
    StringType,
    Table,
    TimestampType,
    Transition,
)

_HOUR_S = 3_600
_DWELL = Extent(minimum=2 * _HOUR_S, maximum=30 * _HOUR_S)
_STATE_NAMES = ("status", "state", "event", "event_type", "scan_type", "type", "kind")
_MIDDLE = ("in transit", "out for delivery")
_STAY = 0.35


def chained(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Lay every row's history out as a chain of states, one a row of the table of events."""
    owner = trait.entity if trait.entity in schema.tables_by_name else None
    if owner is None:
        ledger.miss(trait.words, "it is not said whose chain it is")
        return schema
    schema, owner, name = _history(schema, owner, request)
    table, parent = schema.table(name), schema.table(owner)
    began = _beginning(parent)
    parent = with_column(parent, began)
    state, moment = _state_column(table), _moment_column(table)
    spec = machine(trait)
    table = with_column(table, Column(name=state, type=StringType(), nullable=False, spec=spec))
    table = with_column(
        table,
        Column(
            name=moment,
            type=TimestampType(),
            nullable=False,
            spec=EventTimeSpec(state_column=state, after=began.name),
        ),
    )
    keys = tuple(
        key.model_copy(
            update={"owning": key.parent == owner, "law": None if key.parent == owner else key.law}
        )
        for key in table.foreign_keys
    )
    table = table.model_copy(update={"foreign_keys": keys, "rows": None})
    parent = with_column(
        parent,
        Column(
            name="status",
            type=StringType(),
            nullable=True,
            spec=AggregateSpec(table=name, function="last", column=state),
        ),
    )
    parent = parent.model_copy(update={"expectations": _wishes(trait, parent)})
    ledger.met(
        trait.words,
        f"tables.{name}.columns.{state}.spec",
        f"the {state} of each of {owner} goes from {trait.states[0]!r} to {trait.states[1]!r}",
    )
    if trait.share is not None:
        ledger.met(
            trait.words, f"tables.{owner}.expectations.lost", f"{trait.share:.4g} end otherwise"
        )
    return with_table(with_table(schema, parent), table)


def _wishes(trait: Trait, parent: Table) -> tuple[Expectation, ...]:
    kept = tuple(each for each in parent.expectations if "status" not in each.expression)
    if trait.share is None or len(trait.states) < 3:
        return kept
    text = trait.states[2].replace("'", "''")
    wish = Expectation(
        name=snake(trait.states[2]),
        expression=f"status = '{text}'",
        share=trait.share,
        source=trait.words.text,
    )
    return (*kept, wish)


def machine(trait: Trait) -> EventStateSpec:
    """Return the chain from the first state over two on the way to the last, or to the exception.

    The exception is left to the middle state with the probability that makes its share exact.
    """
    first, last = trait.states[:2]
    odd = trait.states[2] if len(trait.states) > 2 and trait.share else None
    way, near = _MIDDLE
    lost = float(trait.share or 0) if odd else 0.0
    steps = [Transition(source=first, target=way)]
    steps.append(Transition(source=way, target=way, probability=_STAY))
    onward = 1 - _STAY
    if odd:
        steps.append(Transition(source=way, target=odd, probability=round(onward * lost, 9)))
    steps.append(Transition(source=way, target=near, probability=round(onward * (1 - lost), 9)))
    steps.append(Transition(source=near, target=last))
    terminal = (last, odd) if odd else (last,)
    return EventStateSpec(initial=first, transitions=tuple(steps), terminal=terminal, dwell=_DWELL)


def _history(schema: Schema, owner: str, request: Request) -> tuple[Schema, str, str]:
    """Return the table of events of an owner, made where there is none.

    Where the thing named is itself the table of events, its parent is the owner.
    """
    table = schema.table(owner)
    asked = {entity.name for entity in request.entities}
    children = [t for t in schema.tables if key_between(t, owner) is not None and t.name != owner]
    told = [t for t in children if any(isinstance(c.spec, EventStateSpec) for c in t.columns)]
    named = [t for t in children if t.name in asked]
    if told or named:
        return schema, owner, (told or named)[0].name
    if table.owner is not None and table.owner.parent in asked:
        return schema, table.owner.parent, owner
    others = [
        e.name for e in request.entities if e.name != owner and e.name in schema.tables_by_name
    ]
    if others:
        return linked(schema, others[0], owner), owner, others[0]
    name = f"{owner.removesuffix('s')}_events"
    made = Table(
        name=name,
        primary_key=("id",),
        columns=(Column(name="id", type=IntegerType(), nullable=False, spec=SequenceSpec()),),
    )
    return linked(with_table(schema, made), name, owner), owner, name


def _beginning(parent: Table) -> Column:
    """Return the moment of the owner that its chain begins at."""
    for column in parent.columns:
        if (
            isinstance(column.type, TimestampType)
            and isinstance(column.spec, DatetimeSpec)
            and not column.null_share
        ):
            return column.model_copy(update={"nullable": False})
    return Column(name="created_at", type=TimestampType(), nullable=False, spec=DatetimeSpec())


def _state_column(table: Table) -> str:
    told = [c.name for c in table.columns if isinstance(c.spec, EventStateSpec)]
    named = [name for name in _STATE_NAMES if name in table.columns_by_name]
    return (told or named or ["status"])[0]


def _moment_column(table: Table) -> str:
    told = [c.name for c in table.columns if isinstance(c.spec, EventTimeSpec)]
    moments = [c.name for c in table.columns if isinstance(c.type, TimestampType)]
    return (told or moments or ["occurred_at"])[0]

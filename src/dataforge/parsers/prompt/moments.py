"""Periods, orders, terms and intervals of a request, as specs and rules over moments."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dataforge.parsers.prompt.keys import is_act, linked
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.mending import key_between, with_column, with_table
from dataforge.parsers.prompt.names import snake
from dataforge.parsers.prompt.periods import Duration
from dataforge.parsers.prompt.request import Request, Trait
from dataforge.parsers.prompt.typing import period_rule, quoted
from dataforge.schema import (
    Bound,
    Column,
    DatetimeSpec,
    DateType,
    Extent,
    IntervalEndSpec,
    IntervalStartSpec,
    OffsetSpec,
    PoissonLaw,
    Rule,
    Schema,
    Table,
    TimestampType,
    TimestepSpec,
)

_APART = re.compile(
    r"birth|hire|born|updated|deleted|expir|join|regist|founded|built|geburt|naiss|nacim|nasc"
)
_DAY_S = 86_400
_STEP_S = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_USUAL_HOURS = 2
_WORKDAYS = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)


def in_period(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Let the moments of a table lie in a period."""
    if trait.start is None or trait.end is None:
        return schema
    if any(entity.role in {"readings", "candles"} for entity in request.entities):
        return schema
    own = [trait.entity] if trait.entity in schema.tables_by_name else []
    asked = [e.name for e in request.entities if e.name in schema.tables_by_name]
    acts = [name for name in asked if is_act(name, request)]
    names = own if own and own[0] in acts else [*acts, *own]
    names += [table.name for table in schema.tables if table.name not in names]
    for name in names:
        table = schema.table(str(name))
        column = main_moment(table)
        if column is not None:
            bounded = _bounded(table, column, trait, ledger)
            return with_table(schema, _with_room(bounded, schema, request, trait, ledger))
    return _dated(schema, trait, request, ledger)


def _dated(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Give a table without moments one row a step of the period: a measure for every day."""
    step = next((t for t in request.traits if t.kind == "step"), None)
    asked = [e for e in request.entities if e.name in schema.tables_by_name]
    if step is None or len(asked) != 1 or trait.start is None or trait.end is None:
        ledger.miss(trait.words, "no table has a moment that could lie in it")
        return schema
    table = schema.table(asked[0].name)
    unit = step.unit if step.unit in _STEP_S else "day"
    days = _STEP_S[unit] >= _DAY_S
    spec = TimestepSpec.model_validate(
        {"start": trait.start, "every": step.number or 1, "unit": unit}
    )
    name = "date" if days else "measured_at"
    column = Column(
        name=name, type=DateType() if days else TimestampType(), nullable=False, spec=spec
    )
    rows = int((trait.end - trait.start).total_seconds() // _STEP_S[unit])
    columns = (column, *(c for c in table.columns if c.name != name))
    changed = table.model_copy(update={"columns": columns})
    if asked[0].count is None and request.rows is None:
        changed = changed.model_copy(update={"rows": max(rows, 1)})
    ledger.met(
        trait.words,
        f"tables.{table.name}.columns.{name}.spec",
        f"{name} goes on by a {unit} from {trait.start:%Y-%m-%d}",
    )
    ledger.assume(f"{table.name}.{name} was added, a row for every {unit}")
    return with_table(schema, changed)


def _with_room(
    table: Table, schema: Schema, request: Request, trait: Trait, ledger: Ledger
) -> Table:
    """Ask for no more intervals than half of the period has room for, unless they are counted."""
    starts = [c.spec for c in table.columns if isinstance(c.spec, IntervalStartSpec)]
    counted = any(e.name == table.name and e.count is not None for e in request.entities)
    owner = table.owner
    if not starts or counted or owner is None or trait.start is None or trait.end is None:
        return table
    parents = schema.table(owner.parent).rows or schema.default_rows
    unit = (
        _DAY_S
        if any(
            c.type.kind == "timestamp"
            for c in table.columns
            if isinstance(c.spec, IntervalStartSpec)
        )
        else 1
    )
    extent = starts[0].length or Extent(minimum=unit, maximum=unit)
    length = max(extent.maximum or extent.minimum or unit, 1) / unit
    most = max(1, int(parents * (trait.end - trait.start).days / (2 * length)))
    if table.rows is not None and table.rows <= most:
        return table
    ledger.assume(f"{table.name}: {most:,} rows, so that they have room in the period")
    keys = tuple(
        key.model_copy(update={"law": PoissonLaw()}) if key is owner else key
        for key in table.foreign_keys
    )
    return table.model_copy(update={"rows": most, "foreign_keys": keys})


def main_moment(table: Table) -> Column | None:
    """Return the column that says when a row happened; None where there is none."""
    moments = [
        c
        for c in table.columns
        if c.type.kind in {"date", "timestamp"} and not _APART.search(snake(c.name))
    ]
    begun = [c for c in moments if isinstance(c.spec, IntervalStartSpec | DatetimeSpec)]
    free = [c for c in moments if c.spec is None]
    return next(iter((*begun, *free, *moments)), None)


def _bounded(table: Table, column: Column, trait: Trait, ledger: Ledger) -> Table:
    start, end = trait.start, trait.end
    assert start is not None  # noqa: S101 - the caller has looked
    assert end is not None  # noqa: S101 - likewise
    changed: IntervalStartSpec | DatetimeSpec
    match column.spec:
        case IntervalStartSpec() as spec:
            changed = spec.model_copy(
                update={"start": start, "end": end, "after": None, "before": None}
            )
        case DatetimeSpec() as spec:
            changed = spec.model_copy(update={"start": start, "end": end, "growth": 1.0})
        case _:
            changed = DatetimeSpec(start=start, end=end)
    if trait.calendar == "business_days" and isinstance(changed, DatetimeSpec):
        changed = changed.model_copy(update={"weekdays": _WORKDAYS})
    table = with_column(
        table, column.model_copy(update={"spec": changed, "nullable": False, "null_share": None})
    )
    rule = period_rule(column, start, end)
    kept = tuple(each for each in table.rules if each.name != rule.name)
    ledger.met(trait.words, f"tables.{table.name}.rules.{rule.name}", rule.expression)
    return table.model_copy(update={"rules": (*kept, rule)})


def ordered(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Let one moment of a row follow another."""
    later, earlier = trait.columns
    names = [trait.entity] if trait.entity in schema.tables_by_name else []
    names += [table.name for table in schema.tables if table.name not in names]
    for name in names:
        table = schema.table(str(name))
        one, other = column_like(table, later), column_like(table, earlier)
        if one is not None and other is not None and one.name != other.name:
            return with_table(schema, _after(table, one, other, trait, ledger))
    ledger.miss(trait.words, "no table has both columns")
    return schema


def column_like(table: Table, name: str) -> Column | None:
    """Return the column that a name means: the same, or the same but for a word at its end."""
    wanted = snake(name)
    names = {snake(column.name): column for column in table.columns}
    if wanted in names:
        return names[wanted]
    stem = re.sub(r"_(?:date|time|at|on|datum)$", "", wanted)
    for own, column in names.items():
        if re.sub(r"_(?:date|time|at|on|datum)$", "", own).rstrip("s") == stem.rstrip("s"):
            return column
    found = [
        column
        for own, column in names.items()
        if own.endswith(f"_{stem}") or own.startswith(f"{stem}_")
    ]
    return found[0] if len(found) == 1 else None


def _after(table: Table, later: Column, earlier: Column, trait: Trait, ledger: Ledger) -> Table:
    expression = f"{quoted(later.name)} > {quoted(earlier.name)}"
    if later.spec is None or isinstance(later.spec, DatetimeSpec):
        moments = {later.type.kind, earlier.type.kind} <= {"date", "timestamp"}
        unit = _DAY_S if later.type.kind == "timestamp" else 1
        low, high = (unit, 30 * unit) if moments else (1, 100)
        spec = OffsetSpec(column=earlier.name, minimum=low, maximum=high)
        table = with_column(table, later.model_copy(update={"spec": spec}))
    known = {re.sub(r"\s", "", rule.expression) for rule in table.rules}
    path = f"tables.{table.name}.rules.{expression}"
    ledger.met(trait.words, path, f"{expression} in every row of {table.name}")
    if re.sub(r"\s", "", expression) in known:
        return table
    return table.model_copy(update={"rules": (*table.rules, Rule(expression=expression))})


def apart(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Let the intervals of rows under one parent not overlap."""
    name = trait.entity if trait.entity in schema.tables_by_name else None
    if name is None:
        ledger.miss(trait.words, "no table of intervals is named")
        return schema
    table = schema.table(name)
    place = trait.other or _place_of(table, request)
    if place is None or place not in schema.tables_by_name:
        ledger.miss(trait.words, "it is not said of what the intervals must not overlap")
        return schema
    if key_between(table, place) is None:
        schema = linked(schema, name, place)
        table = schema.table(name)
    key = key_between(table, place)
    keys = tuple(each.model_copy(update={"owning": each is key}) for each in table.foreign_keys)
    table = table.model_copy(update={"foreign_keys": keys})
    if not any(isinstance(column.spec, IntervalStartSpec) for column in table.columns):
        table = _with_interval(table, request, trait)
    ledger.met(
        trait.words, f"tables.{name}.columns", f"no two {name} of one row of {place} overlap"
    )
    return with_table(schema, table)


def _place_of(table: Table, request: Request) -> str | None:
    if table.owner is not None:
        return table.owner.parent
    return next((key.parent for key in table.foreign_keys), None)


def _with_interval(table: Table, request: Request, trait: Trait) -> Table:
    """Give a table a beginning and an end, of the length that the words say."""
    lasting = next(
        (t for t in request.traits if t.kind == "lasting" and t.entity == table.name), None
    )
    period = next((t for t in request.traits if t.kind == "period"), None)
    seconds = Duration(lasting.number or 1, lasting.unit, 0, 0).seconds if lasting else 0
    days = seconds >= _DAY_S
    scale = _DAY_S if days else 1
    length = (
        Extent(minimum=seconds / scale, maximum=seconds / scale)
        if seconds
        else Extent(minimum=3_600, maximum=_USUAL_HOURS * 3_600)
    )
    step = 1.0 if days else 3_600.0
    start, end = _existing(table)
    logical = DateType() if days else TimestampType()
    now: datetime = Schema.model_fields["now"].default
    window = (period.start, period.end) if period else (now - timedelta(days=365), now)
    begin = IntervalStartSpec(start=window[0], end=window[1], length=length, step=step)
    table = with_column(table, Column(name=start, type=logical, nullable=False, spec=begin))
    table = with_column(
        table,
        Column(name=end, type=logical, nullable=False, spec=IntervalEndSpec(start_column=start)),
    )
    gone = {"created_at", "name"} - {start, end}
    columns = tuple(c for c in table.columns if c.name not in gone or c.comment is not None)
    rule = Rule(expression=f"{quoted(end)} > {quoted(start)}")
    kept = tuple(each for each in table.rules if each.expression != rule.expression)
    return table.model_copy(update={"columns": columns, "rules": (*kept, rule)})


def lasting(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Let intervals be as long as the words say."""
    table = schema.tables_by_name.get(trait.entity or "")
    if table is None or trait.number is None:
        return schema
    starts = [c for c in table.columns if isinstance(c.spec, IntervalStartSpec)]
    ends = [c for c in table.columns if isinstance(c.spec, IntervalEndSpec)]
    if not starts or not ends or not isinstance(starts[0].spec, IntervalStartSpec):
        return schema
    seconds = Duration(trait.number, trait.unit, 0, 0).seconds
    days = starts[0].type.kind == "date"
    size = seconds / _DAY_S if days else seconds
    if size < 1:
        return schema
    length = Extent(minimum=size, maximum=size)
    spec = starts[0].spec.model_copy(
        update={"length": length, "step": starts[0].spec.step or (1.0 if days else 900.0)}
    )
    unit, count = ("day", round(size)) if days else ("minute", round(seconds / 60))
    text = f"date_diff('{unit}', {quoted(starts[0].name)}, {quoted(ends[0].name)}) = {count}"
    rule = Rule(name=f"{snake(table.name)}_length", expression=text)
    table = with_column(table, starts[0].model_copy(update={"spec": spec}))
    ledger.met(trait.words, f"tables.{table.name}.rules.{rule.name}", text)
    return with_table(schema, table.model_copy(update={"rules": (*table.rules, rule)}))


def _existing(table: Table) -> tuple[str, str]:
    pairs = (
        ("starts_at", "ends_at"),
        ("start_time", "end_time"),
        ("start_date", "end_date"),
        ("check_in", "check_out"),
        ("start_at", "end_at"),
        ("start", "end"),
    )
    names = {snake(column.name): column.name for column in table.columns}
    return next(((names[a], names[b]) for a, b in pairs if a in names and b in names), pairs[0])


def within(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Let the moments of a table lie within the term of its parent's row."""
    child, parent = (
        schema.tables_by_name.get(trait.entity or ""),
        schema.tables_by_name.get(trait.other or ""),
    )
    if child is None or parent is None:
        return schema
    key = key_between(child, parent.name)
    term = _term(parent)
    moment = main_moment(child)
    if key is None or term is None or moment is None:
        ledger.miss(trait.words, "the tables have no term and no moment that could lie in it")
        return schema
    begin, end = term
    spec = DatetimeSpec(
        after=(Bound(column=begin, foreign_key=key.label),),
        before=Bound(column=end, foreign_key=key.label),
    )
    table = with_column(
        child, moment.model_copy(update={"spec": spec, "nullable": False, "null_share": None})
    )
    ledger.met(
        trait.words,
        f"tables.{child.name}.columns.{moment.name}.spec",
        f"{moment.name} lies between {begin} and {end} of its row of {parent.name}",
    )
    return with_table(schema, table)


def _term(table: Table) -> tuple[str, str] | None:
    ends = [c for c in table.columns if isinstance(c.spec, IntervalEndSpec)]
    if ends and isinstance(ends[0].spec, IntervalEndSpec):
        return ends[0].spec.start_column, ends[0].name
    start, end = _existing(table)
    return (start, end) if {start, end} <= set(table.columns_by_name) else None

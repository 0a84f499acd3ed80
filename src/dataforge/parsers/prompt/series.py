"""Tables whose rows follow each other in time: readings of devices, candles of a market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from dataforge.parsers.prompt.keys import linked
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.lexicon import plain
from dataforge.parsers.prompt.mending import key_between, with_column, with_table
from dataforge.parsers.prompt.periods import Duration
from dataforge.parsers.prompt.request import ColumnWish, Entity, Request, Trait
from dataforge.schema import (
    BooleanType,
    CandleFieldSpec,
    CandleSpec,
    Column,
    DateType,
    DecimalType,
    Expectation,
    ExpressionSpec,
    FixedLaw,
    IntegerType,
    LinearTrend,
    LookupSpec,
    Noise,
    Rule,
    Schema,
    Season,
    SegmentSpec,
    SequenceSpec,
    SeriesSpec,
    StringType,
    Table,
    TimestampType,
    TimestepSpec,
)
from dataforge.schema.yaml_text import load_yaml

_STEP_S = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
}
_DAY_S = 86_400
_USUAL_STEPS = 500
_MOST_STEPS = 5_000_000
_USUAL_CANDLES = 250
_WORKDAYS = 5
_FAILED_AT = 0.85


def with_series(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Return the schema with the tables of readings and candles."""
    for entity in request.entities:
        if entity.role == "readings":
            schema = _with_readings(schema, entity, request, ledger)
        elif entity.role == "candles":
            schema = _with_candles(schema, entity, request, ledger)
    return schema


def _with_readings(schema: Schema, entity: Entity, request: Request, ledger: Ledger) -> Schema:
    step = next((t for t in request.traits if t.kind == "step" and t.unit in _STEP_S), None)
    every, unit = (step.number or 1, step.unit) if step else (1, "hour")
    seconds = every * _STEP_S[unit]
    start, steps = _span(request, seconds)
    device = _device(request, entity)
    columns = (
        Column(name="id", type=IntegerType(), nullable=False, spec=SequenceSpec()),
        Column(
            name="measured_at",
            type=TimestampType(),
            nullable=False,
            spec=TimestepSpec.model_validate({"start": start, "every": every, "unit": unit}),
        ),
    )
    table = Table(name=entity.name, columns=columns, primary_key=("id",))
    if device is None or device.name not in schema.tables_by_name:
        counted = entity.count or request.rows
        table = table.model_copy(update={"rows": counted.value if counted else steps})
        schema = with_table(schema, table)
    else:
        schema = linked(with_table(schema, table), table.name, device.name)
        table = _owned(schema.table(table.name), device.name, steps)
        schema = with_table(schema, table)
    if step is not None:
        ledger.met(
            step.words,
            f"tables.{table.name}.columns.measured_at.spec",
            f"measured_at goes up by {every} {unit}; {steps:,} rows for each series",
        )
    else:
        ledger.assume(f"{table.name}: a row every hour, as the request does not say how often")
    drifting = next((t for t in request.traits if t.kind == "drifting"), None)
    if drifting is not None and device is not None:
        schema = _drifting(schema, table.name, device, drifting, ledger)
    return _measured(schema, table.name, entity, seconds, steps, drifts=drifting is not None)


def _owned(table: Table, parent: str, steps: int) -> Table:
    key = key_between(table, parent)
    keys = tuple(
        each.model_copy(update={"owning": True, "law": FixedLaw(count=steps)})
        if each is key
        else each
        for each in table.foreign_keys
    )
    return table.model_copy(update={"foreign_keys": keys, "rows": None})


def _span(request: Request, seconds: int) -> tuple[datetime, int]:
    """Return when the readings begin and how many there are of each device."""
    now: datetime = Schema.model_fields["now"].default
    period = next((t for t in request.traits if t.kind == "period"), None)
    if period is not None and period.start is not None and period.end is not None:
        steps = int((period.end - period.start).total_seconds() // seconds)
        return period.start, max(1, min(steps, _MOST_STEPS))
    lasting = next((t for t in request.traits if t.kind == "lasting"), None)
    length = (
        Duration(lasting.number or 1, lasting.unit, 0, 0).seconds
        if lasting
        else _USUAL_STEPS * seconds
    )
    steps = max(1, min(int(length // seconds), _MOST_STEPS))
    begin = now - timedelta(seconds=steps * seconds)
    return begin.replace(hour=0, minute=0, second=0) if seconds * steps >= _DAY_S else begin, steps


def _device(request: Request, readings: Entity) -> Entity | None:
    others = [e for e in request.entities if e.name != readings.name and e.role == "table"]
    return next((e for e in others if e.count is not None), others[0] if others else None)


def _drifting(schema: Schema, name: str, device: Entity, trait: Trait, ledger: Ledger) -> Schema:
    """Mark so many of the devices as drifting, and let each reading know."""
    total = device.count.value if device.count else 10
    count = max(1, min(trait.number or 1, total))
    chosen = sorted({max(1, round(total * (k + 1) / (count + 1))) for k in range(count)})
    listed = ", ".join(map(str, chosen))
    devices = schema.table(device.name)
    key = devices.primary_key[0]
    flag = Column(
        name="is_drifting",
        type=BooleanType(),
        nullable=False,
        spec=ExpressionSpec(expression=f"{key} IN ({listed})"),
    )
    wish = Expectation(
        name="drifting",
        expression="is_drifting",
        share=len(chosen) / total,
        source=trait.words.text,
    )
    devices = with_column(devices, flag).model_copy(
        update={"expectations": (*devices.expectations, wish)}
    )
    readings = schema.table(name)
    fk = key_between(readings, device.name)
    label = fk.label if fk else ""
    lookup = Column(
        name="is_drifting",
        type=BooleanType(),
        nullable=False,
        spec=LookupSpec(foreign_key=label, column="is_drifting"),
    )
    ledger.met(
        trait.words,
        f"tables.{device.name}.columns.is_drifting",
        f"{len(chosen)} of {total} {device.name} drift",
    )
    return with_table(with_table(schema, devices), with_column(readings, lookup))


def _measured(
    schema: Schema, name: str, entity: Entity, seconds: int, steps: int, *, drifts: bool
) -> Schema:
    """Add a column for everything that is measured, and the state that follows from it."""
    table = schema.table(name)
    limits = []
    for wish in entity.columns:
        facts = _facts(wish)
        table = with_column(
            table,
            Column(
                name=wish.name,
                type=DecimalType(precision=12, scale=3),
                nullable=False,
                spec=_signal(facts, wish, seconds, steps, drifts=drifts),
            ),
        )
        limits.append((wish.name, facts["level"] + facts["rise"] * _FAILED_AT))
    if drifts and limits:
        worn = " OR ".join(f"{column} >= {limit:.2f}" for column, limit in limits)
        status = (
            f"CASE WHEN is_drifting AND ({worn}) THEN 'failed' "
            f"WHEN is_drifting THEN 'degrading' ELSE 'ok' END"
        )
        table = with_column(
            table,
            Column(
                name="status",
                type=StringType(max_length=12),
                nullable=False,
                spec=ExpressionSpec(expression=status),
            ),
        )
    return with_table(schema, table)


def _signal(
    facts: Mapping[str, float], wish: ColumnWish, seconds: int, steps: int, *, drifts: bool
) -> Any:
    level = wish.mean if wish.mean is not None else facts["level"]
    if wish.minimum is not None and wish.maximum is not None:
        level = (wish.minimum + wish.maximum) / 2
    day = _DAY_S / seconds
    seasons = (Season(period=day, amplitude=facts["swing"]),) if day > 2 and steps > day / 2 else ()
    common: dict[str, Any] = {
        "level": level,
        "noise": Noise(std=facts["noise"], ar=(0.6,)),
        "seasons": seasons,
        "minimum": wish.minimum,
        "maximum": wish.maximum,
        "decimals": 3,
    }
    normal = SeriesSpec.model_validate({**common, "spread": 0.03})
    if not drifts:
        return normal
    rising = SeriesSpec.model_validate(
        {**common, "trend": LinearTrend(slope=facts["rise"] / steps)}
    )
    return SegmentSpec(by="is_drifting", specs={"true": rising}, otherwise=normal)


def _facts(wish: ColumnWish) -> Mapping[str, float]:
    label = f" {plain(wish.label)} "
    for known, facts in _measures():
        if any(f" {word} " in label or word == label.strip() for word in known):
            return facts
    return _measures()[-1][1]


@cache
def _measures() -> tuple[tuple[tuple[str, ...], Mapping[str, float]], ...]:
    """Return the words for what devices measure and its usual figures; the last is for others."""
    home = files("dataforge.parsers.prompt").joinpath("data")
    found = load_yaml(home.joinpath("measures.yaml").read_text("utf-8"), "measures")
    return tuple(
        (
            tuple(plain(str(word)) for word in entry["words"]),
            {key: float(value) for key, value in entry.items() if key != "words"},
        )
        for entry in found.values()
    )


def _candle_columns(start: datetime | None) -> list[Column]:
    """Return the day, the four prices and the volume of a candle."""
    money = DecimalType(precision=12, scale=2)
    return [
        Column(
            name="day",
            type=DateType(),
            nullable=False,
            spec=CandleFieldSpec(column="close", field="date"),
        ),
        *(
            Column(
                name=name,
                type=money,
                nullable=False,
                spec=CandleFieldSpec.model_validate({"column": "close", "field": name}),
            )
            for name in ("open", "high", "low")
        ),
        Column(
            name="close",
            type=money,
            nullable=False,
            spec=CandleSpec(start=start.date() if start else None),
        ),
        Column(
            name="volume",
            type=IntegerType(),
            nullable=False,
            spec=CandleFieldSpec(column="close", field="volume"),
        ),
    ]


_CANDLE_RULES = (
    Rule(name="high_is_highest", expression='high >= "open" AND high >= "close" AND high >= low'),
    Rule(name="low_is_lowest", expression='low <= "open" AND low <= "close" AND low <= high'),
)


def _with_candles(schema: Schema, entity: Entity, request: Request, ledger: Ledger) -> Schema:
    period = next((t for t in request.traits if t.kind == "period"), None)
    days = _workdays(period)
    start = days[0] if days else None
    rows = len(days) or (request.rows.value if request.rows else _USUAL_CANDLES)
    columns = _candle_columns(start)
    market = next(
        (e for e in request.entities if e.role == "table" and e.name in schema.tables_by_name), None
    )
    key = () if market is not None else ("day",)
    table = Table(
        name=entity.name, columns=tuple(columns), rows=rows, rules=_CANDLE_RULES, primary_key=key
    )
    schema = with_table(schema, table)
    if market is not None:
        schema = linked(schema, table.name, market.name)
        table = _owned(schema.table(table.name), market.name, rows)
        owner = key_between(table, market.name)
        names = owner.columns if owner else ()
        schema = with_table(schema, table.model_copy(update={"primary_key": (*names, "day")}))
    ledger.met(
        entity.words,
        f"tables.{entity.name}.rules",
        "high is the highest and low the lowest of each candle",
    )
    if period is not None:
        ledger.met(
            period.words,
            f"tables.{entity.name}.columns.day",
            f"{rows} business days from {start:%Y-%m-%d}",
        )
    else:
        ledger.assume(f"{entity.name}: {rows} business days, as the request states no period")
    return schema


def _workdays(period: Trait | None) -> list[datetime]:
    if period is None or period.start is None or period.end is None:
        return []
    length = (period.end - period.start).days
    days = (period.start + timedelta(days=n) for n in range(min(length, 40_000)))
    return [day for day in days if day.weekday() < _WORKDAYS]

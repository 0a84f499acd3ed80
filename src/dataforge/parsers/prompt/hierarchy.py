"""Who reports to whom: a tree of so many levels, and pay that goes up with them."""

from __future__ import annotations

from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.mending import with_column, with_table
from dataforge.parsers.prompt.names import one, snake
from dataforge.parsers.prompt.request import Entity, Request, Trait
from dataforge.parsers.prompt.typing import quoted
from dataforge.schema import (
    Column,
    ConditionalSpec,
    DecimalType,
    DepthSpec,
    ExpressionSpec,
    ForeignKey,
    IntegerType,
    NumberSpec,
    RangeLaw,
    Rule,
    Schema,
    Table,
    When,
)

_USUAL_LEVELS = 5
_LEAST_PAY, _STEP = 32_000, 1.55
_BAND = 1.4


def tree(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Give every table of a hierarchy its reference to itself, a depth and a level."""
    for entity in request.entities:
        table = schema.tables_by_name.get(entity.name)
        if entity.role == "hierarchy" and table is not None:
            schema = with_table(schema, _grown(table, entity, request, ledger))
    return schema


def _grown(table: Table, entity: Entity, request: Request, ledger: Ledger) -> Table:
    stated = next((t for t in request.traits if t.kind == "depth" and t.number), None)
    levels = stated.number if stated is not None and stated.number else _USUAL_LEVELS
    rows = entity.count.value if entity.count else 100
    span = _span(rows, levels)
    key = table.primary_key[0]
    others = [each for each in table.foreign_keys if each.parent != table.name]
    own = next((each for each in table.foreign_keys if each.parent == table.name), None)
    name = own.columns[0] if own else "manager_id"
    reference = ForeignKey(
        columns=(name,),
        parent=table.name,
        parent_columns=(key,),
        name=f"fk_{table.name}_{name}",
        law=RangeLaw(minimum=max(1, span - 1), maximum=span + 2),
        max_depth=max(1, levels),
    )
    table = with_column(
        table, Column(name=name, type=table.column(key).type, nullable=True), after=key
    )
    table = with_column(
        table,
        Column(
            name="depth",
            type=IntegerType(bits=32),
            nullable=False,
            spec=DepthSpec(foreign_key=str(reference.name)),
        ),
        after=name,
    )
    table = with_column(
        table,
        Column(
            name="level",
            type=IntegerType(bits=32),
            nullable=False,
            spec=ExpressionSpec(expression=f"{levels} - depth"),
        ),
        after="depth",
    )
    rules = (
        *table.rules,
        Rule(name="no_own_manager", expression=f"{quoted(name)} <> {quoted(key)}"),
        Rule(name="levels", expression=f"depth <= {levels - 1}"),
    )
    table = table.model_copy(update={"foreign_keys": (*others, reference), "rules": rules})
    ledger.met(
        entity.words, f"tables.{table.name}.foreign_keys.{name}", "nobody is their own manager"
    )
    if stated is not None:
        ledger.met(
            stated.words, f"tables.{table.name}.rules.levels", f"no more than {levels} levels"
        )
    ledger.assume(f"{table.name}.level: {levels} is the top, depth 0")
    for trait in request.traits:
        if trait.kind == "rising":
            table = _rising(table, trait, levels, ledger)
    return table


def _span(rows: int, levels: int) -> int:
    """Return the least number of reports each with which so many rows fit into the levels."""
    span = 1
    while sum(span**k for k in range(levels)) < rows:
        span += 1
    return span + 1


def _rising(table: Table, trait: Trait, levels: int, ledger: Ledger) -> Table:
    """Give each level a band of its own above that of the level below."""
    wanted = one(snake(trait.columns[0]))
    found = [c.name for c in table.columns if wanted in snake(c.name)]
    name = found[0] if found else wanted
    bands = []
    low = float(_LEAST_PAY)
    for level in range(1, levels + 1):
        bands.append((level, round(low, -2), round(low * _BAND, -2)))
        low *= _STEP
    branches = tuple(
        When(condition=f"level = {level}", then=NumberSpec(minimum=least, maximum=most, decimals=0))
        for level, least, most in bands[1:]
    )
    _, least, most = bands[0]
    spec = ConditionalSpec(
        branches=branches, otherwise=NumberSpec(minimum=least, maximum=most, decimals=0)
    )
    column = Column(name=name, type=DecimalType(precision=12, scale=2), nullable=False, spec=spec)
    pay = quoted(name)
    rules = tuple(
        Rule(
            name=f"{name}_of_level_{level}",
            expression=f"level <> {level} OR ({pay} >= {least:.0f} AND {pay} <= {most:.0f})",
        )
        for level, least, most in bands
    )
    kept = tuple(rule for rule in table.rules if name not in rule.expression)
    ledger.met(
        trait.words,
        f"tables.{table.name}.columns.{name}",
        f"the {name} of a level lies above those of the levels below",
    )
    return with_column(table, column).model_copy(update={"rules": (*kept, *rules)})

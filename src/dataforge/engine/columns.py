"""A table's columns → generators, with the groups of columns that its rules tie together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from dataforge.engine.cells import Generator, Site
from dataforge.engine.copula import companions, copula_members
from dataforge.engine.families import build_spec
from dataforge.engine.generators.cased import Cased
from dataforge.engine.generators.expressions import build_conditional, build_segmented
from dataforge.engine.generators.keyed import (
    ForeignKeyColumn,
    OrdinalColumn,
    RankedColumn,
    SuffixedColumn,
)
from dataforge.engine.generators.numbers import in_order
from dataforge.engine.generators.placed import build_placed
from dataforge.engine.generators.relatives import Aggregate, Lookup, RunningTotal
from dataforge.engine.generators.sequences import Sequence
from dataforge.engine.generators.unions import UnionChoice, UnionKey, UnionLabel
from dataforge.engine.hints import hints_of
from dataforge.engine.key_roles import KeyRoles
from dataforge.engine.localized import group_of
from dataforge.engine.plan import ColumnPlan
from dataforge.engine.processes import build_process
from dataforge.engine.redraw import RedrawGroup
from dataforge.engine.search import Ladder
from dataforge.engine.sites import TableSites, inputs_of
from dataforge.engine.wiring import Wiring
from dataforge.errors import Problem, RuleConflictError
from dataforge.schema import (
    AggregateSpec,
    CandleFieldSpec,
    CandleSpec,
    Column,
    ConditionalSpec,
    LookupSpec,
    OrdinalSpec,
    RecordSpec,
    RunningTotalSpec,
    Schema,
    SegmentSpec,
    SensorSpec,
    SequenceSpec,
    SeriesLabelSpec,
    SeriesSpec,
    Spec,
    TextSpec,
    UnionKeySpec,
    UnionLabelSpec,
    VocabularySpec,
)
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.expressions import columns_of, parse_expression
from dataforge.streams import derive_key


def build_columns(
    sites: TableSites,
    roles: KeyRoles,
    wiring: Wiring,
    groups: Mapping[str, RedrawGroup],
) -> dict[str, ColumnPlan]:
    """Return the plans of all columns, in the table's order."""
    sources = wiring.sources()
    tied = copula_members(sites.table, wiring.schema.seed)
    return {
        column.name: ColumnPlan(
            name=column.name,
            type=arrow_type(column.type),
            generator=_generator(column, sites, roles, wiring, sources, tied=column.name in tied),
            key=derive_key(wiring.schema.seed, sites.table.name, column.name),
            null_share=0.0 if column.name in sources else _null_share(column, wiring),
            group=groups.get(column.name),
            copula=tied.get(column.name),
        )
        for column in sites.table.columns
    }


def _generator(
    column: Column,
    sites: TableSites,
    roles: KeyRoles,
    wiring: Wiring,
    sources: Mapping[str, tuple[int, str]],
    *,
    tied: bool,
) -> Generator:
    name = column.name
    if name in sources:
        return ForeignKeyColumn(*sources[name])
    if name in roles.sequences:
        return _counted(sites.specs[name], sites.first(name))
    if name in roles.ordinals:
        return _counted_within(sites.specs[name], sites.first(name))
    if name in roles.suffixed:
        return SuffixedColumn(*roles.suffixed[name])
    if name in roles.columns:
        return RankedColumn(*roles.columns[name])
    numbered = sites.numbered(name) if name in roles.trusted else None
    made = numbered or _built(column, wiring, sites.specs[name], sites.sites[name])
    made = in_order(made) if tied else made
    case = sites.sites[name].limits.case
    return made if case is None else Cased(made, case)


def _built(column: Column, wiring: Wiring, spec: Spec, site: Site) -> Generator:
    related = _related(column, spec, wiring) or build_process(spec, site, wiring)
    related = related or build_placed(spec, site, wiring)
    if related is not None:
        return related
    if isinstance(spec, ConditionalSpec):
        return build_conditional(spec, site, partial(_built, column, wiring))
    if isinstance(spec, SegmentSpec):
        return build_segmented(spec, site, partial(_built, column, wiring))
    return build_spec(spec, site)


def _counted(spec: Spec, first: int) -> Generator:
    if isinstance(spec, SequenceSpec):
        return Sequence(spec.start, spec.step)
    return Sequence(first, 1)


def _counted_within(spec: Spec, first: int) -> Generator:
    match spec:
        case OrdinalSpec():
            return OrdinalColumn(spec.start, spec.step)
        case SequenceSpec():
            return Sequence(spec.start, spec.step)
        case _:
            return OrdinalColumn(first, 1)


def _related(column: Column, spec: Spec, wiring: Wiring) -> Generator | None:
    """Build the generators that need other tables or siblings."""
    match spec:
        case LookupSpec():
            return Lookup(_reference_named(wiring, spec.foreign_key), spec.column)
        case AggregateSpec():
            value = parse_expression(spec.expression) if spec.expression else spec.column
            return Aggregate(spec.table, spec.function, value, wiring.schema.now)
        case OrdinalSpec():
            return OrdinalColumn(spec.start, spec.step)
        case RunningTotalSpec():
            return RunningTotal(spec.column, (spec.column,))
        case UnionKeySpec():
            targets = tuple(
                (each.table, wiring.schema.table(each.table).primary_key[0])
                for each in spec.targets
            )
            choice = _union_choice(column.name, spec, wiring)
            return UnionKey(choice, targets, arrow_type(column.type))
        case UnionLabelSpec():
            key = wiring.table.column(spec.key_column)
            assert isinstance(key.spec, UnionKeySpec)  # noqa: S101 - validated with the schema
            return UnionLabel(_union_choice(key.name, key.spec, wiring))
        case _:
            return None


def _union_choice(key_column: str, spec: UnionKeySpec, wiring: Wiring) -> UnionChoice:
    """Choose among the targets that have rows; among all where none has."""
    filled = [target.weight if wiring.rows[target.table] else 0.0 for target in spec.targets]
    weights = np.cumsum(filled if any(filled) else [target.weight for target in spec.targets])
    labels = tuple(target.label for target in spec.targets)
    return UnionChoice(f"union:{key_column}", labels, Ladder(weights.astype(np.float64)))


def _reference_named(wiring: Wiring, name: str) -> int:
    return next(
        index
        for index, key in enumerate(wiring.table.foreign_keys)
        if name in {key.name, key.label}
    )


def _null_share(column: Column, wiring: Wiring) -> float:
    table = wiring.table
    referenced = any(
        key.parent == table.name and column.name in key.parent_columns
        for other in wiring.schema.tables
        for key in other.foreign_keys
    )
    if not column.nullable or column.name in table.primary_key or referenced:
        return 0.0
    return column.null_share or 0.0


def redraw_groups(sites: TableSites, roles: KeyRoles) -> dict[str, RedrawGroup]:
    """Return, for every column that a condition ties, the group that is drawn together.

    Conditions that share a column share a group. Columns that a key decides are not drawn again;
    computed columns come along with the columns they are computed from.
    """
    clusters: list[tuple[set[str], list[int]]] = []
    for number, condition in enumerate(sites.conditions):
        tied = _closure(sites, columns_of(condition.expr))
        numbers = [number]
        apart = []
        for names, members in clusters:
            if names & tied:
                tied |= names
                numbers = members + numbers
            else:
                apart.append((names, members))
        clusters = [*apart, (tied, numbers)]
    groups: dict[str, RedrawGroup] = {}
    for tied, numbers in clusters:
        _refuse_sums_of_tied(sites, tied, numbers)
        group = _group(sites, roles, tied, numbers)
        groups.update(dict.fromkeys(group.columns, group))
    return groups


def _refuse_sums_of_tied(sites: TableSites, tied: set[str], numbers: list[int]) -> None:
    """A row cannot be drawn again by a total that needs the outcome of the row's siblings."""
    table = sites.table.name
    rules = " and ".join(f"({sites.conditions[number].text})" for number in numbers)
    problems = [
        Problem(
            f"tables.{table}.rules",
            f"{rules} cannot be solved row by row: {name} adds up {spec.column} of other rows",
            "drop the rule, or narrow the columns' specs so that it always holds",
        )
        for name, spec in sites.specs.items()
        if isinstance(spec, RunningTotalSpec) and {name, spec.column} <= tied
    ]
    if problems:
        raise RuleConflictError("rules that cannot be solved:", problems)


def _group(sites: TableSites, roles: KeyRoles, tied: set[str], numbers: list[int]) -> RedrawGroup:
    table = sites.table
    fixed = roles.decided
    for index, key in enumerate(table.foreign_keys):
        if key.owning or index in roles.references:
            fixed = fixed | set(key.columns)
    columns = tuple(c.name for c in table.columns if c.name in tied and c.name not in fixed)
    conditions = tuple(sites.conditions[number] for number in numbers)
    named = {name for condition in conditions for name in columns_of(condition.expr)}
    # The halves of a union change together or not at all: no constant, no null is put in one.
    paired = {
        name for name in columns if isinstance(sites.specs[name], UnionKeySpec | UnionLabelSpec)
    }
    nullable = tuple(
        name
        for name in columns
        if table.column(name).nullable
        and name not in table.primary_key
        and (name in named or not isinstance(sites.specs[name], RecordSpec))
        and name not in paired
    )
    references = tuple(
        index
        for index, key in enumerate(table.foreign_keys)
        if not key.owning
        and index not in roles.references
        and any(name in columns for name in key.columns)
    )
    types = {name: table.column(name).type for name in columns if name not in paired}
    limits = {name: sites.sites[name].limits for name in types}
    hints = hints_of((condition.expr for condition in conditions), types, limits)
    return RedrawGroup(table.name, columns, nullable, references, conditions, hints)


def _closure(sites: TableSites, names: tuple[str, ...]) -> set[str]:
    schema = next(iter(sites.sites.values())).schema
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(inputs_of(sites.specs[name]))
            waiting.extend(_drawn_with(sites, schema, sites.specs[name]))
            waiting.extend(companions(sites.table, name))
            for key in sites.table.foreign_keys:
                if name in key.columns:
                    waiting.extend(key.columns)
    return found


def _drawn_with(sites: TableSites, schema: Schema, spec: Spec) -> list[str]:
    """Return the columns that share their draw with one of this spec, to stay in agreement."""
    match spec:
        case UnionKeySpec(label_column=label):
            return [label]
        case UnionLabelSpec(key_column=key):
            return [key]
        case SeriesSpec() | SensorSpec() | CandleSpec():
            return _companions(sites, spec)
        case SeriesLabelSpec(column=name) | CandleFieldSpec(column=name):
            return [name]
        case RecordSpec() | TextSpec() | VocabularySpec():
            return [name for name, other in sites.specs.items() if _one_draw(spec, other, schema)]
        case _:
            return []


def _companions(sites: TableSites, spec: Spec) -> list[str]:
    """Return the columns that tell more of the series, sensor or candle that ``spec`` makes."""
    return [
        name
        for name, other in sites.specs.items()
        if isinstance(other, SeriesLabelSpec | CandleFieldSpec)
        and sites.specs[other.column] is spec
    ]


def _one_draw(spec: Spec, other: Spec, schema: Schema) -> bool:
    """Tell whether two specs project one record, or draw one locale of a mix."""
    group = group_of(spec, schema)
    if group is not None and group == group_of(other, schema):
        return True
    if not isinstance(spec, RecordSpec) or not isinstance(other, RecordSpec):
        return False
    return (other.record, other.group) == (spec.record, spec.group)

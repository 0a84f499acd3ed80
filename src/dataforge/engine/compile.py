"""Schema → plan: what is to be made of every column, settled once before the first row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from dataforge.engine.columns import build_columns, redraw_groups
from dataforge.engine.correlations import repairs
from dataforge.engine.frames import Frame
from dataforge.engine.key_roles import KeyRoles
from dataforge.engine.keys import KeySolver
from dataforge.engine.matching import MatchedPairs, matched_pairs
from dataforge.engine.names import check_names
from dataforge.engine.plan import Plan, TablePlan
from dataforge.engine.redraw import Condition, conditions_of, holds
from dataforge.engine.sites import TableSites, resolve
from dataforge.engine.sizes import layout_table, required_unions, size_table
from dataforge.engine.wiring import Wiring
from dataforge.errors import CapacityError, Problem, RuleConflictError, SchemaError
from dataforge.schema import Schema, Table, normalize, validate
from dataforge.schema.expressions import columns_of
from dataforge.streams import derive_key

_SAMPLE_ROWS = 256


class RowCounts(dict[str, int]):
    """Rows by table; a table that is not sized yet has as many as expected.

    ``assumed`` remembers which were read before they were known: tables in a circle of keys.
    """

    def __init__(self, schema: Schema, expected: Mapping[str, int]) -> None:
        """Know no table yet."""
        super().__init__()
        self._schema, self._expected = schema, expected
        self.assumed: dict[str, int] = {}

    def __missing__(self, name: str) -> int:
        """Return what is expected, or else what the schema asks for."""
        asked = self._schema.table(name).rows
        wanted = self._schema.default_rows if asked is None else asked
        self.assumed[name] = self._expected.get(name, wanted)
        return self.assumed[name]


@dataclass(slots=True)
class Draft:
    """What is known of the tables so far, filled in parents-first order."""

    schema: Schema
    rows: RowCounts
    sites: dict[str, TableSites] = field(default_factory=dict)
    roles: dict[str, KeyRoles] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)


def compile_schema(schema: Schema) -> Plan:
    """Compile a schema; the plan is a pure function of it.

    Raises ``SchemaError`` with every problem that ``validate`` finds and every record, vocabulary
    or provider that there is not, ``CapacityError`` where keys
    cannot hold the rows that are asked for, ``RuleConflictError`` where no row can satisfy the
    rules of its table.
    """
    schema = normalize(schema)
    found = [*validate(schema), *check_names(schema)]
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise SchemaError.of(errors)
    draft = _sized(schema)
    if draft.errors:
        raise CapacityError("the keys cannot hold the rows that are asked for:", draft.errors)
    tables = {table.name: _build(draft, table) for table in load_order(schema)}
    warnings = [problem for problem in found if problem.severity == "warning"]
    plan = Plan(schema, tables, (*warnings, *repairs(schema), *draft.notes))
    _try_rules(plan, draft)
    return plan


def _sized(schema: Schema) -> Draft:
    """Size every table; those in a circle of keys again until none is smaller than assumed."""
    expected: dict[str, int] = {}
    while True:
        draft = Draft(schema, RowCounts(schema, expected))
        for table in sizing_order(schema):
            _size(draft, table)
        assumed = draft.rows.assumed
        smaller = {name: draft.rows[name] for name in assumed if draft.rows[name] < assumed[name]}
        if not smaller:
            return draft
        expected.update(smaller)


def _size(draft: Draft, table: Table) -> None:
    sites = _with_required(resolve(draft.schema, table, draft.rows))
    if sites.problems:
        raise RuleConflictError("the rules contradict each other:", sites.problems)
    table = sites.table
    solver = KeySolver(
        table,
        derive_key(draft.schema.seed, table.name, "keys"),
        sites.key_domain,
        sites.counts_rows,
        draft.rows.__getitem__,
        sites.distinct,
        sites.room,
        sites.first,
        partial(_pairs, draft, table),
        sites.orderings,
    )
    roles = solver.solve()
    size = size_table(draft.schema, table, roles, draft.rows)
    draft.sites[table.name], draft.roles[table.name] = sites, roles
    draft.rows[table.name] = size.row_count
    draft.notes.extend(size.notes)
    draft.errors.extend((*size.errors, *roles.problems))


def _with_required(sites: TableSites) -> TableSites:
    """Treat columns that a rule wants present as not nullable."""
    columns = tuple(
        column.model_copy(update={"nullable": False})
        if sites.sites[column.name].limits.not_null
        else column
        for column in sites.table.columns
    )
    return replace(sites, table=sites.table.model_copy(update={"columns": columns}))


def _pairs(draft: Draft, table: Table, one: int, two: int) -> MatchedPairs | None:
    """Return the pairs of parent rows for two references that share columns.

    None where a table that they depend on has no row count yet.
    """
    first, second = table.foreign_keys[one], table.foreign_keys[two]
    shared = [name for name in first.columns if name in second.columns]
    needed: set[str] = set()
    waiting = [first.parent, second.parent]
    while waiting:
        name = waiting.pop()
        if name not in draft.rows:
            return None
        if name not in needed:
            needed.add(name)
            waiting.extend(key.parent for key in draft.schema.table(name).foreign_keys)
    plan = Plan(draft.schema, {n: _build(draft, draft.schema.table(n)) for n in sorted(needed)})
    sides = []
    for key in (first, second):
        targets = dict(zip(key.columns, key.parent_columns, strict=True))
        sides.append((key.parent, tuple(targets[name] for name in shared)))
    return matched_pairs(plan, *sides)


def _build(draft: Draft, table: Table) -> TablePlan:
    sites, roles = draft.sites[table.name], draft.roles[table.name]
    table = sites.table
    groups = redraw_groups(sites, roles)
    wiring = Wiring(draft.schema, table, roles, draft.rows, groups)
    layout = layout_table(draft.schema, table, roles, draft.rows) if table.owner else None
    return TablePlan(
        table=table,
        row_count=draft.rows[table.name],
        key=derive_key(draft.schema.seed, table.name),
        columns=build_columns(sites, roles, wiring, groups),
        references=wiring.references(),
        layout=layout,
    )


def _try_rules(plan: Plan, draft: Draft) -> None:
    """Solve the rules of the first rows, so that what cannot hold is refused before the run."""
    problems: list[Problem] = []
    for table in plan.tables.values():
        groups = {id(c.group): c.name for c in table.columns.values() if c.group is not None}
        rows = np.arange(min(table.row_count, _SAMPLE_ROWS))
        frame = Frame(plan, table, rows)
        for name in groups.values():
            frame.column(name)
        solved = [c for column in table.columns.values() for c in conditions_of(column)]
        problems.extend(
            _given(table.name, condition)
            for condition in draft.sites[table.name].conditions
            if condition not in solved and not holds(condition, frame).all()
        )
    if problems:
        raise RuleConflictError("rules that the rows cannot satisfy:", problems)


def _given(table: str, condition: Condition) -> Problem:
    about = ", ".join(columns_of(condition.expr))
    reason = f"is about {about}, which nothing can draw again" if about else "names no column"
    return Problem(
        f"tables.{table}.rules",
        f"({condition.text}) is false in some of the first {_SAMPLE_ROWS} rows and {reason}",
        "drop the rule, or give its columns specs that satisfy it",
    )


def sizing_order(schema: Schema) -> list[Table]:
    """Return the tables so that those whose row counts bound others' come first."""

    def bounding(table: Table) -> Iterable[str]:
        keyed = {name for key in table.keys for name in key}
        for key in table.foreign_keys:
            required = not all(table.column(name).nullable for name in key.columns)
            if key.owning or keyed & set(key.columns) or required:
                yield key.parent
        for targets in required_unions(table).values():
            yield from targets

    return _order(schema, {table.name: list(bounding(table)) for table in schema.tables})


def load_order(schema: Schema) -> list[Table]:
    """Return the tables parents first; where a cycle forbids it, in the schema's order."""
    parents = {table.name: [key.parent for key in table.foreign_keys] for table in schema.tables}
    return _order(schema, parents)


def _order(schema: Schema, before: Mapping[str, list[str]]) -> list[Table]:
    done: dict[str, Table] = {}
    open_names: set[str] = set()
    stack = [(table.name, False) for table in reversed(schema.tables)]
    while stack:
        name, parents_done = stack.pop()
        if parents_done:
            done[name] = schema.table(name)
        elif name not in done and name not in open_names:
            open_names.add(name)
            stack.append((name, True))
            stack.extend((parent, False) for parent in reversed(before[name]))
    return list(done.values())

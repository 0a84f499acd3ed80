"""A schema in the form that the engine expects, saying the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from dataforge.schema.correlations import Correlation
from dataforge.schema.dirt import CellDirt, DirtSpec, MissingDirt, SwapDirt
from dataforge.schema.machines import chain_lengths
from dataforge.schema.model import Column, Expectation, Rule, Schema, Table, UniqueKey
from dataforge.schema.owning import with_owners
from dataforge.schema.references import OWNER_FIELDS, bounds_of, rebound, renamed, renamed_sql
from dataforge.schema.relations import CardinalityLaw, FixedLaw, ForeignKey, LearnedLaw
from dataforge.schema.specs import (
    AggregateSpec,
    AsOfSpec,
    Bound,
    ConditionalSpec,
    DatetimeSpec,
    DepthSpec,
    DoubleEntrySpec,
    EventStateSpec,
    LookupSpec,
    OffsetSpec,
    PathSpec,
    RecordSpec,
    SegmentSpec,
    Spec,
    UnionKeySpec,
    UnionLabelSpec,
)


def normalize(schema: Schema) -> Schema:
    """Return an equivalent schema: pure, deterministic, and unchanged when applied again.

    Names in keys, rules and specs take the exact spelling of what they name; primary-key columns
    are not nullable; repeated keys are dropped; foreign keys have names; labels of polymorphic
    references know their keys; owning parents are settled, and the laws that follow from what their
    rows are. Whatever is wrong stays for
    ``validate`` to tell.
    """
    for step in _STEPS:
        schema = step(schema)
    return schema


def exact(name: str, known: Iterable[str]) -> str:
    """Return the one known name that equals ``name`` but for case, else ``name``."""
    names = tuple(known)
    if name in names:
        return name
    folded = [other for other in names if other.casefold() == name.casefold()]
    return folded[0] if len(folded) == 1 else name


def _each_table(change: Callable[[Table, Schema], Table]) -> Callable[[Schema], Schema]:
    def step(schema: Schema) -> Schema:
        tables = tuple(change(table, schema) for table in schema.tables)
        return schema if tables == schema.tables else schema.model_copy(update={"tables": tables})

    return step


def _column_names(schema: Schema, table: str) -> tuple[str, ...]:
    known = schema.tables_by_name.get(table)
    return () if known is None else tuple(known.columns_by_name)


def _spelled(table: Table, schema: Schema) -> Table:
    """Resolve names case-insensitively to the exact spelling of columns and tables."""
    own = partial(exact, known=tuple(table.columns_by_name))
    changes: dict[str, Any] = {
        "primary_key": tuple(map(own, table.primary_key)),
        "unique_keys": tuple(_spelled_key(key, own) for key in table.unique_keys),
        "foreign_keys": tuple(_spelled_reference(key, own, schema) for key in table.foreign_keys),
        "rules": tuple(_spelled_rule(rule, own) for rule in table.rules),
        "expectations": tuple(_spelled_wish(each, own) for each in table.expectations),
        "correlations": tuple(_spelled_group(each, own) for each in table.correlations),
        "dirt": tuple(_spelled_dirt(spec, own) for spec in table.dirt),
    }
    spelled = table.model_copy(update=changes)
    columns = tuple(_spelled_column(column, spelled, schema, own) for column in table.columns)
    return spelled.model_copy(update={"columns": columns})


def _spelled_group(group: Correlation, own: Callable[[str], str]) -> Correlation:
    pairs = tuple(
        pair.model_copy(update={"columns": tuple(map(own, pair.columns))}) for pair in group.pairs
    )
    return group.model_copy(update={"columns": tuple(map(own, group.columns)), "pairs": pairs})


def _spelled_key(key: UniqueKey, own: Callable[[str], str]) -> UniqueKey:
    return key.model_copy(update={"columns": tuple(map(own, key.columns))})


def _spelled_reference(key: ForeignKey, own: Callable[[str], str], schema: Schema) -> ForeignKey:
    parent = exact(key.parent, schema.tables_by_name)
    theirs = partial(exact, known=_column_names(schema, parent))
    changes: dict[str, Any] = {
        "columns": tuple(map(own, key.columns)),
        "parent": parent,
        "parent_columns": tuple(map(theirs, key.parent_columns)),
    }
    return key.model_copy(update=changes)


def _spelled_rule(rule: Rule, own: Callable[[str], str]) -> Rule:
    if not rule.enforced:
        return rule
    return rule.model_copy(update={"expression": renamed_sql(rule.expression, own)})


def _spelled_wish(wish: Expectation, own: Callable[[str], str]) -> Expectation:
    where = None if wish.where is None else renamed_sql(wish.where, own)
    return wish.model_copy(update={"expression": renamed_sql(wish.expression, own), "where": where})


def _spelled_dirt(spec: DirtSpec, own: Callable[[str], str]) -> DirtSpec:
    if not isinstance(spec, CellDirt | SwapDirt):
        return spec
    changes: dict[str, Any] = {"columns": tuple(map(own, spec.columns))}
    if isinstance(spec, MissingDirt) and spec.when is not None:
        changes["when"] = renamed_sql(spec.when, own)
    return spec.model_copy(update=changes)


def _spelled_column(
    column: Column, table: Table, schema: Schema, own: Callable[[str], str]
) -> Column:
    if column.spec is None:
        return column
    spec = _spelled_abroad(renamed(column.spec, own), table, schema)
    return column if spec == column.spec else column.model_copy(update={"spec": spec})


def _spelled_abroad(spec: Spec, table: Table, schema: Schema) -> Spec:
    """Resolve the names of other tables and of their columns."""
    match spec:
        case LookupSpec():
            label, column = _spelled_bound(spec.foreign_key, spec.column, table, schema)
            return spec.model_copy(update={"foreign_key": label, "column": column})
        case OffsetSpec(foreign_key=str(label)):
            label, column = _spelled_bound(label, spec.column, table, schema)
            return spec.model_copy(update={"foreign_key": label, "column": column})
        case DatetimeSpec() | RecordSpec() if bounds_of(spec):
            return rebound(spec, lambda each: _bound_abroad(each, table, schema))
        case DepthSpec() | PathSpec():
            label = exact(spec.foreign_key, (key.label for key in table.foreign_keys))
            return spec.model_copy(update={"foreign_key": label})
        case AsOfSpec():
            return _spelled_as_of(spec, table, schema)
        case AggregateSpec():
            return _spelled_aggregate(spec, schema)
        case UnionKeySpec():
            targets = tuple(
                target.model_copy(update={"table": exact(target.table, schema.tables_by_name)})
                for target in spec.targets
            )
            return spec.model_copy(update={"targets": targets})
        case ConditionalSpec():
            branches = tuple(
                branch.model_copy(update={"then": _spelled_abroad(branch.then, table, schema)})
                for branch in spec.branches
            )
            otherwise = _spelled_abroad(spec.otherwise, table, schema)
            return spec.model_copy(update={"branches": branches, "otherwise": otherwise})
        case SegmentSpec():
            return spec.changed(lambda part: _spelled_abroad(part, table, schema))
        case _:
            return spec


def _spelled_bound(label: str, column: str, table: Table, schema: Schema) -> tuple[str, str]:
    """Return a foreign key's label and its parent's column as they are spelled."""
    label = exact(label, (key.label for key in table.foreign_keys))
    parent = next((key.parent for key in table.foreign_keys if key.label == label), "")
    return label, exact(column, _column_names(schema, parent))


def _bound_abroad(bound: Bound, table: Table, schema: Schema) -> Bound:
    if bound.foreign_key is None:
        return bound
    label, column = _spelled_bound(bound.foreign_key, bound.column, table, schema)
    return Bound(column=column, foreign_key=label)


def _spelled_as_of(spec: AsOfSpec, table: Table, schema: Schema) -> AsOfSpec:
    versions = exact(spec.table, schema.tables_by_name)
    theirs = partial(exact, known=_column_names(schema, versions))
    changes: dict[str, Any] = {
        "foreign_key": exact(spec.foreign_key, (key.label for key in table.foreign_keys)),
        "table": versions,
        "column": theirs(spec.column),
        "valid_from": theirs(spec.valid_from),
    }
    return spec.model_copy(update=changes)


def _spelled_aggregate(spec: AggregateSpec, schema: Schema) -> AggregateSpec:
    child = exact(spec.table, schema.tables_by_name)
    theirs = partial(exact, known=_column_names(schema, child))
    changes: dict[str, Any] = {
        "table": child,
        "column": None if spec.column is None else theirs(spec.column),
        "expression": None if spec.expression is None else renamed_sql(spec.expression, theirs),
    }
    return spec.model_copy(update=changes)


def _required_keys(table: Table, _: Schema) -> Table:
    """Make the columns of the primary key not nullable."""
    columns = tuple(
        column.model_copy(update={"nullable": False})
        if column.nullable and column.name in table.primary_key
        else column
        for column in table.columns
    )
    return table.model_copy(update={"columns": columns})


def _distinct_keys(table: Table, _: Schema) -> Table:
    """Drop unique keys that repeat the primary key or one another, and repeated references."""
    seen = {frozenset(table.primary_key)}
    unique: list[UniqueKey] = []
    for key in table.unique_keys:
        if frozenset(key.columns) not in seen:
            seen.add(frozenset(key.columns))
            unique.append(key)
    references: dict[Any, ForeignKey] = {}
    for reference in table.foreign_keys:
        target = (reference.columns, reference.parent, reference.parent_columns)
        references.setdefault(target, reference)
    changes: dict[str, Any] = {
        "unique_keys": tuple(unique),
        "foreign_keys": tuple(references.values()),
    }
    return table.model_copy(update=changes)


def _named_references(table: Table, _: Schema) -> Table:
    """Name foreign keys that have no name ``fk_<table>_<columns>``, numbered where taken."""
    taken = {key.name for key in table.foreign_keys if key.name is not None}
    named: list[ForeignKey] = []
    for key in table.foreign_keys:
        name = key.name or _free_name(f"fk_{table.name}_{'_'.join(key.columns)}", taken)
        taken.add(name)
        named.append(key if key.name == name else key.model_copy(update={"name": name}))
    labels = {old.label: new.label for old, new in zip(table.foreign_keys, named, strict=True)}
    columns = tuple(_relabelled(column, labels) for column in table.columns)
    changes: dict[str, Any] = {"foreign_keys": tuple(named), "columns": columns}
    return table.model_copy(update=changes)


def _free_name(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _relabelled(column: Column, labels: dict[str, str]) -> Column:
    """Let specs follow the key that they named by its columns."""
    spec = column.spec
    if isinstance(spec, DatetimeSpec | RecordSpec) and bounds_of(spec):
        spec = rebound(spec, lambda each: _bound_relabelled(each, labels))
    elif isinstance(spec, _KEYED) and spec.foreign_key in labels:
        spec = spec.model_copy(update={"foreign_key": labels[spec.foreign_key]})
    return column if spec is column.spec else column.model_copy(update={"spec": spec})


def _bound_relabelled(bound: Bound, labels: dict[str, str]) -> Bound:
    label = bound.foreign_key
    return bound if label not in labels else Bound(column=bound.column, foreign_key=labels[label])


def _paired_unions(table: Table, _: Schema) -> Table:
    """Give the label column of a polymorphic reference its spec where it has none."""
    keys = {
        column.spec.label_column: column.name
        for column in table.columns
        if isinstance(column.spec, UnionKeySpec)
    }
    columns = tuple(
        column.model_copy(update={"spec": UnionLabelSpec(key_column=keys[column.name])})
        if column.spec is None and column.name in keys
        else column
        for column in table.columns
    )
    return table.model_copy(update={"columns": columns})


def _spelled_owned(table: Table, schema: Schema) -> Table:
    """Resolve the names of columns of the owning parent."""
    owner = table.owner
    theirs = partial(exact, known=_column_names(schema, "" if owner is None else owner.parent))
    columns = tuple(
        column.model_copy(update={"spec": _spelled_fields(column.spec, theirs)})
        if column.spec is not None and column.spec.kind in OWNER_FIELDS
        else column
        for column in table.columns
    )
    return table.model_copy(update={"columns": columns})


def _spelled_fields(spec: Spec, theirs: Callable[[str], str]) -> Spec:
    fields = ((name, getattr(spec, name)) for name in OWNER_FIELDS[spec.kind])
    return spec.model_copy(
        update={name: theirs(value) for name, value in fields if isinstance(value, str)}
    )


def _family_laws(table: Table, _: Schema) -> Table:
    """Give an owning key without a law that of its chains' lengths, or two lines an entry."""
    owner = table.owner
    if owner is None or owner.law is not None:
        return table
    law = next((law for column in table.columns if (law := _law_of(column.spec))), None)
    if law is None:
        return table
    keys = tuple(
        key.model_copy(update={"law": law}) if key is owner else key for key in table.foreign_keys
    )
    return table.model_copy(update={"foreign_keys": keys})


def _law_of(spec: Spec | None) -> CardinalityLaw | None:
    match spec:
        case EventStateSpec():
            lengths = chain_lengths(spec)
            return LearnedLaw(weights=lengths) if sum(lengths) > 0 else None
        case DoubleEntrySpec():
            return FixedLaw(count=2)
        case _:
            return None


_KEYED = (LookupSpec, OffsetSpec, DepthSpec, PathSpec, AsOfSpec)
_STEPS: tuple[Callable[[Schema], Schema], ...] = (
    _each_table(_spelled),
    _each_table(_required_keys),
    _each_table(_distinct_keys),
    _each_table(_named_references),
    _each_table(_paired_unions),
    with_owners,
    _each_table(_spelled_owned),
    _each_table(_family_laws),
)

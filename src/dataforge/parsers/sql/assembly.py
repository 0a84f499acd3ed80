"""Resolve what was read into a schema: names, types, keys, references and rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Name
from dataforge.parsers.sql.drafts import ColumnDraft, ForeignKeyDraft, KeyDraft, TableDraft
from dataforge.parsers.sql.partitions import bound_by_partitions
from dataforge.parsers.sql.references import bind_references
from dataforge.parsers.sql.resolution import Resolved, TypeResolver, counts_itself
from dataforge.parsers.sql.rules import RuleMaker
from dataforge.schema.model import Column, Schema, Table, UniqueKey


def assemble(catalog: Catalog, name: str) -> Schema:
    """Return the schema that ``catalog`` describes; what cannot be kept becomes a problem."""
    for table in catalog.tables:
        _inherit(table, catalog, set())
    _drop_empty(catalog)
    names = _table_names(catalog)
    for table in catalog.tables:
        bound_by_partitions(table, catalog)
    resolver = TypeResolver(catalog)
    tables = [_table(draft, names[id(draft)], catalog, resolver) for draft in catalog.tables]
    resolver.report()
    for kind in catalog.types.values():
        if not kind.used:
            catalog.passed_over[kind.statement] += 1
    bound = bind_references(tables, catalog, names)
    return Schema(name=name, tables=tuple(bound), dialect=catalog.dialect)


def _drop_empty(catalog: Catalog) -> None:
    """A table may lose its columns only once others are known: LIKE a missing one, DROP COLUMN."""
    for table in [table for table in catalog.tables if not table.columns]:
        catalog.tables.remove(table)
        catalog.report(
            table.line,
            f"table {table.name.value!r} has no column that can be read and is left out",
            "write its columns out",
            "error",
        )


def _table_names(catalog: Catalog) -> dict[int, str]:
    """The bare name, or ``namespace.name`` where two namespaces have the same one."""
    counts = Counter(draft.name.value for draft in catalog.tables)
    names: dict[int, str] = {}
    for draft in catalog.tables:
        bare = draft.name.value
        clash = counts[bare] > 1 and draft.namespace is not None
        names[id(draft)] = f"{draft.namespace}.{bare}" if clash else bare
    return names


def _inherit(table: TableDraft, catalog: Catalog, seen: set[int]) -> None:
    """Copy columns (and conditions) from LIKE and INHERITS tables, which come first."""
    if id(table) in seen:
        return
    seen.add(id(table))
    for place, wanted in sorted(table.likes, key=lambda like: -like[0]):
        _copy_columns(table, wanted, place, catalog, seen)
    for wanted in reversed(table.parents):
        _copy_columns(table, wanted, 0, catalog, seen)
    table.likes, table.parents = [], []


def _copy_columns(
    table: TableDraft, wanted: tuple[Name, ...], place: int, catalog: Catalog, seen: set[int]
) -> None:
    source = catalog.find(wanted)
    if source is None or source is table:
        catalog.report(
            table.line,
            f"table {table.name.value!r} copies {wanted[-1].value!r}, which is not in this file",
            "add the file that creates it",
        )
        return
    _inherit(source, catalog, seen)
    own = {column.name.value.casefold() for column in table.columns}
    fresh = [replace(c) for c in source.columns if c.name.value.casefold() not in own]
    table.columns[place:place] = fresh
    table.checks += [check for check in source.checks if check not in table.checks]


def _table(draft: TableDraft, name: str, catalog: Catalog, resolver: TypeResolver) -> Table:
    _drop_repeated(draft, catalog)
    primary, unique = _keys(draft, catalog)
    keyed = {column for key in (primary, *(u.columns for u in unique)) for column in key}
    keyed |= {c.value for key in draft.foreign_keys for c in _spelled(key, draft, catalog)}
    columns, found = [], {}
    for column in draft.columns:
        resolved = resolver.resolve(column, name, key=column.name.value in keyed)
        found[column.name.value] = resolved
        columns.append(_column(column, resolved, primary, catalog))
    maker = RuleMaker(catalog, draft, {c.name: c for c in columns})
    for column in draft.columns:
        maker.add_domain_checks(column.name.value, found[column.name.value].checks)
    maker.add_checks()
    maker.add_expressions()
    return Table(
        name=name,
        namespace=draft.namespace,
        columns=tuple(maker.columns.values()),
        primary_key=primary,
        unique_keys=tuple(unique),
        rules=tuple(maker.rules),
        comment=draft.comment,
    )


def _spelled(key: ForeignKeyDraft, draft: TableDraft, catalog: Catalog) -> list[Name]:
    found = [catalog.find_column(draft, name) for name in key.columns]
    return [column.name for column in found if column is not None]


def _drop_repeated(draft: TableDraft, catalog: Catalog) -> None:
    seen: set[str] = set()
    kept = []
    for column in draft.columns:
        letters = column.name.value
        if letters in seen:
            catalog.report(
                column.line,
                f"table {draft.name.value!r} has column {letters!r} twice",
                "the first definition is kept",
            )
            continue
        seen.add(letters)
        kept.append(column)
    draft.columns = kept


def _column(
    draft: ColumnDraft, resolved: Resolved, primary: tuple[str, ...], catalog: Catalog
) -> Column:
    name = draft.name.value
    in_key = name in primary
    stated = True if draft.nullable is None else draft.nullable
    identity = counts_itself(draft, catalog.dialect, sole_key=primary == (name,))
    default = draft.default or resolved.default
    return Column(
        name=name,
        type=resolved.mapped.type,
        spec=resolved.mapped.spec,
        nullable=stated and resolved.nullable and not in_key and not draft.identity,
        default=None if identity else default,
        identity=identity,
        generated=draft.generated,
        comment=draft.comment,
    )


def _keys(draft: TableDraft, catalog: Catalog) -> tuple[tuple[str, ...], list[UniqueKey]]:
    primary: tuple[str, ...] = ()
    unique: list[UniqueKey] = []
    for key in draft.keys:
        columns = _key_columns(key, draft, catalog)
        if not columns:
            continue
        if key.primary and primary:
            if columns != primary:
                catalog.report(
                    key.line,
                    f"table {draft.name.value!r} has a second primary key",
                    "the first one is kept",
                )
        elif key.primary:
            primary = columns
        elif all(columns != other.columns for other in unique):
            unique.append(UniqueKey(columns=columns, name=key.name))
    return primary, [key for key in unique if set(key.columns) != set(primary)]


def _key_columns(key: KeyDraft, draft: TableDraft, catalog: Catalog) -> tuple[str, ...]:
    written = key.columns or catalog.indexes.get((key.name or "").casefold(), ())
    found = [catalog.find_column(draft, name) for name in written]
    missing = [n.value for n, c in zip(written, found, strict=True) if c is None]
    if missing or not written:
        what = f"column {missing[0]!r}" if missing else f"index {key.name!r}"
        catalog.report(
            key.line,
            f"a key of table {draft.name.value!r} names {what}, which is not there",
            "the key is left out",
        )
        return ()
    return tuple(dict.fromkeys(column.name.value for column in found if column is not None))

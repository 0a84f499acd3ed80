"""Foreign keys and polymorphic references: every key that is held belongs to a row."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import ColumnType, ForeignKey, Table, UnionKeySpec, UnionTarget
from dataforge.verification.certificate import Check
from dataforge.verification.keys import Proven
from dataforge.verification.scope import Place, Question, Scope, ask, verdict
from dataforge.verification.sql_text import all_of, any_of, literal


def reference_checks(scope: Scope, place: Place, proven: Proven) -> Iterator[Check]:
    """Check the foreign keys of a table, those into gapless integer keys in one scan together."""
    ranged: list[tuple[Question, str]] = []
    for key in place.table.foreign_keys:
        parent = scope.places.get(key.parent)
        if parent is None or not (place.has(key.columns) and parent.has(key.parent_columns)):
            continue
        question = orphans(place, parent, key)
        bounds = proven.ranges.get((key.parent, key.parent_columns[0]))
        if len(key.columns) == 1 and bounds and _same_kind(place, parent, key):
            cell = place.columns[key.columns[0]]
            ranged.append((question, f"{cell} < {bounds[0]} OR {cell} > {bounds[1]}"))
        else:
            yield ask(scope.session, question)
    if ranged:
        counts = ", ".join(f"count(CASE WHEN {outside} THEN 1 END)" for _, outside in ranged)
        found = scope.session.rows(f"SELECT {counts} FROM {place.relation}")[0]
        for (question, _), count in zip(ranged, found, strict=True):
            yield verdict(scope.session, question, int(str(count)))


def orphans(place: Place, parent: Place, key: ForeignKey) -> Question:
    """Ask for the rows whose key no parent has; a null in any of its columns exempts a row."""
    cells, theirs = place.of("t", key.columns), parent.of("p", key.parent_columns)
    kinds = _column_types(place.table, key.columns), _column_types(parent.table, key.parent_columns)
    pairs = [
        equal(cell, mine, their, other)
        for cell, their, mine, other in zip(cells, theirs, *kinds, strict=True)
    ]
    held = [f"{cell} IS NOT NULL" for cell in cells]
    missing = f"NOT EXISTS (SELECT 1 FROM {parent.relation} p WHERE {all_of(pairs)})"
    broken = f"{place.relation} t WHERE {all_of([*held, missing])}"
    return Question("foreign_key", place, key.columns, target(key), broken, tuple(cells))


def target(key: ForeignKey) -> str:
    """Return what identifies a foreign key to a reader."""
    to = f"{key.parent}({', '.join(key.parent_columns)})"
    return f"{key.name} → {to}" if key.name else f"→ {to}"


def equal(left: str, left_type: ColumnType, right: str, right_type: ColumnType) -> str:
    """Compare two cells, as text where their columns are of different kinds."""
    if left_type.kind == right_type.kind:
        return f"{left} = {right}"
    if {left_type.kind, right_type.kind} <= {"integer", "decimal", "float"}:
        return f"{left} = {right}"
    if {left_type.kind, right_type.kind} <= {"string", "text", "enum"}:
        return f"{left} = {right}"
    return f"CAST({left} AS VARCHAR) = CAST({right} AS VARCHAR)"


def union_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check that each polymorphic key belongs to a row of the table that its label names."""
    for column in place.table.columns:
        spec = column.spec
        if not isinstance(spec, UnionKeySpec) or not place.has((column.name, spec.label_column)):
            continue
        key, label = place.of("t", (column.name, spec.label_column))
        lost = [
            f"{label} = {literal(each.label)} AND {gone}"
            for each in spec.targets
            if (gone := _gone(scope, key, column.type, each))
        ]
        known = ", ".join(literal(each.label) for each in spec.targets)
        unknown = f"{label} IS NULL OR {label} NOT IN ({known})"
        broken = f"{place.relation} t WHERE {key} IS NOT NULL AND ({any_of([unknown, *lost])})"
        names = (column.name, spec.label_column)
        text = "→ " + " | ".join(each.table for each in spec.targets)
        yield ask(scope.session, Question("union_key", place, names, text, broken, (key, label)))


def _gone(scope: Scope, key: str, kind: ColumnType, each: UnionTarget) -> str:
    """Return SQL that is true where no row of the target has the key."""
    parent = scope.places.get(each.table)
    names = union_key(parent.table) if parent else ()
    if parent is None or not names or not parent.has(names):
        return ""
    other = parent.table.column(names[0]).type
    pair = equal(f"p.{parent.columns[names[0]]}", other, key, kind)
    return f"NOT EXISTS (SELECT 1 FROM {parent.relation} p WHERE {pair})"


def union_key(table: Table) -> tuple[str, ...]:
    """Return the single-column key that polymorphic references to a table hold."""
    return next((key for key in table.keys if len(key) == 1), ())


def _column_types(table: Table, names: tuple[str, ...]) -> list[ColumnType]:
    return [table.column(name).type for name in names]


def _same_kind(place: Place, parent: Place, key: ForeignKey) -> bool:
    (mine,), (theirs,) = (
        _column_types(place.table, key.columns),
        _column_types(parent.table, key.parent_columns),
    )
    return mine.kind == theirs.kind

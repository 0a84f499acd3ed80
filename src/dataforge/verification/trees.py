"""Self-references: forests without cycles, no deeper than they may be."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.schema import Column, DepthSpec, FixedLaw, ForeignKey, PathSpec, RangeLaw
from dataforge.verification.certificate import Check
from dataforge.verification.references import target
from dataforge.verification.scope import Place, Question, Scope, ask
from dataforge.verification.sql_text import all_of, any_of, literal

MAX_ROWS = 1_000_000


def tree_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check depth and cycles of each self-reference of a table of at most ``MAX_ROWS`` rows.

    A row without a parent, or that is its own, is a root at depth 0. Every other row has one
    parent, so a walk down from the roots meets each row once; rows it never meets are on or below
    a cycle.
    """
    for key in place.table.foreign_keys:
        if key.parent != place.table.name:
            continue
        if not place.has((*key.columns, *key.parent_columns)):
            continue
        for question in (*_questions(place, key), *_spans(place, key)):
            if place.row_count > MAX_ROWS:
                yield _too_large(question)
            else:
                yield ask(scope.session, question)
    yield from _levels(scope, place)


def _levels(scope: Scope, place: Place) -> Iterator[Check]:
    """Check depths and paths against those of the row above."""
    keys = {key.label: key for key in place.table.foreign_keys}
    for column in place.table.columns:
        spec = column.spec
        key = keys.get(spec.foreign_key) if isinstance(spec, DepthSpec | PathSpec) else None
        if key is None or not isinstance(spec, DepthSpec | PathSpec):
            continue
        own = (spec.column,) if isinstance(spec, PathSpec) else ()
        if place.has((column.name, *own, *key.columns, *key.parent_columns)):
            yield ask(scope.session, _level(place, key, column, spec))


def _level(place: Place, key: ForeignKey, column: Column, spec: DepthSpec | PathSpec) -> Question:
    cell, above = place.of("t", (column.name,))[0], place.of("p", (column.name,))[0]
    up = zip(
        place.of("t", key.columns),
        place.of("t", key.parent_columns),
        place.of("p", key.parent_columns),
        strict=True,
    )
    met = all_of(f"{mine} = {theirs} AND {mine} <> {own}" for mine, own, theirs in up)
    if isinstance(spec, DepthSpec):
        wanted = f"coalesce({above} + 1, {spec.start})"
    else:
        value = f"CAST({place.of('t', (spec.column,))[0]} AS VARCHAR)"
        wanted = f"coalesce({above} || {literal(spec.separator)} || {value}, {value})"
    broken = f"{place.relation} t LEFT JOIN {place.relation} p ON {met} WHERE {cell} <> {wanted}"
    text = f"{spec.kind} by {target(key)}"
    names = (column.name, "expected")
    return Question(spec.kind, place, names, text, broken, (cell, wanted))


def _questions(place: Place, key: ForeignKey) -> tuple[Question, Question]:
    names = tuple(dict.fromkeys((*key.columns, *key.parent_columns)))
    shown = tuple(place.of("t", names))
    met = all_of(f"{cell} = d.k{n}" for n, cell in enumerate(place.of("t", key.parent_columns)))
    walk = f"({_walk(place, key)})"
    deep = f"{place.relation} t JOIN {walk} d ON {met} WHERE d.depth > {key.max_depth}"
    held = all_of(f"{cell} IS NOT NULL" for cell in place.of("t", key.parent_columns))
    unmet = f"{place.relation} t LEFT JOIN {walk} d ON {met} WHERE d.k0 IS NULL AND {held}"
    return (
        Question("depth", place, names, f"at most {key.max_depth} {target(key)}", deep, shown),
        Question("cycle", place, names, target(key), unmet, shown),
    )


def _spans(place: Place, key: ForeignKey) -> tuple[Question, ...]:
    """Ask for rows with more rows below them than the law of a span allows."""
    match key.law:
        case FixedLaw(count=most) | RangeLaw(maximum=most):
            pass
        case _:
            return ()
    up, own = place.of("s", key.columns), place.of("s", key.parent_columns)
    pairs = list(zip(up, own, strict=True))
    held = all_of(f"{one} IS NOT NULL AND {one} <> {other}" for one, other in pairs)
    named = ", ".join(f"{one} AS k{n}" for n, one in enumerate(up))
    counted = (
        f"(SELECT {named}, count(*) AS below FROM {place.relation} s WHERE {held} "
        f"GROUP BY {', '.join(up)})"
    )
    met = all_of(f"{cell} = d.k{n}" for n, cell in enumerate(place.of("t", key.parent_columns)))
    broken = f"{place.relation} t JOIN {counted} d ON {met} WHERE d.below > {max(most, 1)}"
    text = f"at most {max(most, 1)} rows by {target(key)}"
    names = (*key.parent_columns, "rows below")
    shown = (*place.of("t", key.parent_columns), "d.below")
    return (Question("cardinality", place, names, text, broken, shown),)


def _walk(place: Place, key: ForeignKey) -> str:
    """Return a query for the key and the depth of each row below a root."""
    own, up = place.of("s", key.parent_columns), place.of("s", key.columns)
    above = place.of("p", key.parent_columns)
    alone = all_of(f"{a} = {b}" for a, b in zip(own, up, strict=True))
    exists = all_of(f"{a} = {b}" for a, b in zip(above, up, strict=True))
    root = any_of(
        [
            *(f"{cell} IS NULL" for cell in up),
            alone,
            f"NOT EXISTS (SELECT 1 FROM {place.relation} p WHERE {exists})",
        ]
    )
    named = ", ".join(f"{cell} AS k{n}" for n, cell in enumerate(own))
    down = all_of(f"{cell} = r.k{n}" for n, cell in enumerate(up))
    return (
        f"WITH RECURSIVE r AS (SELECT {named}, 0 AS depth FROM {place.relation} s WHERE {root} "
        f"UNION ALL SELECT {', '.join(own)}, r.depth + 1 FROM {place.relation} s "
        f"JOIN r ON {down} WHERE NOT ({alone})) SELECT * FROM r"
    )


def _too_large(question: Question) -> Check:
    return Check(
        kind=question.kind,
        table=question.place.table.name,
        columns=question.columns,
        constraint=question.constraint,
        verdict="skipped",
        reason=f"the table has more than {MAX_ROWS:,} rows",
    )

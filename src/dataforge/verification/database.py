"""Proving a database: every constraint asked of the server in its own dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dataforge.errors import ParseError, UsageError
from dataforge.schema import (
    BinaryType,
    BooleanType,
    ColumnType,
    DecimalType,
    EnumType,
    FloatType,
    ForeignKey,
    IntegerType,
    Schema,
    StringType,
    Table,
    has_dirt,
)
from dataforge.schema.expressions import parse_expression, rename_columns, to_sql
from dataforge.schema.serialize import schema_hash
from dataforge.verification.along import along_time
from dataforge.verification.beside import beside
from dataforge.verification.catalog import Catalog, Location, read_catalog
from dataforge.verification.certificate import Certificate, Check, TableProof, Violation
from dataforge.verification.conditions import Condition, derived, not_null, rules
from dataforge.verification.connections import DatabaseSession, open_session
from dataforge.verification.dirt_left import dirt_checks, left_by_dirt
from dataforge.verification.interrupts import interruptible
from dataforge.verification.loaded import LoadedManifest, content_checks, read_manifests
from dataforge.verification.located import located, matched
from dataforge.verification.proofs import between_tables
from dataforge.verification.scope import Place, Question, Scope, ask, passed
from dataforge.verification.sql_text import any_of, ident, literal

Progress = Callable[[str, int, int], None]


def prove_database(
    url: str, schema: Schema | None = None, on_progress: Progress | None = None
) -> Certificate:
    """Ask the database at ``url`` for rows that break the schema, or are not those loaded.

    Without ``schema`` it is proven against the one that it was filled from. ``on_progress`` gets
    the table just checked, the rows checked so far and the rows in all.
    """
    with interruptible(), open_session(url) as session:
        catalog = read_catalog(session)
        manifests = read_manifests(session, catalog)
        asked = schema or _own_schema(manifests)
        schema = left_by_dirt(asked) if has_dirt(asked) else asked
        there = located(schema, catalog, session.dialect)
        places = {
            name: _place(session, schema.table(name), at, catalog) for name, at in there.items()
        }
        done, total = 0, sum(place.row_count for place in places.values())
        checks: dict[str, list[Check]] = {}
        for name, place in places.items():
            made = [_columns_check(place), *_rows_checks(place)]
            made += _row_checks(session, place, schema)
            made += _catalog_checks(place.table, there, catalog, session.dialect)
            checks[name] = made
            done += place.row_count
            if on_progress:
                on_progress(name, done, total)
        for name, related in between_tables(Scope(schema, places, session), in_order=False).items():
            checks[name] += related
        contents = [c for each in manifests.values() for c in content_checks(session, each)]
    hashes = {check.table: found for check, found in contents}
    told = [check for name in places for check in checks[name]]
    lost = [_no_table(table) for table in schema.tables if table.name not in places]
    own = [_own_check(catalog)] if catalog.faults else []
    proofs = [
        TableProof(name=name, rows=place.row_count, sha256=hashes.get(name, ""))
        for name, place in places.items()
    ]
    return Certificate.of(
        schema_hash(asked),
        schema.seed,
        proofs,
        [*own, *lost, *(check for check, _ in contents), *told, *dirt_checks(asked)],
    )


def _own_schema(manifests: Mapping[str, LoadedManifest]) -> Schema:
    """Return the schema of the only manifest."""
    if len(manifests) == 1:
        return next(iter(manifests.values())).schema_of_rows()
    told = "was filled more than once" if manifests else "does not say what it was filled from"
    msg = f"the database {told} → name the schema to verify it against: --schema schema.yaml"
    raise UsageError(msg)


def _place(session: DatabaseSession, table: Table, at: Location, catalog: Catalog) -> Place:
    actual = catalog.columns[at]
    relation = ".".join(ident(part) for part in at if part)
    columns = {name: ident(there) for name, there in matched(table, actual).items()}
    (count,) = session.rows(f"SELECT count(*) FROM {relation}")[0]
    key = tuple(columns[name] for name in table.primary_key if name in columns)
    whole = len(key) == len(table.primary_key)
    return Place(
        table,
        relation,
        columns,
        key if whole else (),
        numbered=False,
        row_count=int(str(count)),
    )


def _columns_check(place: Place) -> Check:
    missing = [c.name for c in place.table.columns if c.name not in place.columns]
    return Check(
        kind="columns",
        table=place.table.name,
        constraint="as in the schema",
        verdict="failed" if missing else "passed",
        violations=len(missing),
        examples=tuple(Violation(column=name, found="no such column") for name in missing[:5]),
    )


def _rows_checks(place: Place) -> Iterator[Check]:
    wanted = place.table.rows
    if wanted is not None:
        off = place.row_count - wanted
        yield Check(
            kind="rows",
            table=place.table.name,
            constraint=f"{wanted:,} in the schema",
            verdict="failed" if off else "passed",
            violations=abs(off),
            reason=f"{abs(off):,} rows too {'many' if off > 0 else 'few'}" if off else "",
        )


def _row_checks(session: DatabaseSession, place: Place, schema: Schema) -> Iterator[Check]:
    """Check the conditions on rows; one that the database has no words for is skipped."""
    table, columns = place.table, place.columns
    conditions = [*not_null(table, columns, lambda name: columns[name])]
    if session.dialect == "sqlite":
        conditions += _sqlite_types(table, columns)
    yield from _together(session, place, conditions)
    stated = (*rules(table, columns, schema.now), *derived(table, columns, schema.now))
    for each in (*stated, *along_time(table, columns), *beside(table, columns, schema.now)):
        renamed = _renamed(each, columns)
        yield ask(session, _question(place, renamed))


def _together(
    session: DatabaseSession, place: Place, conditions: Sequence[Condition]
) -> Iterator[Check]:
    """Count what breaks all conditions in one scan, then ask only for those with a count."""
    if not conditions:
        return
    counts = ", ".join(f"count(CASE WHEN {c.broken} THEN 1 END)" for c in conditions)
    found = session.rows(f"SELECT {counts} FROM {place.relation} t")[0]
    for condition, count in zip(conditions, found, strict=True):
        question = _question(place, condition)
        yield ask(session, question) if count else passed(question)


def _question(place: Place, condition: Condition) -> Question:
    return Question(
        condition.kind,
        place,
        condition.columns,
        condition.constraint,
        f"{place.relation} t WHERE {condition.broken}",
        condition.shown,
    )


def _renamed(condition: Condition, columns: Mapping[str, str]) -> Condition:
    """Put the database's names for columns into a condition, where they differ."""
    names = {
        name: columns[name][1:-1].replace('""', '"')
        for name in condition.columns
        if columns[name] != ident(name)
    }
    shown = tuple(columns[name] for name in condition.columns)
    broken = condition.broken
    if names:
        with suppress(ParseError):
            broken = to_sql(rename_columns(parse_expression(broken), names))
    return Condition(condition.kind, condition.columns, condition.constraint, broken, shown)


def _sqlite_types(table: Table, columns: Mapping[str, str]) -> Iterator[Condition]:
    """SQLite keeps any value in any column: check each value's storage class and its limits."""
    for name, cell in columns.items():
        logical = table.column(name).type
        kinds = ", ".join(literal(kind) for kind in _storage(logical))
        limits = [*_sqlite_limits(logical, cell)]
        held = f"{cell} IS NOT NULL"
        broken = f"{held} AND ({any_of([f'typeof({cell}) NOT IN ({kinds})', *limits])})"
        yield Condition("type", (name,), logical.kind, broken, (cell,))


def _storage(logical: ColumnType) -> tuple[str, ...]:
    match logical:
        case IntegerType() | BooleanType():
            return ("integer",)
        case DecimalType():
            return ("integer", "real", "text")
        case FloatType():
            return ("real", "integer")
        case BinaryType():
            return ("blob",)
        case _:
            return ("text", "integer", "real") if logical.kind in {"json", "array"} else ("text",)


def _sqlite_limits(logical: ColumnType, cell: str) -> Iterable[str]:
    match logical:
        case IntegerType(bits=bits, signed=True) if bits < 64:
            return (f"{cell} < {-(1 << (bits - 1))}", f"{cell} >= {1 << (bits - 1)}")
        case IntegerType(bits=bits, signed=False) if bits < 64:
            return (f"{cell} < 0", f"{cell} >= {1 << bits}")
        case BooleanType():
            return (f"{cell} NOT IN (0, 1)",)
        case StringType(max_length=int(most)):
            return (f"length({cell}) > {most}",)
        case EnumType(multiple=False):
            return (f"{cell} NOT IN ({', '.join(map(literal, logical.values))})",)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class _Declared:
    """A constraint of the schema and whether the database enforces it."""

    columns: tuple[str, ...]
    text: str
    there: bool


def _catalog_checks(
    table: Table, located: Mapping[str, Location], catalog: Catalog, dialect: str
) -> Iterator[Check]:
    """Report which keys the database itself enforces, and what it never validated."""
    at = located[table.name]
    folded = {frozenset(n.lower() for n in key) for key in catalog.unique[at]}
    declared = [_Declared(key, "unique", _lower(key) in folded) for key in table.keys]
    declared += [
        _Declared(key.columns, f"references {key.parent}", _enforced(key, at, located, catalog))
        for key in table.foreign_keys
    ]
    for each in declared:
        yield Check(
            kind="catalog",
            table=table.name,
            columns=each.columns,
            constraint=f"{each.text}, enforced by {dialect}",
            verdict="passed" if each.there else "skipped",
            reason="" if each.there else "the database does not declare it; the rows were checked",
        )
    if names := catalog.unvalidated.get(at):
        yield Check(
            kind="catalog",
            table=table.name,
            constraint="every constraint was validated",
            verdict="failed",
            violations=len(names),
            examples=tuple(Violation(found=name[:80]) for name in names[:5]),
        )


def _enforced(
    key: ForeignKey, at: Location, located: Mapping[str, Location], catalog: Catalog
) -> bool:
    """Whether the catalogue has the reference; SQLite leaves out the names of a parent's key."""
    pairs = {(a.lower(), b.lower()) for a, b in zip(key.columns, key.parent_columns, strict=True)}
    parent = located.get(key.parent)
    for columns, there in catalog.foreign[at]:
        found = {(a.lower(), b.lower()) for a, b in columns}
        bare = {a for a, _ in found} == {a for a, _ in pairs} and not any(b for _, b in found)
        same = parent is not None and there[1].lower() == parent[1].lower()
        if same and (found == pairs or bare):
            return True
    return False


def _lower(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _no_table(table: Table) -> Check:
    return Check(
        kind="schema",
        table=table.name,
        constraint="the table exists",
        verdict="failed",
        violations=1,
        reason="the database has no such table",
    )


def _own_check(catalog: Catalog) -> Check:
    return Check(
        kind="catalog",
        constraint="the database's own checks",
        verdict="failed",
        violations=len(catalog.faults),
        examples=tuple(Violation(found=fault[:80]) for fault in catalog.faults),
    )

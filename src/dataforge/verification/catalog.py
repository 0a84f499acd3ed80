"""What a database's own catalogue says: its tables, and the constraints that it enforces."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from dataforge.verification.connections import DatabaseSession

Location = tuple[str, str]
Reference = tuple[frozenset[tuple[str, str]], Location]


@dataclass(slots=True)
class Catalog:
    """Facts as the server states them, all names as it has them.

    ``columns`` by (namespace, table); ``unique`` holds the column sets of primary and unique keys,
    ``foreign`` pairs of (own column, parent's column) with the parent's location; ``unvalidated``
    names constraints that were never checked against the rows.
    """

    default: str
    columns: dict[Location, list[str]] = field(default_factory=dict)
    unique: dict[Location, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))
    foreign: dict[Location, set[Reference]] = field(default_factory=lambda: defaultdict(set))
    unvalidated: dict[Location, list[str]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)


_POSTGRES_COLUMNS = """
SELECT n.nspname, c.relname, a.attname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, a.attnum"""
_POSTGRES_UNIQUE = """
SELECT n.nspname, c.relname, i.indexrelid::text, a.attname FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL"""
_POSTGRES_FOREIGN = """
SELECT n.nspname, c.relname, k.oid::text, a.attname, pn.nspname, p.relname, b.attname
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class p ON p.oid = k.confrelid
JOIN pg_namespace pn ON pn.oid = p.relnamespace
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u(mine, theirs)
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.mine
JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = u.theirs WHERE k.contype = 'f'"""
_POSTGRES_UNVALIDATED = """
SELECT n.nspname, c.relname, k.conname FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT k.convalidated ORDER BY 1, 2, 3"""
_MYSQL_COLUMNS = """
SELECT '', c.table_name, c.column_name FROM information_schema.columns c
WHERE c.table_schema = DATABASE() ORDER BY c.table_name, c.ordinal_position"""
_MYSQL_UNIQUE = """
SELECT '', table_name, index_name, column_name FROM information_schema.statistics
WHERE table_schema = DATABASE() AND non_unique = 0"""
_MYSQL_FOREIGN = """
SELECT '', table_name, constraint_name, column_name, '', referenced_table_name,
referenced_column_name FROM information_schema.key_column_usage
WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL"""
_SQLITE_COLUMNS = """
SELECT '', m.name, p.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p
WHERE m.type = 'table' AND p.hidden <> 1 ORDER BY m.name, p.cid"""
_SQLITE_UNIQUE = """
SELECT '', m.name, l.name, i.name FROM sqlite_master m JOIN pragma_index_list(m.name) l
JOIN pragma_index_info(l.name) i WHERE m.type = 'table' AND l."unique" = 1 AND l.partial = 0
UNION ALL SELECT '', m.name, '', p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p
WHERE m.type = 'table' AND p.pk > 0"""
_SQLITE_FOREIGN = """
SELECT '', m.name, f.id, f."from", '', f."table", f."to"
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"""
_DUCKDB_COLUMNS = """
SELECT schema_name, table_name, column_name FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal ORDER BY 1, 2, column_index"""
_DUCKDB_UNIQUE = """
SELECT schema_name, table_name, constraint_index, unnest(constraint_column_names)
FROM duckdb_constraints() WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')
AND database_name = current_database()"""
_DUCKDB_FOREIGN = """
SELECT schema_name, table_name, constraint_index, unnest(constraint_column_names), schema_name,
referenced_table, unnest(referenced_column_names)
FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'
AND database_name = current_database()"""
_QUERIES = {
    "postgres": (_POSTGRES_COLUMNS, _POSTGRES_UNIQUE, _POSTGRES_FOREIGN, _POSTGRES_UNVALIDATED),
    "mysql": (_MYSQL_COLUMNS, _MYSQL_UNIQUE, _MYSQL_FOREIGN, ""),
    "duckdb": (_DUCKDB_COLUMNS, _DUCKDB_UNIQUE, _DUCKDB_FOREIGN, ""),
    "sqlite": (_SQLITE_COLUMNS, _SQLITE_UNIQUE, _SQLITE_FOREIGN, ""),
}
_MAX_FAULTS = 5


def read_catalog(session: DatabaseSession) -> Catalog:
    """Read the catalogue; SQLite is also told to check its file and its foreign keys itself."""
    columns, unique, foreign, unvalidated = _QUERIES[session.dialect]
    default = ""
    if session.dialect == "postgres":
        default = str(session.native("SELECT coalesce(current_schema(), 'public')")[0][0])
    elif session.dialect == "duckdb":
        default = "main"
    found = Catalog(default)
    for space, table, column in _texts(session, columns):
        found.columns.setdefault((space, table), []).append(column)
    keys: dict[tuple[Location, str], set[str]] = defaultdict(set)
    for space, table, index, column in _texts(session, unique):
        keys[(space, table), index].add(column)
    for (location, _), names in keys.items():
        found.unique[location].add(frozenset(names))
    _references(session, foreign, found)
    for space, table, name in _texts(session, unvalidated):
        found.unvalidated[space, table].append(name)
    if session.dialect == "sqlite":
        _let_sqlite_check(session, found)
    return found


def _references(session: DatabaseSession, sql: str, found: Catalog) -> None:
    pairs: dict[tuple[Location, str, Location], set[tuple[str, str]]] = defaultdict(set)
    for space, table, name, mine, parent_space, parent, theirs in _texts(session, sql):
        pairs[(space, table), name, (parent_space, parent)].add((mine, theirs))
    for (location, _, parent_location), columns in pairs.items():
        found.foreign[location].add((frozenset(columns), parent_location))


def _let_sqlite_check(session: DatabaseSession, found: Catalog) -> None:
    """Collect what SQLite's integrity and foreign key checks report."""
    told = _texts(session, f"PRAGMA integrity_check({_MAX_FAULTS})")
    found.faults += [text for (text,) in told if text != "ok"]
    for table, row, parent, _ in _texts(session, "PRAGMA foreign_key_check")[:_MAX_FAULTS]:
        found.faults.append(f"{table} row id {row} has no parent in {parent}")


def _texts(session: DatabaseSession, sql: str) -> list[tuple[str, ...]]:
    if not sql:
        return []
    return [tuple("" if v is None else _text(v) for v in row) for row in session.native(sql)]


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)

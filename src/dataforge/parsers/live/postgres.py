"""PostgreSQL's catalogue as the DDL that would make it, the way pg_dump writes it.

The server prints types, defaults and constraints itself (``format_type``, ``pg_get_expr``,
``pg_get_constraintdef``), names qualified as the search path is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataforge.parsers.live.sources import Source
from dataforge.schema import MANIFEST_TABLE

_OWN = """
n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')
"""
_ENUMS = f"""
SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname),
string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid WHERE {_OWN.format(oid="t.oid")}
GROUP BY t.oid, n.nspname, t.typname ORDER BY 1
"""
_DOMAINS = f"""
SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname),
pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull,
pg_catalog.pg_get_expr(t.typdefaultbin, 0), (
    SELECT string_agg(pg_catalog.pg_get_constraintdef(c.oid), ' ' ORDER BY c.conname)
    FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c')
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND {_OWN.format(oid="t.oid")} ORDER BY t.oid
"""
_TABLES = f"""
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
AND c.relname <> '{MANIFEST_TABLE}'
AND {_OWN.format(oid="c.oid")} ORDER BY 2
"""
_COLUMNS = """
SELECT a.attrelid, quote_ident(a.attname), pg_catalog.format_type(a.atttypid, a.atttypmod),
a.attnotnull, a.attidentity, a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
pg_catalog.col_description(a.attrelid, a.attnum)
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d
ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
"""
_CONSTRAINTS = """
SELECT c.conrelid, quote_ident(c.conname), pg_catalog.pg_get_constraintdef(c.oid)
FROM pg_catalog.pg_constraint c WHERE c.conrelid <> 0 AND c.contype IN ('p', 'u', 'c', 'f', 'x')
ORDER BY c.conrelid, position(c.contype::text IN 'pucxf'), c.conname
"""
_UNIQUE_INDEXES = """
SELECT i.indrelid, pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i
WHERE i.indisunique AND i.indisvalid AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY i.indexrelid
"""


def postgres_script(source: Source) -> str:
    """Return types, tables with their columns, constraints, unique indexes and comments."""
    tables = source.rows(_TABLES)
    names = {oid: name for oid, name, _ in tables}
    columns: dict[int, list[tuple[object, ...]]] = {oid: [] for oid in names}
    for oid, *facts in source.rows(_COLUMNS):
        if oid in columns:
            columns[oid].append(tuple(facts))
    constraints = [row for row in source.rows(_CONSTRAINTS) if row[0] in names]
    statements = [
        *_types(source),
        *(_table(name, columns[oid]) for oid, name in names.items() if columns[oid]),
        *(f"ALTER TABLE ONLY {names[o]} ADD CONSTRAINT {k} {text}" for o, k, text in constraints),
        *(text for oid, text in source.rows(_UNIQUE_INDEXES) if oid in names),
        *_comments(tables, columns),
    ]
    return "".join(f"{statement};\n" for statement in statements)


def _types(source: Source) -> Iterator[str]:
    for name, labels in source.rows(_ENUMS):
        yield f"CREATE TYPE {name} AS ENUM ({labels})"
    for name, base, not_null, default, checks in source.rows(_DOMAINS):
        words = [
            f"CREATE DOMAIN {name} AS {base}",
            f"DEFAULT {default}" if default else "",
            "NOT NULL" if not_null else "",
            checks or "",
        ]
        yield " ".join(word for word in words if word)


def _table(name: str, columns: Iterable[tuple[object, ...]]) -> str:
    lines = ",\n".join(f"    {_column(*facts)}" for facts in columns)
    return f"CREATE TABLE {name} (\n{lines}\n)"


def _column(*facts: object) -> str:
    name, kind, not_null, identity, generated, expression, _ = facts
    words = [f"{name} {kind}"]
    if identity:
        words.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        words.append(f"GENERATED ALWAYS AS ({expression}) STORED")
    elif expression is not None:
        words.append(f"DEFAULT {expression}")
    if not_null:
        words.append("NOT NULL")
    return " ".join(words)


def _comments(
    tables: Iterable[tuple[int, str, str | None]],
    columns: dict[int, list[tuple[object, ...]]],
) -> Iterator[str]:
    for oid, name, comment in tables:
        if comment:
            yield f"COMMENT ON TABLE {name} IS {_literal(comment)}"
        for column, *_, text in columns[oid]:
            if text:
                yield f"COMMENT ON COLUMN {name}.{column} IS {_literal(str(text))}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"

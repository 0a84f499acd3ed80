"""A schema as CREATE TABLE and ALTER TABLE statements."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataforge.schema import (
    Column,
    ColumnType,
    EnumType,
    ForeignKey,
    IntegerType,
    Rule,
    Schema,
    Table,
)
from dataforge.schema.expressions import parse_expression
from dataforge.sinks.ddl.column_types import TYPE_OF, sql_string
from dataforge.sinks.ddl.conditions import check_sql
from dataforge.sinks.ddl.dialects import dialect_named
from dataforge.sinks.ddl.losses import type_loss
from dataforge.sinks.ddl.names import Names
from dataforge.sinks.ddl.order import comes_later, parents_first
from dataforge.sinks.ddl.shape import Shape, shape

_ACTIONS = {
    "cascade": "CASCADE",
    "set_null": "SET NULL",
    "set_default": "SET DEFAULT",
    "restrict": "RESTRICT",
}
_NO_SUCH_ACTION = {
    "mysql": {"set_default"},
    "tsql": {"restrict", "cascade", "set_null", "set_default"},
    "oracle": {"restrict", "set_default"},
    "duckdb": {"restrict", "cascade", "set_null", "set_default"},
}
_INLINE_KEYS = {"sqlite", "duckdb"}
_ENUMS_KEPT = {"mysql"}


@dataclass(frozen=True, slots=True)
class Ddl:
    """Statements without their semicolons, in the order to run them.

    ``prelude`` makes namespaces and types, ``tables`` has one statement a table, parents first,
    ``constraints`` are the foreign keys, to be added when the rows are in; ``table_names`` and
    ``constraint_tables`` name the schema's table that each belongs to. ``notes`` say what the
    dialect does not keep.
    """

    dialect: str
    prelude: tuple[str, ...]
    tables: tuple[str, ...]
    constraints: tuple[str, ...]
    table_names: tuple[str, ...]
    constraint_tables: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def statements(self) -> tuple[str, ...]:
        """Everything in order."""
        return self.prelude + self.tables + self.constraints

    def script(self) -> str:
        """Return a file's text: the notes as comments, then each statement and its semicolon."""
        notes = "".join(f"-- {' '.join(note.split())}\n" for note in self.notes)
        ending = "\nGO\n" if self.dialect == "tsql" else ";\n"
        return notes + "\n".join(statement + ending for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Context:
    """What writing the parts of a statement needs to know."""

    schema: Schema
    dialect: str
    names: Names
    shape: Shape
    enums: dict[str, str]
    notes: list[str] = field(default_factory=list)

    def note(self, place: str, text: str) -> None:
        """Keep a note unless it is empty."""
        if text:
            self.notes.append(f"{place}: {text}")


def write_ddl(schema: Schema, dialect: str, names: Names | None = None) -> Ddl:
    """Write the DDL of ``schema`` in ``dialect``; UnknownNameError for a dialect there is not.

    ``names`` replaces the names that ``Names.of`` would give.
    """
    name = dialect_named(dialect)
    names = names or Names.of(schema, name)
    made = shape(schema, name)
    enums = _enum_types(schema, made) if name == "postgres" else {}
    context = Context(schema, name, names, made, enums, list(made.notes))
    ordered = parents_first(schema)
    tables = tuple(create_table(table, context) for table in ordered)
    keys = [] if name in _INLINE_KEYS else _alterations(ordered, context)
    return Ddl(
        dialect=name,
        prelude=_namespaces(context) + _create_types(context),
        tables=tables,
        constraints=tuple(statement for _, statement in keys),
        table_names=tuple(table.name for table in ordered),
        constraint_tables=tuple(table for table, _ in keys),
        notes=tuple(context.notes),
    )


def _namespaces(context: Context) -> tuple[str, ...]:
    spaces = dict.fromkeys(t.namespace for t in context.names.tables.values() if t.namespace)
    verb = "CREATE SCHEMA" if context.dialect == "tsql" else "CREATE SCHEMA IF NOT EXISTS"
    return tuple(f"{verb} {context.names.quote(space)}" for space in spaces)


def _enum_types(schema: Schema, made: Shape) -> dict[str, str]:
    """Map the values of each named enum to a type name; one name with two lists gets two types."""
    named: dict[str, str] = {}
    taken: set[str] = {table.name.lower() for table in schema.tables}
    for logical in made.types.values():
        if not isinstance(logical, EnumType) or logical.multiple or not logical.name:
            continue
        key, name = enum_key(logical), logical.name.rpartition(".")[2]
        while key not in named and name.lower() in taken:
            name += "_enum"
        named.setdefault(key, name)
        taken.add(named[key].lower())
    return named


def enum_key(logical: EnumType) -> str:
    """Return what two enums of one type have in common."""
    return "\x1f".join((logical.name or "", *logical.values))


def _create_types(context: Context) -> tuple[str, ...]:
    made = {}
    for logical in context.shape.types.values():
        if isinstance(logical, EnumType) and enum_key(logical) in context.enums:
            values = ", ".join(sql_string(value) for value in logical.values)
            name = context.names.quote(context.enums[enum_key(logical)])
            made[name] = f"CREATE TYPE {name} AS ENUM ({values})"
    return tuple(made.values())


def create_table(table: Table, context: Context) -> str:
    """Return the CREATE TABLE statement with keys and checks, and foreign keys where inline."""
    lines = [_column_line(table, column, context) for column in table.columns]
    lines += _key_lines(table, context)
    lines += _enum_checks(table, context)
    lines += _rule_lines(table, context)
    if context.dialect in _INLINE_KEYS:
        lines += [line for key in table.foreign_keys if (line := _reference(table, key, context))]
    skipped = "".join(
        f"  -- not enforced: {' '.join(rule.expression.split())}"
        + (f" ({' '.join(rule.reason.split())})" if rule.reason else "")
        + "\n"
        for rule in table.rules
        if not rule.enforced
    )
    body = ",\n  ".join(lines)
    name = context.names.table(table.name)
    return f"CREATE TABLE {name} (\n{skipped}  {body}\n){_table_options(table, context.dialect)}"


def _table_options(table: Table, dialect: str) -> str:
    if dialect != "mysql":
        return ""
    comment = f" COMMENT={sql_string(_plain_comment(table.comment))}" if table.comment else ""
    return f" ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC{comment}"


def _plain_comment(comment: str) -> str:
    return comment.replace("\\", "\\\\")[:1000]


def _column_line(table: Table, column: Column, context: Context) -> str:
    logical = context.shape.types[table.name, column.name]
    place = f"{table.name}.{column.name}"
    context.note(place, type_loss(logical, context.dialect))
    pieces = [
        context.names.column(table.name, column.name),
        _type_sql(logical, context),
        _identity(table, column, logical, context),
        _default(column, logical, context, place),
        "" if column.nullable and column.name not in table.primary_key else "NOT NULL",
    ]
    if context.dialect == "mysql" and column.comment:
        pieces.append(f"COMMENT {sql_string(_plain_comment(column.comment))}")
    return " ".join(piece for piece in pieces if piece)


def _default(column: Column, logical: ColumnType, context: Context, place: str) -> str:
    default = _default_sql(column, logical, context)
    wanted = column.default is not None and column.default.upper() != "NULL"
    if wanted and not (default or column.identity or column.generated):
        context.note(place, f"the default {column.default} is not kept")
    if column.generated:
        context.note(place, "the database does not compute it: it is a plain column")
    return f"DEFAULT {default}" if default else ""


def _default_sql(column: Column, logical: ColumnType, context: Context) -> str:
    if column.default is None:
        return ""
    from dataforge.sinks.ddl.expressions import default_sql  # noqa: PLC0415  - loads sqlglot

    return default_sql(column, logical, context.schema.dialect, context.dialect)


def _type_sql(logical: ColumnType, context: Context) -> str:
    if isinstance(logical, EnumType) and enum_key(logical) in context.enums:
        return context.names.quote(context.enums[enum_key(logical)])
    return TYPE_OF[context.dialect](logical)


def _identity(table: Table, column: Column, logical: ColumnType, context: Context) -> str:
    """Return the words that make the database number new rows itself."""
    if not column.identity or not isinstance(logical, IntegerType):
        return ""
    match context.dialect:
        case "postgres" | "oracle" if logical.signed or logical.bits < 64:
            return "GENERATED BY DEFAULT AS IDENTITY"
        case "mysql" if column.name == auto_increment(table):
            return "AUTO_INCREMENT"
        case "tsql" if sum(other.identity for other in table.columns) == 1:
            return "IDENTITY(1,1)"
        case "sqlite" if table.primary_key == (column.name,):
            return "PRIMARY KEY"
        case _:
            return ""


def auto_increment(table: Table) -> str:
    """Return the identity column that MySQL can number: one, at the head of a key; else ''."""
    heads = {key[0] for key in table.keys}
    return next((c.name for c in table.columns if c.identity and c.name in heads), "")


def _key_lines(table: Table, context: Context) -> list[str]:
    names = context.names
    lines = []
    if table.primary_key and not _is_rowid(table, context):
        columns = names.column_list(table.name, table.primary_key)
        lines.append(f"PRIMARY KEY ({columns})")
    seen = {frozenset(table.primary_key)}
    for key in table.unique_keys:
        if frozenset(key.columns) not in seen:
            seen.add(frozenset(key.columns))
            wanted = key.name or f"{table.name}_{'_'.join(key.columns)}_key"
            columns = names.column_list(table.name, key.columns)
            lines.append(f"CONSTRAINT {names.constraint(wanted)} UNIQUE ({columns})")
    return lines


def _is_rowid(table: Table, context: Context) -> bool:
    """SQLite's integer primary key stands with its column when the column is an identity."""
    if context.dialect != "sqlite" or len(table.primary_key) != 1:
        return False
    column = table.column(table.primary_key[0])
    return column.identity and isinstance(context.shape.types[table.name, column.name], IntegerType)


def _enum_checks(table: Table, context: Context) -> list[str]:
    """Where enums are strings a check lists their values."""
    lines: list[str] = []
    if context.dialect in _ENUMS_KEPT:
        return lines
    for column in table.columns:
        logical = context.shape.types[table.name, column.name]
        if not isinstance(logical, EnumType) or logical.multiple:
            continue
        if enum_key(logical) in context.enums:
            continue
        prefix = "N" if context.dialect == "tsql" else ""
        values = ", ".join(prefix + sql_string(value) for value in logical.values)
        name = context.names.constraint(f"{table.name}_{column.name}_check")
        quoted = context.names.column(table.name, column.name)
        lines.append(f"CONSTRAINT {name} CHECK ({quoted} IN ({values}))")
    return lines


def _rule_lines(table: Table, context: Context) -> list[str]:
    return [
        line
        for number, rule in enumerate(table.rules, 1)
        if rule.enforced and (line := _rule_line(table, rule, number, context))
    ]


def _rule_line(table: Table, rule: Rule, number: int, context: Context) -> str:
    columns = context.names.columns[table.name]
    types = {name: context.shape.types[table.name, name] for name in columns}
    condition = check_sql(
        parse_expression(rule.expression),
        context.dialect,
        lambda name: context.names.quote(columns.get(name, name)),
        types,
    )
    numbered = auto_increment(table) if context.dialect == "mysql" else ""
    if condition is None:
        context.note(table.name, f"{context.dialect} cannot check {rule.expression}")
        return ""
    if numbered and context.names.quote(columns[numbered]) in condition:
        context.note(table.name, f"MySQL checks no AUTO_INCREMENT column: {rule.expression}")
        return ""
    name = context.names.constraint(rule.name or f"{table.name}_check_{number}")
    return f"CONSTRAINT {name} CHECK ({condition})"


def _alterations(tables: tuple[Table, ...], context: Context) -> list[tuple[str, str]]:
    return [
        (table.name, f"ALTER TABLE {context.names.table(table.name)} ADD {line}")
        for table in tables
        for key in table.foreign_keys
        if (line := _reference(table, key, context))
    ]


def _reference(table: Table, key: ForeignKey, context: Context) -> str:
    """Return a foreign-key constraint, or nothing with a note where no server would take it."""
    place = f"{table.name}.{key.label}"
    parent = context.schema.tables_by_name.get(key.parent)
    if parent is None:
        context.note(place, f"the foreign key's parent {key.parent} is not in the schema")
        return ""
    if not _is_key(parent, key):
        context.note(place, f"{key.parent}({','.join(key.parent_columns)}) is no key: not declared")
        return ""
    if context.dialect == "duckdb" and comes_later(context.schema, table, key.parent):
        context.note(place, "DuckDB takes no foreign key to rows that come later: not declared")
        return ""
    names = context.names
    spaces = {names.tables[name].namespace for name in (table.name, key.parent)}
    if context.dialect == "duckdb" and len(spaces) > 1:
        context.note(place, "DuckDB takes no foreign key to another namespace: not declared")
        return ""
    wanted = names.constraint(key.name or f"{table.name}_{'_'.join(key.columns)}_fkey")
    return (
        f"CONSTRAINT {wanted} FOREIGN KEY ({names.column_list(table.name, key.columns)})"
        f" REFERENCES {names.table(key.parent)}"
        f" ({names.column_list(key.parent, key.parent_columns)}){_actions(table, key, context)}"
    )


def _is_key(parent: Table, key: ForeignKey) -> bool:
    return any(frozenset(columns) == frozenset(key.parent_columns) for columns in parent.keys)


def _actions(table: Table, key: ForeignKey, context: Context) -> str:
    """Return the ON DELETE and ON UPDATE clauses that the dialect takes for these columns."""
    nullable = all(
        table.column(name).nullable and name not in table.primary_key for name in key.columns
    )
    refused = set(_NO_SUCH_ACTION.get(context.dialect, set()))
    refused |= set() if nullable else {"set_null"}
    clauses = ""
    for event, action in (("DELETE", key.on_delete), ("UPDATE", key.on_update)):
        known = not (event == "UPDATE" and context.dialect == "oracle")
        if known and action in _ACTIONS and action not in refused:
            clauses += f" ON {event} {_ACTIONS[action]}"
    return clauses

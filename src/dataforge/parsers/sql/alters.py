"""Read ALTER TABLE: columns and constraints that are added or changed later."""

from __future__ import annotations

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Cursor, Unreadable, split_commas
from dataforge.parsers.sql.drafts import ColumnDraft, Names, TableDraft
from dataforge.parsers.sql.elements import default_text, read_clauses, read_column, read_element
from dataforge.parsers.sql.lexer import Token
from dataforge.parsers.sql.tables import add_partition, excerpt
from dataforge.parsers.sql.type_reader import read_type

_VERBS = frozenset(
    "ADD DROP MODIFY ALTER CHANGE RENAME SET OWNER ENABLE DISABLE VALIDATE ATTACH DETACH INHERIT "
    "NO REPLICA CLUSTER CHECK NOCHECK WITH COMMENT ENGINE ORDER CONVERT DEFAULT AUTO_INCREMENT "
    "FORCE REBUILD SWITCH PARTITION RESET TRUNCATE MOVE NOLOGGING LOGGING PARALLEL CACHE".split()
)


def read_alter_table(tokens: list[Token], catalog: Catalog) -> None:
    """Carry out an ALTER TABLE on the tables of ``catalog``."""
    cursor = Cursor(tokens)
    cursor.at = 2
    cursor.take("IF", "EXISTS")
    cursor.take("ONLY")
    names = cursor.qualified()
    cursor.take("*")
    if cursor.sees("ATTACH", "PARTITION"):
        cursor.at += 2
        child_names = cursor.qualified()
        child = catalog.find(child_names)
        if child is not None:
            catalog.tables.remove(child)
        add_partition(catalog, names, child_names[-1], cursor.rest())
        return
    table = catalog.find(names)
    if table is None:
        _report_missing(cursor, names[-1].value, catalog)
        return
    for action in _actions(cursor.rest()):
        _carry_out(action, table, catalog)


def _report_missing(cursor: Cursor, name: str, catalog: Catalog) -> None:
    changes = {"ADD", "MODIFY", "CHANGE"} & {token.upper for token in cursor.rest()}
    if changes and name.casefold() not in catalog.partitions:
        catalog.report(
            cursor.tokens[0].line,
            f"ALTER TABLE changes {name!r}, which is not created in this file",
            "add the file that creates it, or ignore this",
        )


def _actions(tokens: list[Token]) -> list[list[Token]]:
    """Cut into actions; a part without a verb continues the ADD before it."""
    actions: list[list[Token]] = []
    for part in split_commas(tokens):
        last_adds = bool(actions) and actions[-1][0].upper == "ADD"
        verb = part[0].upper in _VERBS and [t.upper for t in part[:2]] != ["CHECK", "("]
        if last_adds and not verb:
            actions.append([actions[-1][0], *part])
        else:
            actions += _cut_at_adds(part)
    return actions


def _cut_at_adds(part: list[Token]) -> list[list[Token]]:
    """Oracle and T-SQL let ``ADD …`` follow another action without a comma."""
    cuts, depth = [0], 0
    for place, token in enumerate(part):
        if token.kind == "op":
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        after = part[place + 1].upper if place + 1 < len(part) else ""
        if place and depth == 0 and token.upper == "ADD" and after in {"CONSTRAINT", "("}:
            cuts.append(place)
    return [part[a:b] for a, b in zip(cuts, [*cuts[1:], len(part)], strict=True)]


def _carry_out(action: list[Token], table: TableDraft, catalog: Catalog) -> None:
    try:
        _apply(action, table, catalog)
    except Unreadable as unreadable:
        catalog.report(
            unreadable.line,
            f"table {table.name.value!r}: {unreadable.message} in: {excerpt(action)}",
            "correct this change or remove it; the table is kept without it",
            "error",
        )


def _apply(action: list[Token], table: TableDraft, catalog: Catalog) -> None:
    cursor = Cursor(action)
    cursor.take("WITH", "CHECK")
    cursor.take("WITH", "NOCHECK")
    if cursor.take("ADD"):
        _add(cursor, table, catalog)
    elif cursor.take("MODIFY"):
        _modify(cursor, table, catalog)
    elif cursor.take("CHANGE"):
        cursor.take("COLUMN")
        _replace(cursor, table, catalog, cursor.name().value)
    elif cursor.take("ALTER"):
        _alter_column(cursor, table, catalog)
    elif cursor.take("DROP"):
        _drop(cursor, table)
    elif cursor.take("RENAME"):
        _rename(cursor, table, catalog)
    elif cursor.take("INHERIT"):
        table.parents.append(cursor.qualified())


def _add(cursor: Cursor, table: TableDraft, catalog: Catalog) -> None:
    if cursor.take("COLUMN"):
        cursor.take("IF", "NOT", "EXISTS")
    elif cursor.sees("PARTITION") or cursor.sees("SUPPLEMENTAL"):
        return
    elif cursor.sees("CONSTRAINT", "IF"):
        cursor.at += 1
        cursor.take("IF", "NOT", "EXISTS")
        cursor.at -= 1
    else:
        cursor.take("IF", "NOT", "EXISTS")
    elements = split_commas(cursor.group()) if cursor.sees("(") else [cursor.rest()]
    for element in elements:
        count = len(table.columns)
        read_element(element, table)
        if len(table.columns) > count and _is_known(table, count, catalog):
            table.columns.pop()


def _is_known(table: TableDraft, count: int, catalog: Catalog) -> bool:
    added = table.columns[count]
    known = {column.name.value.casefold() for column in table.columns[:count]}
    if added.name.value.casefold() in known:
        catalog.report(
            added.line,
            f"column {added.name.value!r} is added to {table.name.value!r}, which has it already",
            "the first definition is kept",
        )
        return True
    return False


def _modify(cursor: Cursor, table: TableDraft, catalog: Catalog) -> None:
    cursor.take("COLUMN")
    cursor.take("IF", "EXISTS")
    parts = split_commas(cursor.group()) if cursor.sees("(") else [cursor.rest()]
    for part in parts:
        inner = Cursor(part)
        if catalog.dialect == "oracle":
            _change_in_place(inner, table, catalog)
        elif inner.at_name():
            _replace(inner, table, catalog, inner.peek().value)


def _change_in_place(cursor: Cursor, table: TableDraft, catalog: Catalog) -> None:
    """Oracle's MODIFY and T-SQL's ALTER COLUMN leave what they do not mention as it was."""
    if cursor.sees("CONSTRAINT"):
        return
    column = catalog.find_column(table, cursor.name())
    if column is not None:
        column.type = read_type(cursor) or column.type
        read_clauses(cursor, column, table)


def _replace(cursor: Cursor, table: TableDraft, catalog: Catalog, old: str) -> None:
    """MySQL's MODIFY and CHANGE state the whole column anew."""
    new = read_column(cursor, table)
    for place, column in enumerate(table.columns):
        if column.name.value.casefold() == old.casefold():
            table.columns[place] = new
            _rename_in_keys(table, column, new)
            return
    catalog.report(
        new.line, f"table {table.name.value!r} has no column {old!r} to change", "ignored"
    )


def _rename_in_keys(table: TableDraft, old: ColumnDraft, new: ColumnDraft) -> None:
    letters = old.name.value.casefold()

    def renamed(names: Names) -> Names:
        return tuple(new.name if name.value.casefold() == letters else name for name in names)

    for key in table.keys:
        key.columns = renamed(key.columns)
    for reference in table.foreign_keys:
        reference.columns = renamed(reference.columns)


def _alter_column(cursor: Cursor, table: TableDraft, catalog: Catalog) -> None:
    if cursor.sees("CONSTRAINT") or cursor.sees("INDEX") or cursor.sees("CHECK"):
        return
    cursor.take("COLUMN")
    cursor.take("IF", "EXISTS")
    start = cursor.at
    column = catalog.find_column(table, cursor.name())
    if column is None:
        return
    if cursor.take("SET", "DEFAULT"):
        column.default = default_text(cursor)
    elif cursor.take("SET", "NOT", "NULL"):
        column.nullable = False
    elif cursor.take("DROP", "NOT", "NULL"):
        column.nullable = True
    elif cursor.take("DROP", "DEFAULT"):
        column.default = None
    elif cursor.take("ADD", "GENERATED"):
        column.identity = True
    elif cursor.take("SET", "DATA", "TYPE") or cursor.take("TYPE"):
        column.type = read_type(cursor) or column.type
    elif not cursor.sees("SET") and not cursor.sees("ADD") and not cursor.sees("DROP"):
        cursor.at = start
        _change_in_place(cursor, table, catalog)


def _drop(cursor: Cursor, table: TableDraft) -> None:
    if cursor.take("CONSTRAINT") or cursor.take("FOREIGN", "KEY") or cursor.take("CHECK"):
        cursor.take("IF", "EXISTS")
        name = cursor.name().value.casefold()
        table.keys = [key for key in table.keys if (key.name or "").casefold() != name]
        table.foreign_keys = [
            key for key in table.foreign_keys if (key.name or "").casefold() != name
        ]
        table.checks = [check for check in table.checks if (check.name or "").casefold() != name]
    elif cursor.take("PRIMARY", "KEY"):
        table.keys = [key for key in table.keys if not key.primary]
    elif cursor.take("COLUMN"):
        cursor.take("IF", "EXISTS")
        name = cursor.name().value.casefold()
        table.columns = [c for c in table.columns if c.name.value.casefold() != name]


def _rename(cursor: Cursor, table: TableDraft, catalog: Catalog) -> None:
    if cursor.take("TO") or cursor.take("AS"):
        table.name = cursor.qualified()[-1]
    elif cursor.take("COLUMN"):
        old = catalog.find_column(table, cursor.name())
        if old is not None and cursor.take("TO"):
            old_name, new_name = old, ColumnDraft(cursor.name(), old.line)
            _rename_in_keys(table, old_name, new_name)
            old.name = new_name.name

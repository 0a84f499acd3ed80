"""Read CREATE TABLE."""

from __future__ import annotations

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Cursor, Name, Unreadable, spelled, split_commas
from dataforge.parsers.sql.drafts import Names, TableDraft
from dataforge.parsers.sql.elements import key_columns, read_element
from dataforge.parsers.sql.lexer import Token

EXCERPT = 60
_FOREIGN = {"VIRTUAL": "virtual table", "FOREIGN": "foreign table", "EXTERNAL": "external table"}


def excerpt(tokens: list[Token]) -> str:
    """The beginning of a text, short enough for a message."""
    text = " ".join(spelled(tokens[:40]).split())
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"


def read_create_table(tokens: list[Token], catalog: Catalog) -> None:
    """Add the table of a CREATE TABLE statement to ``catalog``, or count why it is none."""
    cursor = Cursor(tokens)
    modifiers = set()
    while not cursor.take("TABLE"):
        modifiers.add(cursor.next().upper)
    cursor.take("IF", "NOT", "EXISTS")
    line = tokens[0].line
    names = cursor.qualified()
    aside = _aside(modifiers, names, catalog)
    if aside:
        catalog.passed_over[aside] += 1
        return
    space = names[-2].value if len(names) > 1 else catalog.namespace
    table = TableDraft(names[-1], space, line)
    if not _read_shape(cursor, table, catalog):
        return
    _read_options(cursor, table, catalog)
    _add(table, catalog)


def _aside(modifiers: set[str], names: Names, catalog: Catalog) -> str:
    """Why a table is not part of the data, or an empty string."""
    for word, kind in _FOREIGN.items():
        if word in modifiers:
            return kind
    temporary = not modifiers.isdisjoint({"TEMPORARY", "TEMP"}) and "GLOBAL" not in modifiers
    local = catalog.dialect == "tsql" and names[-1].value.startswith("#")
    return "temporary table" if temporary or local else ""


def _read_shape(cursor: Cursor, table: TableDraft, catalog: Catalog) -> bool:
    """Read the body in whichever form it has; False where the table is to be passed over."""
    if cursor.take("PARTITION", "OF"):
        add_partition(catalog, cursor.qualified(), table.name, cursor.rest())
        return False
    if cursor.take("LIKE"):
        table.likes.append((0, cursor.qualified()))
        return True
    if cursor.sees("OF"):
        catalog.passed_over["object table"] += 1
        catalog.report(
            table.line,
            f"table {table.name.value!r} takes its columns from a type and is left out",
            "write its columns out",
        )
        return False
    if cursor.sees("("):
        body = cursor.group()
        if body and body[0].upper not in {"SELECT", "WITH"}:
            _read_body(body, table, catalog)
            return True
    if any(token.upper in {"SELECT", "AS"} for token in cursor.tokens[cursor.at - 1 :]):
        catalog.passed_over["table as select"] += 1
        return False
    raise Unreadable(f"table {table.name.value!r} has no columns", table.line)


def _read_body(body: list[Token], table: TableDraft, catalog: Catalog) -> None:
    parts = split_commas(body, keep_empty=True)
    if len(parts) > 1 and not parts[-1] and catalog.dialect == "tsql":
        parts.pop()  # T-SQL takes a comma behind the last element
    for number, element in enumerate(parts):
        if not element:
            line = next((part[-1].line for part in reversed(parts[:number]) if part), table.line)
            _report(table, line, "nothing stands between two commas", parts[number - 1], catalog)
            continue
        table.leftovers.clear()
        try:
            read_element(element, table)
            if table.leftovers:
                mark = table.leftovers[0]
                _report(table, mark.line, f"{mark.text!r} is no part of SQL", element, catalog)
        except Unreadable as unreadable:
            _report(table, unreadable.line, unreadable.message, element, catalog)


def _report(
    table: TableDraft, line: int, message: str, element: list[Token], catalog: Catalog
) -> None:
    catalog.report(
        line,
        f"table {table.name.value!r}: {message} in: {excerpt(element)}",
        "correct this element or remove it; the rest of the table is kept",
        "error",
    )


def _read_options(cursor: Cursor, table: TableDraft, catalog: Catalog) -> None:
    """Of what follows the body only the comment, the parents and the partitioning matter."""
    while not cursor.done:
        if cursor.take("COMMENT"):
            cursor.take("=")
            if cursor.peek().kind in {"string", "quoted"}:
                table.comment = cursor.next().value or None
        elif catalog.dialect == "postgres" and cursor.take("PARTITION", "BY"):
            method = cursor.next().upper
            table.partitioned = (method, key_columns(cursor.group()) or ())
        elif cursor.take("INHERITS"):
            table.parents = [Cursor(part).qualified() for part in split_commas(cursor.group())]
        else:
            cursor.skip()


def add_partition(catalog: Catalog, parent: Names, name: Name, bounds: list[Token]) -> None:
    """Note a partition: its rows are its parent's, whose values must fit some partition."""
    catalog.passed_over["partition"] += 1
    catalog.partitions.add(name.value.casefold())
    table = catalog.find(parent)
    if table is not None:
        table.partitions.append(bounds)


def _add(table: TableDraft, catalog: Catalog) -> None:
    earlier = next(
        (
            other
            for other in catalog.tables
            if other.name.value.casefold() == table.name.value.casefold()
            and (other.namespace or "").casefold() == (table.namespace or "").casefold()
            and (catalog.dialect != "postgres" or other.name.value == table.name.value)
        ),
        None,
    )
    if earlier is not None:
        catalog.report(
            table.line,
            f"table {table.name.value!r} is created again (first on line {earlier.line})",
            "the first definition is kept",
        )
        return
    if not table.columns and not table.likes and not table.parents:
        raise Unreadable(f"table {table.name.value!r} has no column that can be read", table.line)
    catalog.tables.append(table)

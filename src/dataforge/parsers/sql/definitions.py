"""Read what surrounds tables: types, domains, unique indexes and comments."""

from __future__ import annotations

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Cursor, Name, spelled, split_commas
from dataforge.parsers.sql.drafts import CheckDraft, KeyDraft, TypeDraft, UserType
from dataforge.parsers.sql.elements import default_text, key_columns
from dataforge.parsers.sql.lexer import Token
from dataforge.parsers.sql.type_reader import read_type


def read_create_type(tokens: list[Token], catalog: Catalog) -> None:
    """Keep an enum, an alias (T-SQL's ``FROM``) or note a structured type."""
    cursor = Cursor(tokens)
    while not cursor.take("TYPE"):
        cursor.next()
    cursor.take("IF", "NOT", "EXISTS")
    name = cursor.qualified()[-1].value
    kind = UserType(structured=True)
    while not cursor.done:
        if cursor.take("AS", "ENUM"):
            values = [part[0].value for part in split_commas(cursor.group())]
            kind = UserType(values=tuple(values))
        elif cursor.take("FROM"):
            kind = _alias(cursor)
        else:
            cursor.skip()
    catalog.types[name.lower()] = kind


def _alias(cursor: Cursor) -> UserType:
    base = read_type(cursor)
    return UserType(base=base, nullable=not cursor.take("NOT", "NULL"), structured=base is None)


def read_create_domain(tokens: list[Token], catalog: Catalog) -> None:
    """Keep a domain's base type, default, nullability and conditions."""
    cursor = Cursor(tokens)
    while not cursor.take("DOMAIN"):
        cursor.next()
    name = cursor.qualified()[-1].value
    cursor.take("AS")
    domain = UserType(base=read_type(cursor), statement="domain")
    checks: list[CheckDraft] = []
    while not cursor.done:
        if cursor.take("NOT", "NULL"):
            domain.nullable = False
        elif cursor.take("DEFAULT"):
            domain.default = default_text(cursor)
        elif cursor.take("CHECK"):
            checks.append(CheckDraft(spelled(cursor.group()), None, tokens[0].line))
        else:
            cursor.skip()
    domain.checks = tuple(checks)
    catalog.types[name.lower()] = domain


def read_create_index(tokens: list[Token], catalog: Catalog) -> None:
    """Make a unique index over plain columns a unique key; count every other index."""
    cursor = Cursor(tokens)
    unique = any(token.upper == "UNIQUE" for token in tokens[:4])
    if not unique:
        catalog.passed_over["index"] += 1
        return
    while not cursor.take("INDEX"):
        cursor.next()
    cursor.take("CONCURRENTLY")
    cursor.take("IF", "NOT", "EXISTS")
    name = None if cursor.sees("ON") else cursor.qualified()[-1].value
    while not cursor.done and not cursor.take("ON"):
        cursor.skip()
    cursor.take("ONLY")
    table = catalog.find(cursor.qualified())
    if cursor.take("USING"):
        cursor.next()
    columns = key_columns(cursor.group())
    partial = any(token.upper == "WHERE" for token in cursor.rest())
    if table is None:
        catalog.passed_over["index"] += 1
    elif columns is None or partial:
        catalog.passed_over["partial unique index"] += 1
    else:
        if name is not None:
            catalog.indexes[name.casefold()] = columns
        table.keys.append(KeyDraft(columns, name, line=tokens[0].line))


def read_comment(tokens: list[Token], catalog: Catalog) -> None:
    """``COMMENT ON TABLE|COLUMN … IS '…'``."""
    cursor = Cursor(tokens)
    cursor.at = 2
    kind = cursor.next().upper
    if kind in {"TABLE", "COLUMN"}:
        names = cursor.qualified()
        text = cursor.peek(1).value if cursor.sees("IS") and cursor.peek(1).kind == "string" else ""
        set_comment(catalog, names, text.strip(), column=kind == "COLUMN")
    catalog.passed_over["comment"] += 1


def set_comment(catalog: Catalog, names: tuple[Name, ...], text: str, *, column: bool) -> None:
    """Give a table or a column its comment; what is not known is ignored."""
    table = catalog.find(names[:-1] if column and len(names) > 1 else names)
    if table is None or not text:
        return
    if not column:
        table.comment = text
        return
    found = catalog.find_column(table, names[-1])
    if found is not None:
        found.comment = text


def read_procedure_call(tokens: list[Token], catalog: Catalog) -> bool:
    """Read T-SQL's ways of commenting and of naming types; False for every other call."""
    cursor = Cursor(tokens)
    cursor.next()
    if not cursor.at_name():
        return False
    called = cursor.qualified()[-1].value.lower()
    values = _call_values(split_commas(cursor.rest()))
    if called == "sp_addextendedproperty":
        return _extended_property(values, catalog)
    if called == "sp_addtype" and len(values) > 1:
        inner = TypeDraft(*_type_parts(values[1]))
        nullable = len(values) < 3 or values[2].upper() != "NOT NULL"
        catalog.types[values[0].lower()] = UserType(base=inner, nullable=nullable)
        return True
    return False


def _call_values(arguments: list[list[Token]]) -> list[str]:
    """Positional values of a call; ``@name =`` in front of them is left out."""
    values = []
    for argument in arguments:
        kept = argument[2:] if len(argument) > 2 and argument[1].text == "=" else argument
        values.append(kept[0].value)
    return values


def _type_parts(text: str) -> tuple[str, tuple[str, ...]]:
    name, _, arguments = text.partition("(")
    inner = tuple(part.strip() for part in arguments.rstrip(") ").split(",") if part.strip())
    return name.strip().lower(), inner


def _extended_property(values: list[str], catalog: Catalog) -> bool:
    levels = dict(zip((v.upper() for v in values[2::2]), values[3::2], strict=False))
    table = levels.get("TABLE")
    if not values or values[0].lower() != "ms_description" or table is None or len(values) > 8:
        return False
    if set(levels) - {"SCHEMA", "USER", "TABLE", "COLUMN"}:
        return False
    space = levels.get("SCHEMA") or levels.get("USER") or ""
    names = [Name(space, quoted=True)] if space else []
    names.append(Name(table, quoted=True))
    column = levels.get("COLUMN")
    if column is not None:
        names.append(Name(column, quoted=True))
    set_comment(catalog, tuple(names), values[1], column=column is not None)
    return True

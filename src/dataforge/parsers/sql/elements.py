"""Read the elements of a table's body: columns, keys, references and conditions.

The body is read element by element and each element clause by clause; a clause that says
nothing about the data (storage, compression, visibility) is moved over, so an exotic clause never
costs its column, and an unreadable column never costs its table.
"""

from __future__ import annotations

from dataforge.parsers.sql.cursor import Cursor, Name, Unreadable, spelled, split_commas
from dataforge.parsers.sql.drafts import (
    CheckDraft,
    ColumnDraft,
    ForeignKeyDraft,
    KeyDraft,
    Names,
    TableDraft,
)
from dataforge.parsers.sql.lexer import Token
from dataforge.parsers.sql.type_reader import read_type
from dataforge.schema.relations import Action

_DEFAULT_STOPS = frozenset(
    "NOT NULL CONSTRAINT PRIMARY UNIQUE CHECK REFERENCES COLLATE COMMENT ON AUTO_INCREMENT "
    "AUTOINCREMENT GENERATED ENABLE DISABLE KEY VISIBLE INVISIBLE ROWGUIDCOL IDENTITY SPARSE "
    "DEFERRABLE INITIALLY FOREIGN FOR STORAGE ENCODE PERSISTED STORED VIRTUAL DEFAULT".split()
)
_STRAY = frozenset("!?@#$%^&~;{}|<>")
_PLACED = frozenset({"FIRST", "AFTER"})
_KEY_NOISE = frozenset(
    {"CLUSTERED", "NONCLUSTERED", "HASH", "ASC", "DESC", "KEY", "INDEX", "DISTINCT"}
)
_NULLS = (("NULLS", "NOT", "DISTINCT"), ("NULLS", "DISTINCT"))
_INDEX_WORDS = frozenset({"KEY", "INDEX"})
_INDEX_KINDS = frozenset({"FULLTEXT", "SPATIAL", "VECTOR"})
_TYPE_WORDS = frozenset(
    "INT INTEGER BIGINT SMALLINT TINYINT VARCHAR CHAR TEXT NUMERIC DECIMAL NUMBER VARCHAR2 "
    "NVARCHAR BINARY VARBINARY TIMESTAMP DATETIME ENUM FLOAT".split()
)
_ACTIONS: tuple[tuple[tuple[str, ...], Action], ...] = (
    (("NO", "ACTION"), "no_action"),
    (("RESTRICT",), "restrict"),
    (("CASCADE",), "cascade"),
    (("SET", "NULL"), "set_null"),
    (("SET", "DEFAULT"), "set_default"),
)


def read_element(tokens: list[Token], table: TableDraft) -> None:
    """Add one element of a CREATE TABLE body, or of ALTER TABLE … ADD, to ``table``."""
    cursor = Cursor(tokens)
    name = None
    if cursor.take("CONSTRAINT"):
        name = None if _at_constraint(cursor) else cursor.name().value
        if cursor.done:
            return
    if not _at_constraint(cursor):
        if name is not None:
            raise Unreadable(f"constraint {name!r} is of an unknown kind", cursor.line)
        table.columns.append(read_column(cursor, table))
        return
    while not cursor.done:
        _table_constraint(cursor, table, name)
        name = cursor.name().value if cursor.take("CONSTRAINT") and cursor.at_name() else None


def _at_constraint(cursor: Cursor) -> bool:
    word, after = cursor.word(), cursor.word(1)
    if word in {"PRIMARY", "FOREIGN"}:
        return after == "KEY"
    if word in {"CHECK", "EXCLUDE"}:
        return after in {"(", "USING"} or (word == "CHECK" and after == "NOT")
    if word == "UNIQUE":
        return after in {"(", "NULLS", "USING"} | _KEY_NOISE or cursor.word(2) in {"(", "USING"}
    if word in _INDEX_KINDS:
        return after in _INDEX_WORDS or after == "(" or cursor.word(2) == "("
    if word in _INDEX_WORDS:
        return _at_index(cursor)
    return _at_rare_element(cursor, word, after)


def _at_rare_element(cursor: Cursor, word: str, after: str) -> bool:
    if word == "LIKE":
        return cursor.peek(1).kind in {"word", "quoted"} and (
            cursor.peek(2).text in {"", ".", ","} or cursor.word(2) in {"INCLUDING", "EXCLUDING"}
        )
    if word == "DEFAULT":
        return True
    return (word, after) in {("PERIOD", "FOR"), ("SUPPLEMENTAL", "LOG"), ("NOT", "NULL")}


def _at_index(cursor: Cursor) -> bool:
    """Tell ``KEY name (columns)`` from a column that is called key."""
    if cursor.word(1) in {"(", "USING"}:
        return True
    if cursor.word(2) == "USING":
        return True
    if cursor.word(2) in {"UNIQUE", "CLUSTERED", "NONCLUSTERED", "HASH"} and cursor.peek(3).text:
        return True
    inside = cursor.peek(3)
    return (
        cursor.word(2) == "("
        and inside.kind != "number"
        and (cursor.peek(1).kind == "quoted" or cursor.word(1) not in _TYPE_WORDS)
    )


def _table_constraint(cursor: Cursor, table: TableDraft, name: str | None) -> None:
    line = cursor.line
    if cursor.take("PRIMARY", "KEY"):
        _key(cursor, table, KeyDraft((), name, primary=True, line=line))
    elif cursor.take("UNIQUE"):
        _key(cursor, table, KeyDraft((), name, line=line))
    elif cursor.take("FOREIGN", "KEY"):
        _foreign_key(cursor, table, name)
    elif cursor.take("CHECK"):
        cursor.take("NOT", "FOR", "REPLICATION")
        table.checks.append(CheckDraft(spelled(cursor.group()), name, line))
    elif cursor.take("LIKE"):
        table.likes.append((len(table.columns), cursor.qualified()))
        cursor.rest()
    elif cursor.take("DEFAULT"):
        _default_for(cursor, table)
    else:
        cursor.rest()
    _to_next_constraint(cursor)


def _to_next_constraint(cursor: Cursor) -> None:
    """Move over what follows a constraint: its state, index options and deferral."""
    while not cursor.done:
        if cursor.sees("CONSTRAINT") and cursor.peek(1).kind in {"word", "quoted"}:
            return
        if cursor.word() in {"PRIMARY", "FOREIGN"} and cursor.word(1) == "KEY":
            return
        cursor.skip()


def _default_for(cursor: Cursor, table: TableDraft) -> None:
    """T-SQL's ``ADD CONSTRAINT … DEFAULT (0) FOR column``."""
    value = default_text(cursor)
    if cursor.take("FOR"):
        wanted = cursor.name().value.casefold()
        for column in table.columns:
            if column.name.value.casefold() == wanted:
                column.default = value


def _key(cursor: Cursor, table: TableDraft, key: KeyDraft) -> None:
    _key_noise(cursor)
    if cursor.take("USING", "INDEX"):
        key.name = cursor.name().value
        table.keys.append(key)
        return
    if not cursor.sees("("):
        key.name = key.name or (cursor.name().value if cursor.at_name() else None)
        _key_noise(cursor)
    if not cursor.sees("("):
        raise Unreadable("a key without columns", cursor.line)
    columns = key_columns(cursor.group())
    if columns is None:
        raise Unreadable("a key over an expression", cursor.line)
    key.columns = columns
    table.keys.append(key)


def _key_noise(cursor: Cursor) -> None:
    while True:
        if cursor.take_any(_KEY_NOISE) or any(cursor.take(*words) for words in _NULLS):
            continue
        if cursor.sees("USING") and cursor.word(1) != "INDEX":
            cursor.at += 2
            continue
        return


def key_columns(tokens: list[Token]) -> Names | None:
    """Return the plain column names of ``(a, b(10) DESC)``; None where one is an expression."""
    names: list[Name] = []
    for part in split_commas(tokens):
        cursor = Cursor(part)
        if not cursor.at_name():
            return None
        names.append(cursor.name())
        if cursor.sees("("):
            inside = cursor.group()
            if len(inside) != 1 or inside[0].kind != "number":
                return None
        if cursor.word() in {"::", "||", "+", "-", "*", "->>", "->"}:
            return None
    return tuple(names)


def _foreign_key(cursor: Cursor, table: TableDraft, name: str | None) -> None:
    if not cursor.sees("(") and cursor.at_name():
        name = name or cursor.peek().value
        cursor.next()
    columns = key_columns(cursor.group()) or ()
    if not cursor.take("REFERENCES"):
        raise Unreadable("a foreign key without REFERENCES", cursor.line)
    table.foreign_keys.append(references(cursor, columns, name))


def references(cursor: Cursor, columns: Names, name: str | None) -> ForeignKeyDraft:
    """Read what follows REFERENCES: the parent, its columns and the actions."""
    line = cursor.line
    parent = cursor.qualified()
    parent_columns = (key_columns(cursor.group()) or ()) if cursor.sees("(") else ()
    key = ForeignKeyDraft(columns, parent, parent_columns, name, line=line)
    while True:
        if cursor.take("ON", "DELETE"):
            key.on_delete = _action(cursor)
        elif cursor.take("ON", "UPDATE"):
            key.on_update = _action(cursor)
        elif cursor.take("MATCH"):
            cursor.next()
        else:
            return key


def _action(cursor: Cursor) -> Action:
    for words, action in _ACTIONS:
        if cursor.take(*words):
            if cursor.sees("("):
                cursor.group()
            return action
    return "no_action"


def read_column(cursor: Cursor, table: TableDraft) -> ColumnDraft:
    """Read a column; its inline keys, references and checks go to ``table``."""
    line = cursor.line
    column = ColumnDraft(cursor.name(), line)
    if cursor.peek().text == ".":
        raise Unreadable("a column name with a dot", line)
    column.type = read_type(cursor)
    if column.type is None and _is_stray(cursor.peek()):
        raise Unreadable(f"expected a type, found {cursor.peek().text[:30]!r}", line)
    read_clauses(cursor, column, table)
    return column


def _is_stray(token: Token) -> bool:
    return token.kind == "broken" or (token.kind == "op" and token.text[:1] in _STRAY)


def read_clauses(cursor: Cursor, column: ColumnDraft, table: TableDraft) -> None:
    """Read everything that may follow a column's type."""
    name: str | None = None
    while not cursor.done:
        if cursor.take("CONSTRAINT"):
            name = cursor.name().value
            continue
        if not (
            _nullability(cursor, column)
            or _inline_key(cursor, column, table, name)
            or _inline_reference(cursor, column, table, name)
            or _value_clause(cursor, column)
            or _described(cursor, column)
        ):
            table.leftovers += [token for token in cursor.skip()[:1] if _is_stray(token)]
        name = None


def _nullability(cursor: Cursor, column: ColumnDraft) -> bool:
    if cursor.take("NOT", "NULL"):
        column.nullable = False
    elif cursor.take("NULL"):
        column.nullable = True
    elif cursor.take("NOT", "FOR", "REPLICATION"):
        pass
    elif cursor.sees("NOT"):
        cursor.at += 2
    else:
        return False
    return True


def _inline_key(cursor: Cursor, column: ColumnDraft, table: TableDraft, name: str | None) -> bool:
    primary = cursor.take("PRIMARY", "KEY") or cursor.take("KEY")
    if primary or cursor.take("UNIQUE"):
        _key_noise(cursor)
        if cursor.take("USING", "INDEX", "TABLESPACE"):
            cursor.next()
        table.keys.append(KeyDraft((column.name,), name, primary=primary, line=cursor.line))
        return True
    return False


def _inline_reference(
    cursor: Cursor, column: ColumnDraft, table: TableDraft, name: str | None
) -> bool:
    line = cursor.line
    if cursor.take("REFERENCES") or cursor.take("FOREIGN", "KEY", "REFERENCES"):
        table.foreign_keys.append(references(cursor, (column.name,), name))
        return True
    if cursor.sees("CHECK", "(") or cursor.sees("CHECK", "NOT"):
        cursor.at += 1
        cursor.take("NOT", "FOR", "REPLICATION")
        table.checks.append(CheckDraft(spelled(cursor.group()), name, line))
        return True
    return False


def _value_clause(cursor: Cursor, column: ColumnDraft) -> bool:
    if cursor.take("DEFAULT"):
        cursor.take("ON", "NULL")
        column.default = default_text(cursor)
    elif cursor.take("AUTO_INCREMENT") or cursor.take("AUTOINCREMENT"):
        column.identity = True
    elif cursor.take("IDENTITY"):
        column.identity = True
        if cursor.sees("("):
            cursor.group()
    elif cursor.sees("GENERATED") or cursor.sees("AS"):
        _generated(cursor, column)
    elif cursor.take("ON", "UPDATE"):
        cursor.skip()
        if cursor.sees("("):
            cursor.group()
    else:
        return False
    return True


def _generated(cursor: Cursor, column: ColumnDraft) -> None:
    while not cursor.done and not cursor.take("AS"):
        cursor.next()
    if cursor.take("IDENTITY"):
        column.identity = True
        if cursor.sees("("):
            cursor.group()
        return
    if cursor.take("ROW"):
        cursor.next()
        column.generated = True
        return
    column.generated = True
    if cursor.sees("(") and cursor.word(1) != ")":
        column.expression = spelled(cursor.group())
        if not cursor.done and cursor.peek().kind == "op":
            column.expression = f"({column.expression}) {default_text(cursor)}"
    else:
        column.expression = default_text(cursor)


def _described(cursor: Cursor, column: ColumnDraft) -> bool:
    if cursor.take("COMMENT"):
        cursor.take("=")
        column.comment = cursor.next().value
    elif cursor.take("COLLATE"):
        cursor.qualified()
    elif (
        cursor.take("CHARACTER", "SET")
        or cursor.take("CHARSET")
        or cursor.take("ON", "CONFLICT")
        or cursor.take("ON")
    ):
        cursor.next()
    elif cursor.take("WITH"):
        cursor.skip()
    else:
        return False
    return True


def default_text(cursor: Cursor) -> str:
    """Read an expression up to the clause that follows it."""
    taken: list[Token] = []
    while not cursor.done:
        word = cursor.word()
        if taken and word in _DEFAULT_STOPS and not _inside_expression(cursor, taken):
            break
        if taken and word == "WITH" and cursor.word(1) == "VALUES":
            break
        if taken and word in _PLACED:
            break
        taken += cursor.skip()
    return spelled(taken)


def _inside_expression(cursor: Cursor, taken: list[Token]) -> bool:
    """``x IS NOT NULL`` and ``a NOT IN (…)`` belong to the expression."""
    return taken[-1].upper in {"IS", "AND", "OR", "NOT"} or (
        cursor.sees("NOT") and cursor.word(1) in {"IN", "LIKE", "BETWEEN"}
    )

"""Read a column's type: its words, arguments, array bounds and modifiers."""

from __future__ import annotations

from dataforge.parsers.sql.cursor import Cursor, spelled, split_commas
from dataforge.parsers.sql.drafts import TypeDraft
from dataforge.parsers.sql.lexer import Token

_CONTINUED = {
    "double": ("precision",),
    "character": ("varying", "large"),
    "char": ("varying", "large", "byte"),
    "nchar": ("varying", "large"),
    "bit": ("varying",),
    "binary": ("varying", "large"),
    "national": ("character", "char", "varchar", "text"),
    "native": ("character",),
    "varying": ("character",),
    "long": ("raw", "varchar", "varbinary", "text", "integer", "int"),
    "unsigned": ("big", "int", "integer"),
    "signed": ("int", "integer"),
    "big": ("int",),
    "large": ("object",),
}
_MODIFIERS = frozenset({"UNSIGNED", "SIGNED", "ZEROFILL", "BINARY", "ASCII", "UNICODE"})
_INTERVAL = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"})
NOT_A_TYPE = frozenset(
    "NOT NULL PRIMARY UNIQUE CHECK REFERENCES DEFAULT CONSTRAINT COLLATE GENERATED AS "
    "AUTO_INCREMENT AUTOINCREMENT COMMENT FOREIGN ON KEY".split()
)


def read_type(cursor: Cursor) -> TypeDraft | None:
    """Read a type, or return None where the column has none (SQLite allows that)."""
    token = cursor.peek()
    if not cursor.at_name() or token.kind == "string" or token.upper in NOT_A_TYPE:
        return None
    start = cursor.at
    names = [part.value for part in cursor.qualified()]
    name = names[-1].lower()
    if token.kind == "word":
        name = _more_words(cursor, name)
    if name in {"ref", "setof"} and cursor.at_name():
        name = f"{name} {cursor.name().value.lower()}"
    arguments = _arguments(cursor)
    modifiers, zone = _modifiers(cursor, name)
    dimensions = _dimensions(cursor)
    return TypeDraft(
        name=name + zone,
        arguments=arguments,
        modifiers=modifiers,
        dimensions=dimensions,
        namespace=names[-2].lower() if len(names) > 1 else None,
        text=spelled(cursor.tokens[start : cursor.at]),
    )


def _more_words(cursor: Cursor, name: str) -> str:
    words = [name]
    while (following := cursor.word().lower()) and following in _CONTINUED.get(words[-1], ()):
        words.append(following)
        cursor.at += 1
    return " ".join(words)


def _arguments(cursor: Cursor) -> tuple[str, ...]:
    if not cursor.sees("("):
        return ()
    return tuple(_argument(part) for part in split_commas(cursor.group()))


def _argument(tokens: list[Token]) -> str:
    if tokens[0].kind == "string":
        return tokens[0].value
    if tokens[0].kind == "quoted" and len(tokens) == 1:
        return tokens[0].value
    return spelled(tokens)


def _modifiers(cursor: Cursor, name: str) -> tuple[frozenset[str], str]:
    found: set[str] = set()
    zone = ""
    if name == "interval":
        while cursor.take_any(_INTERVAL):
            if cursor.sees("("):
                cursor.group()
    while True:
        if cursor.word() in _MODIFIERS:
            found.add(cursor.next().upper.lower())
        elif cursor.take("WITH", "TIME", "ZONE") or cursor.take("WITH", "LOCAL", "TIME", "ZONE"):
            zone = " with time zone"
        elif not cursor.take("WITHOUT", "TIME", "ZONE"):
            return frozenset(found), zone


def _dimensions(cursor: Cursor) -> int:
    count = 0
    while True:
        if cursor.sees("["):
            while not cursor.done and cursor.next().text != "]":
                pass
            count += 1
        elif cursor.peek().text.startswith("[") and cursor.peek().value.isdigit():
            cursor.next()
            count += 1
        elif cursor.take("ARRAY"):
            count += 0 if cursor.sees("[") else 1
        else:
            return count

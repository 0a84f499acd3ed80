r"""SQL for what fields of COPY text stand for.

Escapes are undone by replacing: an escaped backslash first becomes an escape that no text has,
so that each backslash left belongs to the letter after it.
"""

from __future__ import annotations

from dataforge.schema import ArrayType, BinaryType, ColumnType
from dataforge.verification.sql_text import literal

PLAIN = ".plain"
"""How the name of a file of fields ends where none has an escape."""
_ESCAPED_BACKSLASH = "\\\\"
_PLACEHOLDER = "\\z"
_LETTERS = {"n": 10, "r": 13, "t": 9, "b": 8, "f": 12, "v": 11, "0": 0, "Z": 26}
_TOKENS = r'"(?:[^"\\]|\\.)*"|[{},]|[^"{},]+'
_WHOLE = rf"(?s)\{{(?:{_TOKENS})*\}}"
_ITEM = "(?s)" + _TOKENS


def plain_text(raw: str) -> str:
    """Return SQL for a field without its escapes."""
    text = f"replace({raw}, {literal(_ESCAPED_BACKSLASH)}, {literal(_PLACEHOLDER)})"
    for letter, code in _LETTERS.items():
        text = f"replace({text}, {literal(chr(92) + letter)}, chr({code}))"
    text = f"replace({text}, {literal(_PLACEHOLDER)}, {literal(chr(92))})"
    return f"CASE WHEN contains({raw}, {literal(chr(92))}) THEN {text} ELSE {raw} END"


def postgres_value(logical: ColumnType, raw: str) -> str:
    """Return SQL for the text that other formats have where PostgreSQL has its own."""
    match logical:
        case BinaryType():
            return f"CASE WHEN starts_with({raw}, '\\x') THEN substr({raw}, 3) ELSE {raw} END"
        case ArrayType():
            return _json_list(logical, raw)
        case _:
            return raw


def _json_list(logical: ArrayType, raw: str) -> str:
    r"""Turn ``{1,NULL,"a\"b"}`` into a JSON list; what is no such list stays as it is."""
    bare = r"regexp_replace(substr(__t, 2, length(__t) - 2), '(?s)\\(.)', '\1', 'g')"
    if isinstance(_innermost(logical), BinaryType):
        bare = f"regexp_replace({bare}, '^\\\\x', '')"
    item = (
        "CASE WHEN __t = '{' THEN '[' WHEN __t = '}' THEN ']' WHEN __t = 'NULL' THEN 'null' "
        f"WHEN starts_with(__t, '\"') THEN CAST(to_json({bare}) AS VARCHAR) "
        "WHEN __t = ',' OR json_valid(__t) THEN __t ELSE CAST(to_json(__t) AS VARCHAR) END"
    )
    tokens = f"regexp_extract_all({raw}, {literal(_ITEM)})"
    made = f"array_to_string(list_transform({tokens}, lambda __t: {item}), '')"
    return f"CASE WHEN regexp_full_match({raw}, {literal(_WHOLE)}) THEN {made} ELSE {raw} END"


def _innermost(logical: ColumnType) -> ColumnType:
    return _innermost(logical.item) if isinstance(logical, ArrayType) else logical

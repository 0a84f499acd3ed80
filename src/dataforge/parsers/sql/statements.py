"""Cut a script into statements, in each dialect's own way of ending them.

Routines, triggers, COPY data, client commands and batches are recognised so that nothing inside
them is mistaken for a definition. A definition that was never closed (a missing parenthesis or
semicolon) ends where the next ``CREATE TABLE`` starts a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dataforge.parsers.sql.lexer import Lexer, Token

ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "PACKAGE", "EVENT", "VIEW"})
_BODIES = (ROUTINES - {"VIEW"}) | {"TYPE BODY"}
_STARTERS = frozenset(
    "CREATE INSERT EXEC EXECUTE PRINT USE GRANT IF DECLARE BEGIN WHILE RAISERROR DENY REVOKE BULK "
    "DBCC COMMIT TRUNCATE WAITFOR".split()
)
_WEAK_STARTERS = frozenset("SET END UPDATE DELETE SELECT DROP ALTER DISABLE ENABLE ELSE".split())
_INSIDE = {
    ("ALTER", "COLUMN"),
    ("DROP", "CONSTRAINT"),
    ("DROP", "COLUMN"),
    ("SET", "NULL"),
    ("SET", "DEFAULT"),
}
_SQLPLUS = frozenset(
    "REM REMARK PROMPT SPOOL DEFINE DEF UNDEFINE WHENEVER CONNECT CONN EXIT QUIT SHOW COLUMN COL "
    "ACCEPT VARIABLE VAR PAUSE HOST TTITLE BTITLE START EXECUTE EXEC TIMING CLEAR DESC DESCRIBE "
    "PRINT DISCONNECT SAVE @ @@".split()
)
_SQLPLUS_SET_KEPT = frozenset({"ROLE", "CONSTRAINT", "CONSTRAINTS", "TRANSACTION"})
_COPY_END = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE)
_BACKSLASH_ROWS = re.compile(
    r"""(?:[^;'"`]++|'(?:[^'\\]|''|\\.)*+'|"(?:[^"\\]|""|\\.)*+"|`[^`]*+`)*+;""", re.DOTALL
)
_PLAIN_ROWS = re.compile(r"""(?:[^;'"`]++|'[^']*+'|"[^"]*+"|`[^`]*+`)*+;""", re.DOTALL)
_OBJECTS = ROUTINES | frozenset(
    "TABLE INDEX TYPE DOMAIN SEQUENCE SCHEMA DATABASE EXTENSION RULE AGGREGATE OPERATOR CAST ROLE "
    "USER SYNONYM POLICY PUBLICATION SUBSCRIPTION SERVER LANGUAGE COLLATION STATISTICS LOGIN "
    "TABLESPACE DIRECTORY CLUSTER DIMENSION CONTEXT LIBRARY DEFAULT ASSEMBLY CERTIFICATE "
    "XML FULLTEXT PARTITION ROUTINE MACRO".split()
)


@dataclass(slots=True)
class Statement:
    """The tokens of one statement without its terminator; ``rows`` counts COPY data lines."""

    tokens: list[Token] = field(default_factory=list)
    depth: int = 0
    rows: int = 0
    _created: str | None = None

    @property
    def line(self) -> int:
        """The line on which it starts."""
        return self.tokens[0].line

    @property
    def created(self) -> str:
        """What a CREATE or ALTER statement is about (``TABLE``, ``TYPE BODY``), else empty."""
        if self._created is None:
            self._created = self._find_created()
        return self._created or ""

    def _find_created(self) -> str | None:
        """None while the tokens read so far do not tell."""
        if self.tokens[0].upper not in {"CREATE", "ALTER"}:
            return ""
        for place, token in enumerate(self.tokens[1:16], 1):
            if token.upper in _OBJECTS:
                if token.upper != "TYPE":
                    return token.upper
                if place + 1 < len(self.tokens):
                    return "TYPE BODY" if self.tokens[place + 1].upper == "BODY" else "TYPE"
                return None
        return "" if len(self.tokens) > 16 else None

    def words(self, count: int) -> tuple[str, ...]:
        """The first ``count`` tokens, upper-cased."""
        return tuple(token.upper for token in self.tokens[:count])


@dataclass(frozen=True, slots=True)
class ClientCommand:
    """A line for the client program (psql, SQL*Plus, sqlcmd), not for the server."""

    line: int


def split(text: str, dialect: str) -> Iterator[Statement | ClientCommand]:
    """Yield the statements of ``text`` in order; ``dialect`` is a sqlglot name."""
    return _Splitter(text, dialect).run()


class _Splitter:
    def __init__(self, text: str, dialect: str) -> None:
        self._lexer = Lexer(text, dialect)
        self._dialect = dialect
        self._delimiter = ";"
        self._current = Statement()
        self._blocks = 0
        self._begun = False

    def run(self) -> Iterator[Statement | ClientCommand]:
        while (token := self._lexer.next()) is not None:
            if self._client_line(token):
                yield from self._flush()
                yield ClientCommand(token.line)
            elif self._batch_end(token) or self._ends(token):
                yield from self._flush()
            else:
                if self._starts(token):
                    yield from self._flush()
                self._take(token)
        yield from self._flush()

    def _flush(self) -> Iterator[Statement]:
        done, self._current = self._current, Statement()
        self._blocks, self._begun = 0, False
        if done.tokens:
            self._skip_data(done)
            yield done

    def _take(self, token: Token) -> None:
        self._current.tokens.append(token)
        if token.kind == "op":
            self._current.depth += {"(": 1, ")": -1}.get(token.text, 0)
        elif token.kind == "word":
            self._track_blocks(token)
            if len(self._current.tokens) == 2:
                self._hurry_over_insert()

    def _hurry_over_insert(self) -> None:
        """Rows of data are not looked at: move to the statement's end at once."""
        if self._current.words(2) not in {("INSERT", "INTO"), ("REPLACE", "INTO")}:
            return
        if self._delimiter == ";" and self._dialect != "tsql":
            rows = _BACKSLASH_ROWS if self._dialect == "mysql" else _PLAIN_ROWS
            found = rows.match(self._lexer.text, self._lexer.position)
            if found:
                self._lexer.skip_to(found.end() - 1)

    def _track_blocks(self, token: Token) -> None:
        if not self._is_routine():
            return
        word = token.upper
        previous = self._current.tokens[-2].upper if len(self._current.tokens) > 1 else ""
        if word == "BEGIN" or (word == "CASE" and previous != "END"):
            self._blocks += 1
            self._begun = True
        elif word == "END":
            self._blocks -= 1
        elif previous == "END" and word in {"IF", "LOOP", "WHILE", "REPEAT", "FOR"}:
            self._blocks += 1

    def _is_routine(self) -> bool:
        if self._dialect == "oracle" and self._current.words(1)[0] in {"BEGIN", "DECLARE"}:
            return True
        return self._current.created in _BODIES

    def _ends(self, token: Token) -> bool:
        if self._delimiter != ";":
            return token.kind != "broken" and self._at_delimiter(token)
        if token.text != ";" or token.kind != "op":
            return False
        if not self._current.tokens:
            return True
        if self._current.created == "RULE" and self._current.depth > 0:
            return False
        return not self._is_routine() or self._routine_done()

    def _routine_done(self) -> bool:
        """A routine ends behind its outermost END; one without a block at its first semicolon."""
        if self._dialect == "oracle":
            return self._begun and self._blocks <= 0 and not self._is_package()
        if self._dialect == "tsql":
            return False
        return self._blocks <= 0

    def _is_package(self) -> bool:
        return self._current.created in {"PACKAGE", "TYPE BODY"}

    def _at_delimiter(self, token: Token) -> bool:
        if not self._lexer.text.startswith(self._delimiter, token.start):
            return False
        self._lexer.skip_to(max(self._lexer.position, token.start + len(self._delimiter)))
        return True

    def _batch_end(self, token: Token) -> bool:
        if not token.first:
            return False
        if self._dialect == "tsql" and token.upper == "GO":
            rest = self._rest_of_line(token).strip().rstrip(";")
            return not rest or rest.isdigit() or rest.startswith("--")
        if self._dialect == "oracle" and token.text == "/":
            return not self._rest_of_line(token).strip()
        return False

    def _rest_of_line(self, token: Token) -> str:
        stop = self._lexer.text.find("\n", token.end)
        return self._lexer.text[token.end : stop if stop >= 0 else None]

    def _starts(self, token: Token) -> bool:
        """Tell whether ``token`` begins a statement although the last one was not terminated."""
        if not self._current.tokens or token.kind != "word":
            return False
        word = token.upper
        if word not in _STARTERS and word not in _WEAK_STARTERS:
            return False
        following = self._peek_word(token)
        table = word in {"CREATE", "ALTER"} and following == "TABLE"
        if self._dialect == "tsql":
            return self._starts_in_batch(token, following, table=table)
        return table and token.first and not self._is_routine()

    def _starts_in_batch(self, token: Token, following: str, *, table: bool) -> bool:
        if self._current.created in ROUTINES:
            return False
        if table:
            return token.first or self._current.depth <= 0
        if self._current.depth > 0 or (token.upper, following) in _INSIDE:
            return False
        if token.upper in _STARTERS:
            return token.first
        opening = self._current.words(1)[0]
        return token.first and opening in {"CREATE", "ALTER", "EXEC", "EXECUTE", "PRINT", "USE"}

    def _peek_word(self, token: Token) -> str:
        found = _NEXT_WORD.match(self._lexer.text, token.end)
        return found.group(1).upper() if found else ""

    def _client_line(self, token: Token) -> bool:
        if not token.first:
            return False
        reader = _CLIENTS.get(self._dialect)
        return reader is not None and reader(self, token)

    def _psql(self, token: Token) -> bool:
        if token.text != "\\":
            return False
        self._lexer.skip_line()
        return True

    def _sqlcmd(self, token: Token) -> bool:
        if token.text != ":" or self._current.depth > 0:
            return False
        self._lexer.skip_line()
        return True

    def _delimiter_line(self, token: Token) -> bool:
        if token.upper != "DELIMITER":
            return False
        self._delimiter = self._lexer.skip_line().strip() or ";"
        return True

    def _sqlplus(self, token: Token) -> bool:
        word = token.upper
        if token.text.startswith("@"):
            word = "@"
        if word not in _SQLPLUS and word != "SET":
            return False
        if self._current.tokens and word not in {"REM", "REMARK", "PROMPT", "@"}:
            return False
        if self._current.tokens and self._is_routine():
            return False
        if word == "SET" and self._peek_word(token) in _SQLPLUS_SET_KEPT:
            return False
        while self._lexer.skip_line().rstrip().endswith("-"):
            pass
        return True

    def _skip_data(self, statement: Statement) -> None:
        """Move over the rows that follow ``COPY … FROM stdin``."""
        words = {token.upper for token in statement.tokens[-12:]}
        if statement.words(1) != ("COPY",) or not {"FROM", "STDIN"} <= words:
            return
        self._lexer.skip_line()
        end = _COPY_END.search(self._lexer.text, self._lexer.position)
        data = self._lexer.skip_to(end.start() if end else len(self._lexer.text))
        statement.rows = data.count("\n")
        self._lexer.skip_line()


_NEXT_WORD = re.compile(r"\s*(\w+)")
_CLIENTS = {
    "postgres": _Splitter._psql,  # noqa: SLF001
    "tsql": _Splitter._sqlcmd,  # noqa: SLF001
    "mysql": _Splitter._delimiter_line,  # noqa: SLF001
    "oracle": _Splitter._sqlplus,  # noqa: SLF001
}

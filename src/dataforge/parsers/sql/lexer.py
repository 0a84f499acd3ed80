"""A lexer for the five SQL dialects: tokens with their place, comments left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["word", "quoted", "string", "number", "op", "broken"]

RESTART = re.compile(r"\n[ \t]*(?:CREATE|ALTER)[ \t]+TABLE\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """One lexical unit; ``value`` is the name or string without its quotes.

    ``start`` and ``end`` are offsets into the text, ``line`` counts from 1 and ``first`` tells
    whether nothing but blanks stands before it on its line.
    """

    kind: Kind
    text: str
    value: str
    start: int
    end: int
    line: int
    first: bool

    @property
    def upper(self) -> str:
        """The upper-cased text of an unquoted word or an operator, else an empty string."""
        return self.text.upper() if self.kind in {"word", "op"} else ""


@dataclass(frozen=True, slots=True)
class Quoting:
    """What quotes and comments mean in a dialect."""

    backslash: bool = False
    brackets: bool = False
    dollars: bool = False
    hashes: bool = False
    nested_comments: bool = False
    conditional_comments: bool = False
    q_strings: bool = False
    variables: bool = False


QUOTING = {
    "postgres": Quoting(dollars=True, nested_comments=True),
    "mysql": Quoting(backslash=True, hashes=True, conditional_comments=True),
    "sqlite": Quoting(brackets=True),
    "tsql": Quoting(brackets=True, nested_comments=True, variables=True),
    "oracle": Quoting(q_strings=True),
}

_CLOSERS = {"[": "]", "{": "}", "(": ")", "<": ">"}


def _pattern(quoting: Quoting) -> str:
    plain = r"'(?:[^'\\]|''|\\.)*+'" if quoting.backslash else r"'(?:[^']|'')*+'"
    double = r'"(?:[^"\\]|""|\\.)*+"' if quoting.backslash else r'"(?:[^"]|"")*+"'
    parts = [
        r"(?P<space>[ \t\r\f\v\u00a0\ufeff\x00\x1a]+)",
        r"(?P<newline>\n)",
        r"(?P<dashes>--[^\n]*)",
        r"(?P<block>/\*)",
    ]
    if quoting.hashes:
        parts.append(r"(?P<hash>\#[^\n]*)")
    if quoting.conditional_comments:
        parts.append(r"(?P<conditional>\*/)")
    if quoting.dollars:
        parts.append(r"(?P<dollar>\$(?P<tag>[^\W\d]\w*|)\$.*?\$(?P=tag)\$)")
        parts.append(r"(?P<escaped>[eE]'(?:[^'\\]|''|\\.)*+')")
    if quoting.q_strings:
        parts.append(r"(?P<q>[nN]?[qQ]'(?=\S))")
    parts.append(rf"(?P<string>(?:[nNxXbB]|[uU]&)?{plain})")
    if quoting.brackets:
        parts.append(r"(?P<bracket>\[(?:[^\]]|\]\])*+\])")
    if quoting.variables:
        parts.append(r"(?P<variable>\$\(\w+\))")
    parts += [
        rf"(?P<double>{double})",
        r"(?P<backtick>`(?:[^`]|``)*+`)",
        r"(?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![^\W\d]))",
        r"(?P<word>[\w@\#&][\w$\#@]*)",
        r"(?P<op>::|<=|>=|<>|!=|:=|\|\||&&|!~\*?|~\*|->>?|.)",
    ]
    return "|".join(parts)


@lru_cache(maxsize=8)
def _compiled(dialect: str) -> re.Pattern[str]:
    return re.compile(_pattern(QUOTING[dialect]), re.DOTALL)


class Lexer:
    """Reads tokens from ``text`` one at a time; the splitter may move it over raw lines."""

    def __init__(self, text: str, dialect: str) -> None:
        """Start before the first character; ``dialect`` is a key of ``QUOTING``."""
        self.text = text
        self.position = 0
        self.line = 1
        self._first = True
        self._quoting = QUOTING[dialect]
        self._match = _compiled(dialect).match

    def next(self) -> Token | None:
        """Return the next token, or None at the end of the text."""
        while self.position < len(self.text):
            match = self._match(self.text, self.position)
            if match is None:
                return None
            group = match.lastgroup or "op"
            if group == "tag":
                group = "dollar"
            reader = _SPECIAL.get(group)
            token = reader(self, match) if reader else self._plain(group, match)
            if token is not None:
                return token
        return None

    def skip_line(self) -> str:
        """Move behind the end of the current line and return what was skipped."""
        stop = self.text.find("\n", self.position)
        stop = len(self.text) if stop < 0 else stop + 1
        return self.skip_to(stop)

    def skip_to(self, stop: int) -> str:
        """Move to the offset ``stop`` and return what was skipped."""
        skipped = self.text[self.position : stop]
        self.line += skipped.count("\n")
        self._first = skipped.endswith("\n") or (self._first and not skipped.strip())
        self.position = stop
        return skipped

    def _plain(self, group: str, match: re.Match[str]) -> Token:
        text = match.group()
        if group in _MULTILINE and _runs_away(text):
            return self._broken(match.start())
        if group == "string" and self._quoting.backslash:
            group = "escaped"
        kind, value = _VALUES[group](text)
        return self._token(kind, text, value)

    def _token(self, kind: Kind, text: str, value: str) -> Token:
        start = self.position
        token = Token(kind, text, value, start, start + len(text), self.line, self._first)
        self.line += text.count("\n")
        self.position += len(text)
        self._first = False
        return token

    def _broken(self, start: int) -> Token:
        """A quote that is never closed costs the rest of its line, not the rest of the file."""
        stop = self.text.find("\n", start)
        text = self.text[start : len(self.text) if stop < 0 else stop]
        return self._token("broken", text, text)

    def _blank(self, match: re.Match[str]) -> None:
        self.skip_to(match.end())

    def _newline(self, match: re.Match[str]) -> None:
        self.position = match.end()
        self.line += 1
        self._first = True

    def _block_comment(self, match: re.Match[str]) -> None:
        if self._quoting.conditional_comments:
            marker = _CONDITIONAL.match(self.text, match.start())
            if marker:
                self.skip_to(marker.end())
                return
        self.skip_to(self._comment_end(match.end()))

    def _comment_end(self, start: int) -> int:
        depth = 1
        for edge in _COMMENT_EDGE.finditer(self.text, start):
            if edge.group() == "*/":
                depth -= 1
            elif self._quoting.nested_comments:
                depth += 1
            if depth == 0:
                return edge.end()
        first = self.text.find("*/", start)
        return len(self.text) if first < 0 else first + 2

    def _q_string(self, match: re.Match[str]) -> Token:
        opener = self.text[match.end()]
        closer = _CLOSERS.get(opener, opener) + "'"
        stop = self.text.find(closer, match.end() + 1)
        if stop < 0:
            return self._broken(match.start())
        text = self.text[match.start() : stop + 2]
        return self._token("string", text, self.text[match.end() + 1 : stop])

    def _operator(self, match: re.Match[str]) -> Token:
        text = match.group()
        return self._broken(match.start()) if text in "'\"`" else self._token("op", text, text)


_CONDITIONAL = re.compile(r"/\*M?!\d*")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_MULTILINE = {"string", "double", "backtick", "bracket", "escaped"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b"}

_SPECIAL: dict[str, Callable[[Lexer, re.Match[str]], Token | None]] = {
    "space": Lexer._blank,  # noqa: SLF001
    "newline": Lexer._newline,  # noqa: SLF001
    "dashes": Lexer._blank,  # noqa: SLF001
    "hash": Lexer._blank,  # noqa: SLF001
    "conditional": Lexer._blank,  # noqa: SLF001
    "block": Lexer._block_comment,  # noqa: SLF001
    "q": Lexer._q_string,  # noqa: SLF001
    "op": Lexer._operator,  # noqa: SLF001
}


def _runs_away(text: str) -> bool:
    return "\n" in text and RESTART.search(text) is not None


def _string(text: str) -> tuple[Kind, str]:
    body = text[text.index("'") + 1 : -1]
    return "string", body.replace("''", "'")


def _escaped(text: str) -> tuple[Kind, str]:
    body = text[text.index("'") + 1 : -1].replace("''", "'")
    return "string", _ESCAPE.sub(lambda m: _ESCAPED.get(m.group(1), m.group(1)), body)


def _dollar(text: str) -> tuple[Kind, str]:
    edge = text.index("$", 1) + 1
    return "string", text[edge:-edge]


_VALUES: dict[str, Callable[[str], tuple[Kind, str]]] = {
    "string": _string,
    "escaped": _escaped,
    "dollar": _dollar,
    "double": lambda text: ("quoted", text[1:-1].replace('""', '"')),
    "backtick": lambda text: ("quoted", text[1:-1].replace("``", "`")),
    "bracket": lambda text: ("quoted", text[1:-1].replace("]]", "]")),
    "number": lambda text: ("number", text),
    "word": lambda text: ("word", text),
    "variable": lambda text: ("word", text),
}

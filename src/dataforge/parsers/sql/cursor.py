"""A place in a list of tokens, with the small moves that reading definitions needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dataforge.parsers.sql.lexer import Token

_END = Token("op", "", "", 0, 0, 0, first=False)
_NAME_KINDS = frozenset({"word", "quoted", "string"})


class Unreadable(Exception):  # noqa: N818  - an internal signal, turned into a Problem
    """A definition does not have the shape that was expected; ``line`` says where."""

    def __init__(self, message: str, line: int) -> None:
        """Keep the place beside the message."""
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier as written, and whether it was quoted."""

    value: str
    quoted: bool = False


class Cursor:
    """Reads ``tokens`` from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Start before the first token."""
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether no token is left."""
        return self.at >= len(self.tokens)

    @property
    def line(self) -> int:
        """The line of the current token, or of the last one at the end."""
        if not self.tokens:
            return 0
        return self.tokens[min(self.at, len(self.tokens) - 1)].line

    def peek(self, ahead: int = 0) -> Token:
        """The token ``ahead`` of the current one; an empty one behind the end."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else _END

    def word(self, ahead: int = 0) -> str:
        """The upper-cased text of a coming token; empty for quoted names and strings."""
        return self.peek(ahead).upper

    def sees(self, *words: str) -> bool:
        """Whether the coming tokens are these keywords or operators."""
        return all(self.word(ahead) == word for ahead, word in enumerate(words))

    def take(self, *words: str) -> bool:
        """Move over these keywords if they come next."""
        if self.sees(*words):
            self.at += len(words)
            return True
        return False

    def take_any(self, words: frozenset[str] | set[str]) -> str:
        """Move over one keyword of a set and return it, else an empty string."""
        word = self.word()
        if word and word in words:
            self.at += 1
            return word
        return ""

    def next(self) -> Token:
        """Return the current token and move on."""
        token = self.peek()
        self.at += 1
        return token

    def skip(self) -> list[Token]:
        """Move over one token, or over a whole parenthesised group, and return what it was."""
        if self.word() == "(":
            start = self.at
            self.group()
            return list(self.tokens[start : self.at])
        return [self.next()]

    def group(self) -> list[Token]:
        """Move over ``( … )`` and return the tokens inside; raises ``Unreadable``."""
        opening = self.next()
        if opening.text != "(" or opening.kind != "op":
            raise Unreadable(f"expected '(' before {opening.text[:30]!r}", opening.line)
        start, depth = self.at, 1
        while not self.done:
            token = self.next()
            if token.kind == "op":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth == 0:
                return list(self.tokens[start : self.at - 1])
        raise Unreadable("a parenthesis is never closed", opening.line)

    def at_name(self) -> bool:
        """Whether a name could start here."""
        token = self.peek()
        return bool(token.value) and token.kind in _NAME_KINDS

    def name(self) -> Name:
        """Read one identifier (a string counts: some dialects quote names so)."""
        if not self.at_name():
            found = self.peek()
            raise Unreadable(f"expected a name, found {found.text[:30]!r}", self.line)
        token = self.next()
        return Name(token.value, token.kind != "word")

    def qualified(self) -> tuple[Name, ...]:
        """Read ``a.b.c``; empty parts (``db..table``) are left out."""
        parts = [self.name()]
        while self.sees("."):
            self.at += 1
            if self.sees("."):
                continue
            parts.append(self.name())
        return tuple(parts)

    def rest(self) -> list[Token]:
        """Return all tokens that are left and move to the end."""
        left = list(self.tokens[self.at :])
        self.at = len(self.tokens)
        return left


def split_commas(tokens: Sequence[Token], *, keep_empty: bool = False) -> list[list[Token]]:
    """Cut at the commas outside parentheses; empty parts are left out unless asked for."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "op":
            depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(token.text, 0)
        if token.kind == "op" and token.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part or keep_empty]


def spelled(tokens: Sequence[Token]) -> str:
    """The tokens as text, a single blank wherever the source had any."""
    text = ""
    end = tokens[0].start if tokens else 0
    for token in tokens:
        text += (" " if token.start > end else "") + token.text
        end = token.end
    return text

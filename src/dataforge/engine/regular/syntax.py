r"""A recursive-descent parser for the subset of regular expressions that patterns may use.

Read: literals, ``.``, classes with ranges, negation and POSIX names, ``\d \w \s`` and their
negations, escaped characters, groups (capturing, named or not), alternation, ``? * + {m,n}``
with lazy or possessive marks (which change nothing), ``(?i)`` in front (ignored), and anchors at
the ends (ignored). ``*``, ``+`` and ``{m,}`` repeat at most eight times beyond their least.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from dataforge.engine.regular.tree import Chain, Charset, Choice, Node, Repeat
from dataforge.errors import ParseError

OPEN_END = 8
MAXIMUM_REPEAT = 65_535

_VISIBLE = frozenset(range(0x21, 0x7F))
_DIGITS = frozenset(map(ord, "0123456789"))
_LOWER = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz"))
_UPPER = frozenset(map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_WORD = _DIGITS | _LOWER | _UPPER | {ord("_")}
_SPACE = frozenset({ord(" ")})
_CLASSES = {
    "d": _DIGITS,
    "D": _VISIBLE - _DIGITS,
    "w": _WORD,
    "W": _VISIBLE - _WORD,
    "s": _SPACE,
    "S": _VISIBLE,
}
_POSIX = {
    "alpha": _LOWER | _UPPER,
    "digit": _DIGITS,
    "alnum": _LOWER | _UPPER | _DIGITS,
    "lower": _LOWER,
    "upper": _UPPER,
    "space": _SPACE,
    "blank": _SPACE,
    "punct": _VISIBLE - _LOWER - _UPPER - _DIGITS,
    "xdigit": _DIGITS | frozenset(map(ord, "abcdefABCDEF")),
    "word": _WORD,
    "print": _VISIBLE | _SPACE,
    "graph": _VISIBLE,
}
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "v": 11}
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}|\{,(\d+)\}")
_GROUP = re.compile(r"\(\?(?::|P?<[A-Za-z_]\w*>)")


def parse(pattern: str) -> Node:
    """Return the tree of ``pattern``; ``ParseError`` names the construct that is not read."""
    prefix = re.match(r"\(\?[imsx]+\)", pattern)
    parser = _Parser(pattern, prefix.end() if prefix else 0)
    tree = parser.choice(leading=True)
    if parser.rest():
        parser.refuse("an unmatched )")
    return tree


def _charset(symbols: frozenset[int]) -> Charset:
    return Charset(tuple(sorted(symbols)))


@dataclass(slots=True)
class _Parser:
    """A cursor over the pattern; ``ended`` once ``$`` has closed the current branch."""

    text: str
    place: int
    ended: bool = False

    def rest(self) -> str:
        return self.text[self.place : self.place + 1]

    def take(self, token: str) -> bool:
        found = self.text.startswith(token, self.place)
        self.place += len(token) if found else 0
        return found

    def refuse(self, construct: str) -> NoReturn:
        msg = (
            f"pattern {self.text!r}: {construct} at position {self.place} is not supported; "
            "use literals, classes, groups, alternation and bounded repetition"
        )
        raise ParseError(msg)

    def choice(self, *, leading: bool) -> Node:
        branches, ended = [self.chain(leading=leading)], self.ended
        while self.take("|"):
            branches.append(self.chain(leading=leading))
            ended |= self.ended
        self.ended = ended
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def chain(self, *, leading: bool) -> Node:
        parts: list[Node] = []
        self.ended = False
        while self.rest() and self.rest() not in "|)":
            if self.anchor(leading=leading and not parts):
                continue
            if self.ended:
                self.refuse("text after $")
            parts.append(self.quantified(self.atom(leading=leading and not parts)))
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def anchor(self, *, leading: bool) -> bool:
        if self.rest() == "^" or self.text.startswith("\\A", self.place):
            if not leading:
                self.refuse("an anchor inside the text")
            return self.take("^") or self.take("\\A")
        if self.take("$") or self.take("\\Z") or self.take("\\z"):
            self.ended = True
            return True
        return False

    def atom(self, *, leading: bool) -> Node:
        symbol = self.rest()
        if symbol == "(":
            return self.group(leading=leading)
        if symbol == "[":
            return self.bracket()
        if symbol == "\\":
            return _charset(self.escape())
        if symbol in "*+?":
            self.refuse(f"{symbol!r} with nothing to repeat")
        self.place += 1
        return _charset(_VISIBLE if symbol == "." else frozenset({ord(symbol)}))

    def group(self, *, leading: bool) -> Node:
        opened = _GROUP.match(self.text, self.place)
        if not opened and self.text.startswith("(?", self.place):
            self.refuse(f"group {self.text[self.place : self.place + 4]!r}")
        self.place = opened.end() if opened else self.place + 1
        inner = self.choice(leading=leading)
        if not self.take(")"):
            self.refuse("a group that is not closed")
        return inner

    def quantified(self, item: Node) -> Node:
        while bounds := self.bounds():
            low, high = bounds
            if low > high or high > MAXIMUM_REPEAT:
                self.refuse(f"repetition {{{low},{high}}}")
            item = Repeat(item, low, high)
            if not self.take("?"):
                self.take("+")
        return item

    def bounds(self) -> tuple[int, int] | None:
        for mark, low, high in (("?", 0, 1), ("*", 0, OPEN_END), ("+", 1, 1 + OPEN_END)):
            if self.take(mark):
                return low, high
        counted = _COUNT.match(self.text, self.place)
        if not counted:
            return None
        self.place = counted.end()
        least, comma, most, only_most = counted.groups()
        if only_most:
            return 0, int(only_most)
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else int(least) + OPEN_END

    def escape(self) -> frozenset[int]:
        """Read a backslash and what it escapes: a class or one character."""
        symbol = self.text[self.place + 1 : self.place + 2]
        if symbol in _CLASSES:
            self.place += 2
            return _CLASSES[symbol]
        coded = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))").match(
            self.text, self.place
        )
        if coded:
            self.place = coded.end()
            return frozenset({int(coded[1] or coded[2], 16)})
        if not symbol or (symbol.isalnum() and symbol not in _CONTROLS):
            self.refuse(f"escape {self.text[self.place : self.place + 2]!r}")
        self.place += 2
        return frozenset({_CONTROLS.get(symbol, ord(symbol))})

    def bracket(self) -> Charset:
        start = self.place
        self.place += 1
        negated = self.take("^")
        symbols: frozenset[int] = frozenset()
        first = True
        while first or self.rest() != "]":
            if not self.rest():
                self.place = start
                self.refuse("a class that is not closed")
            symbols |= self.member()
            first = False
        self.place += 1
        kept = _VISIBLE - symbols if negated else symbols
        if not kept:
            self.place = start
            self.refuse("a class without printable ASCII characters")
        return _charset(kept)

    def member(self) -> frozenset[int]:
        """Read a class name, a range or one character inside brackets."""
        posix = re.compile(r"\[:(\w+):\]").match(self.text, self.place)
        if posix and posix[1] in _POSIX:
            self.place = posix.end()
            return _POSIX[posix[1]]
        low = self.end_of_range()
        following = self.text[self.place + 1 : self.place + 2]
        if len(low) > 1 or self.rest() != "-" or following in ("", "]"):
            return low
        self.place += 1
        high = self.end_of_range()
        (begin,), end = low, max(high)
        if len(high) > 1 or begin > end:
            self.refuse("a range that runs backwards")
        return frozenset(range(begin, end + 1))

    def end_of_range(self) -> frozenset[int]:
        if self.rest() == "\\":
            return self.escape()
        symbol = self.rest()
        self.place += 1
        return frozenset({ord(symbol)})

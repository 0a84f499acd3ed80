"""The shape of a request: sentences, and lists of columns in bullets, lines or a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.request import Words

_BULLET = re.compile(r"^(?P<indent>[ \t]*)(?:[-*•·–+]|\(?\d{1,3}[.)]|[a-z]\))[ \t]+(?P<body>\S.*)$")
_LABELLED = re.compile(
    r"^[ \t]*(?P<label>[^\s:：,;.!?()\-*#][^:：\n,;.!?]{0,40}?)[ \t]*[:：][ \t]*(?P<body>\S.*)$"
)
_ROW = re.compile(r"^\s*\|(?P<body>.+)\|\s*$")
_STOP = re.compile(
    r"(?:[.!?](?=\s|$)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bapprox\.)(?<!\bno\.)(?<!\bca\.)(?<!\bz\.B\.)"
    r"(?<!\betc\.)(?<!\bp\.ej\.)(?<!\bex\.)|[。！？；]|\n+)"
)
_OPEN, _CLOSE = "([{（【", ")]}）】"
_QUOTES = "\"'“”‘’«»„`「」『』"
_LONGEST_LIST = 4_000
_MARKUP = re.compile(r"[*_`#]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text and where it begins."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, ``text[start:end]`` without its bullet; ``indent`` counts blanks."""

    text: str
    start: int
    indent: int = 0

    @property
    def end(self) -> int:
        """Where the entry ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries that belong together, with the text that introduces them.

    ``form`` is ``bullets``, ``lines`` (label: description), ``inline`` or ``parens``.
    """

    form: str
    header: Words
    items: tuple[Item, ...]
    start: int
    end: int
    marked: bool = False


def sentences_of(text: str) -> tuple[Words, ...]:
    """Return the sentences and lines of a text, without those that hold no letter."""
    found, start = [], 0
    for match in _STOP.finditer(text):
        found.append(_trimmed(text, start, match.end()))
        start = match.end()
    found.append(_trimmed(text, start, len(text)))
    return tuple(each for each in found if any(c.isalnum() for c in each.text))


def sentence_at(sentences: tuple[Words, ...], place: int) -> int:
    """Return the number of the sentence that holds a place of the text."""
    for number, each in enumerate(sentences):
        if place < each.end:
            return number
    return len(sentences) - 1


def _trimmed(text: str, start: int, end: int) -> Words:
    body = text[start:end]
    left = len(body) - len(body.lstrip())
    body = body.strip()
    return Words(text=body, start=start + left, end=start + left + len(body))


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a text with where they begin."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append(Line(line.rstrip("\r"), start))
        start += len(line) + 1
    return tuple(found)


def block_lists(text: str) -> tuple[Listing, ...]:
    """Return the lists that stand on lines of their own: bullets, labels, rows of a table."""
    lines = lines_of(text)
    found: list[Listing] = []
    at = 0
    while at < len(lines):
        for form, reader in (("bullets", _bullet), ("rows", _row), ("lines", _labelled)):
            run = _run(lines, at, reader)
            if len(run) >= (2 if form != "bullets" else 1):
                found.append(_listing(form, lines, at, run))
                at = run[-1][0] + 1
                break
        else:
            at += 1
    return tuple(found)


def _run(lines: tuple[Line, ...], at: int, reader: object) -> list[tuple[int, Item]]:
    """Return the entries from line ``at`` on; blank lines between two of them are passed over."""
    run: list[tuple[int, Item]] = []
    blanks = 0
    for number in range(at, len(lines)):
        item = reader(lines[number])  # type: ignore[operator]
        if item is not None:
            run.append((number, item))
            blanks = 0
        elif lines[number].text.strip() or not run or blanks:
            break
        else:
            blanks += 1
    return run


def _listing(form: str, lines: tuple[Line, ...], at: int, run: list[tuple[int, Item]]) -> Listing:
    header = _header(lines, at)
    items = tuple(item for _, item in run)
    return Listing(form, header, items, lines[at].start, items[-1].end)


def _header(lines: tuple[Line, ...], at: int) -> Words:
    for number in range(at - 1, max(-1, at - 3), -1):
        line = lines[number]
        if line.text.strip():
            return _trimmed(line.text, 0, len(line.text)).model_copy(
                update={"start": line.start, "end": line.start + len(line.text)}
            )
    start = lines[at].start
    return Words(text="", start=start, end=start)


def _bullet(line: Line) -> Item | None:
    match = _BULLET.match(line.text)
    if match is None:
        return None
    body = match["body"].rstrip()
    indent = len(match["indent"].expandtabs(4))
    return Item(body, line.start + match.start("body"), indent)


def _labelled(line: Line) -> Item | None:
    match = _LABELLED.match(line.text)
    if match is None or len(match["label"].split()) > 5:
        return None
    body = line.text.strip()
    return Item(body, line.start + line.text.index(body))


def _row(line: Line) -> Item | None:
    match = _ROW.match(line.text)
    return None if match is None else Item(match["body"], line.start + match.start("body"))


def split_list(text: str, start: int, words: Lexicon) -> tuple[Item, ...]:
    """Split an enumeration at commas and its last "and", outside brackets and quotes."""
    pieces = list(_at_commas(text))
    ends = [n for n, (_, end) in enumerate(pieces) if text[end : end + 1] in {";", "；"}]
    if ends and len(ends) < len(pieces) - 1:
        pieces = pieces[: ends[0] + 1]  # what follows a semicolon after commas is said besides
    found: list[Item] = []
    for begin, end in pieces:
        for first, last in _at_and(text, begin, end, words):
            body = text[first:last]
            left = len(body) - len(body.lstrip())
            body = body.strip().rstrip(".。")
            if body:
                found.append(Item(body, start + first + left))
    return tuple(found)


def _at_commas(text: str) -> Iterator[tuple[int, int]]:
    depth, begin, quote = 0, 0, ""
    for place, char in enumerate(text):
        if char == quote:
            quote = ""
        elif char == '"' and not quote and '"' in text[place + 1 :]:
            quote = '"'
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in ",;，、；" and not depth and not quote and not _in_number(text, place):
            yield begin, place
            begin = place + 1
    yield begin, len(text)


def _in_number(text: str, place: int) -> bool:
    return (
        text[place] == ","
        and 0 < place < len(text) - 3
        and text[place - 1].isdigit()
        and text[place + 1 : place + 4].isdigit()
        and not text[place + 4 : place + 5].isdigit()
    )


def _at_and(text: str, begin: int, end: int, words: Lexicon) -> Iterator[tuple[int, int]]:
    pattern = re.compile(words.any("and"), re.IGNORECASE)
    depths, depth = [], 0
    for char in text[begin:end]:
        depth += (char in _OPEN) - (char in _CLOSE)
        depths.append(depth)
    for match in pattern.finditer(text, begin, end):
        inside = depths[match.start() - begin] > 0
        joined = re.search(words.any("joined"), text[begin:end], re.IGNORECASE)
        span = text[begin : match.start()]
        ranged = re.search(rf"(?:{words.any('between')})[^,;]*$", span, re.IGNORECASE)
        number = r"[$€£]?-?\d[\w.,]*"
        done = rf"(?:{words.any('between')})\s*{number}\s*(?:{words.any('to')})\s*{number}"
        if ranged and re.search(done, span[ranged.start() :], re.IGNORECASE):
            ranged = None
        if ranged and re.search(
            r"\d|" + words.any("months", "numbers"), span[ranged.start() :], re.IGNORECASE
        ):
            continue
        if inside or (joined and begin + joined.start() <= match.start() < begin + joined.end()):
            continue
        yield begin, match.start()
        begin = match.end()
    yield begin, end


def in_brackets(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places inside each outermost pair of brackets."""
    depth, begin = 0, 0
    for place, char in enumerate(text):
        if char in _OPEN:
            begin = place + 1 if depth == 0 else begin
            depth += 1
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0 and place - begin <= _LONGEST_LIST:
                yield begin, place


def unmarked(text: str) -> str:
    """Return text without the marks of Markdown and the quotes around it."""
    bare = _MARKUP.sub(lambda m: m[0] if m[0] == "_" else "", text).strip()
    quoted = len(bare) > 1 and bare[0] in _QUOTES and bare[-1] in _QUOTES
    alone = quoted and not any(char in _QUOTES for char in bare[1:-1])
    return bare[1:-1].strip() if alone else bare

"""Which lists of a request name columns, and of which thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dataforge.parsers.prompt.attributes import is_attribute, is_column_name, is_table_word
from dataforge.parsers.prompt.columns import columns_in, joined, parted, shortened, united
from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.names import is_plural, one, snake
from dataforge.parsers.prompt.request import ColumnWish, Words
from dataforge.parsers.prompt.structure import (
    Item,
    Listing,
    block_lists,
    in_brackets,
    split_list,
    unmarked,
)

_SENTENCE_END = re.compile(r"[.!?。！？](?=\s|$)|\n")
_ATTRIBUTES = 0.5
_LABEL_WORDS = 4
_NEVER_ENDS = 3_000
_WHOLE = 4


@dataclass(frozen=True, slots=True)
class ColumnList:
    """Columns at ``text[start:end]``, for the thing named ``owner`` or introduced by ``header``.

    ``whole`` says that these are all the columns it has, ``marked`` that the text calls them so.
    """

    columns: tuple[ColumnWish, ...]
    header: Words
    start: int
    end: int
    owner: Words | None = None
    whole: bool = True
    marked: bool = True


def column_lists(text: str, words: Lexicon, now: datetime) -> tuple[ColumnList, ...]:
    """Return the lists of columns of a text, in order, none within another."""
    found: list[ColumnList] = []
    for finder in (_blocks, _tables_in_brackets, _introduced, _of_things, _after_colon):
        for each in finder(text, words, now):
            clash = any(each.start < other.end and other.start < each.end for other in found)
            if each.columns and not clash:
                found.append(each)
    return tuple(sorted(found, key=lambda each: each.start))


def _blocks(text: str, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    for listing in block_lists(text):
        if listing.form == "rows":
            yield from _markdown_table(listing, words, now)
            continue
        nested = _nested(listing) if listing.form == "bullets" else None
        if nested:
            for owner, items in nested:
                label, rest = parted(unmarked(owner.text), words)
                inner = split_list(rest, owner.start, words) if rest and not items else items
                yield _of_table(label, owner, inner, listing, words, now)
            continue
        tables = list(_table_lines(listing, words, now))
        if len(tables) * 2 > len(listing.items) or (tables and len(listing.items) == len(tables)):
            yield from tables
        elif _names_columns(listing, words):
            columns = columns_in(listing.items, words, now)
            yield ColumnList(columns, listing.header, listing.start, listing.end)


def _of_table(
    label: str,
    owner: Item,
    items: tuple[Item, ...],
    listing: Listing,
    words: Lexicon,
    now: datetime,
) -> ColumnList:
    place = Words(text=unmarked(label), start=owner.start, end=owner.start + len(label))
    start = owner.end if items and items[0].start >= owner.end else owner.start + len(label)
    end = items[-1].end if items else owner.end
    return ColumnList(columns_in(items, words, now), listing.header, start, end, place)


def _nested(listing: Listing) -> list[tuple[Item, tuple[Item, ...]]] | None:
    """Group bullets that stand deeper under the one before them."""
    levels = sorted({item.indent for item in listing.items})
    if len(levels) < 2:
        return None
    groups: list[tuple[Item, list[Item]]] = []
    for item in listing.items:
        if item.indent == levels[0]:
            groups.append((item, []))
        elif groups:
            groups[-1][1].append(item)
    return [(owner, tuple(items)) for owner, items in groups]


def _table_lines(listing: Listing, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    """Yield entries that are a table with its columns: "Employees: ID, Name, Age"."""
    introduced = re.search(words.any("introduce", "columns"), listing.header.text, re.IGNORECASE)
    for item in listing.items:
        label, rest = parted(unmarked(item.text), words)
        if not rest or len(label.split()) > _LABEL_WORDS or introduced:
            continue
        if re.search(words.any("introduce"), label, re.IGNORECASE):
            continue
        start = item.start + max(0, item.text.find(rest[:12]))
        items = split_list(rest, start, words)
        short = [each for each in items if len(parted(each.text, words)[0].split()) <= _LABEL_WORDS]
        known = [e for e in short if is_column_name(parted(e.text, words)[0], words)]
        if len(items) >= 2 and len(short) == len(items) and len(known) >= _ATTRIBUTES * len(items):
            yield _of_table(label, item, items, listing, words, now)


def _names_columns(listing: Listing, words: Lexicon) -> bool:
    if re.search(words.any("introduce", "columns"), listing.header.text, re.IGNORECASE):
        return True
    labels = [parted(unmarked(item.text), words)[0] for item in listing.items]
    if any(re.match(r"^\W*\d", label) for label in labels):
        return False
    known = sum(is_attribute(label, words) for label in labels)
    return known >= _ATTRIBUTES * len(labels)


def _markdown_table(listing: Listing, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    rows = [[cell.strip() for cell in item.text.split("|")] for item in listing.items]
    body = [
        (row, item)
        for row, item in zip(rows, listing.items, strict=True)
        if not set("".join(row)) <= set("-: ")
    ]
    if len(body) < 2:
        return
    head = [cell.casefold() for cell in body[0][0]]
    described = any(
        cell in words.folded("columns") | {"name", "column name", "field"} for cell in head
    )
    if described:
        items = tuple(
            Item(f"{row[0]}: {'; '.join(filter(None, row[1:]))}", item.start)
            for row, item in body[1:]
        )
    else:
        items = tuple(Item(cell, body[0][1].start) for cell in body[0][0] if cell)
    yield ColumnList(columns_in(items, words, now), listing.header, listing.start, listing.end)


def _tables_in_brackets(text: str, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    """Read "Airports (city, country, IATA)": a noun with its columns in brackets."""
    for begin, end in in_brackets(text):
        before = noun_before(text, begin, words)
        items = split_list(text[begin:end], begin, words)
        if before is None or len(items) < 2:
            continue
        labels = [parted(item.text, words)[0] for item in items]
        short = all(len(label.split()) <= _LABEL_WORDS for label in labels)
        known = sum(is_column_name(label, words) for label in labels)
        digits = any(re.match(r"^[\d.\"']", label) for label in labels)
        joint = re.search(
            words.any("or", "at_least", "at_most", "after", "before", "like"),
            text[begin:end],
            re.IGNORECASE,
        )
        if short and known >= _ATTRIBUTES * len(labels) and not digits and not joint:
            columns = columns_in(items, words, now)
            keyed = any(snake(c.name) == "id" or snake(c.name).endswith("_id") for c in columns)
            whole = keyed or len(columns) >= _WHOLE
            yield ColumnList(columns, before, begin, end, before, whole=whole, marked=False)


def noun_before(text: str, bracket: int, words: Lexicon) -> Words | None:
    """Return the noun that brackets belong to: the companies that operate there (…)."""
    lead = re.search(r"[^.:;,()（）\n]*$", text[max(0, bracket - 80) : bracket - 1])
    clause = "" if lead is None else lead[0]
    start = bracket - 1 - len(clause)
    relative = re.search(words.any("relative"), clause, re.IGNORECASE)
    clause = clause[: relative.start()] if relative else clause
    found = list(re.finditer(r"[^\W\d][\w-]*", clause))
    while found and found[-1][0].casefold() in words.folded("generic") | words.folded(
        "table_words"
    ):
        found.pop()
    runs: list[list[re.Match[str]]] = [[]]
    for match in found:
        if match[0].casefold() in words.folded("stop") | words.folded("articles") | words.folded(
            "ask"
        ):
            runs.append([])
        elif match[0].casefold() not in words.folded("pale"):
            runs[-1].append(match)
    named = [run for run in runs if run and _is_noun(run, words)]
    empty = words.folded("generic") | words.folded("rows")
    runs = [each for each in runs if any(m[0].casefold() not in empty for m in each)]
    named = [each for each in named if each in runs]
    chosen = named or [each for each in runs if each] or [[]]
    at = len(chosen) - 1
    while at > 0 and chosen[at] and _hangs(clause, chosen[at][0].start(), words):
        at -= 1
    run = chosen[at][-3:]
    if not run:
        return None
    first, last = start + run[0].start(), start + run[-1].end()
    return Words(text=text[first:last], start=first, end=last)


def _hangs(clause: str, place: int, words: Lexicon) -> bool:
    """Tell whether a noun hangs on the one before it: posts by 10 authors."""
    lead = rf"(?:{words.any('hanging')})\s+(?:[\d.,]+\s+|\w+\s+){{0,2}}$"
    return re.search(lead, clause[:place], re.IGNORECASE) is not None


def _is_noun(run: list[re.Match[str]], words: Lexicon) -> bool:
    """Tell whether words end with what may be counted."""
    last = run[-1][0]
    phrase = " ".join(match[0] for match in run)
    known = is_table_word(last, words) or is_table_word(phrase, words)
    return known or (words.language == "en" and is_plural(last))


def _of_things(text: str, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    """Read "users with name, email and address": a noun whose properties follow, not things."""
    for match in re.finditer(
        rf"\s(?:{words.any('with', 'has_list')})\s+(?=\S)", text, re.IGNORECASE
    ):
        owner = noun_before(text, match.start() + 1, words)
        start = match.end()
        chain = rf"(?:{words.any('starts_with', 'ends_with')})\s*$"
        if re.search(chain, text[max(0, start - 24) : start], re.IGNORECASE):
            continue
        items = tuple(
            joined(split_list(text[start : sentence_end(text, start)], start, words), words)
        )
        if owner is None or len(items) < 2:
            continue
        spelled = [_bare(_name_in(item.text, words), words) for item in items]
        many = all(is_plural(label.split()[-1]) for label in spelled if label)
        labels = [singular_label(label, words) if many else label for label in spelled]
        tables = [is_table_word(label, words) for label in spelled]
        known = [is_attribute(label, words) and not _is_counted(label, words) for label in labels]
        strict = sum(k and not t for k, t in zip(known, tables, strict=True))
        if sum(known) <= len(items) * _ATTRIBUTES or strict <= sum(tables):
            continue
        several = sum(tables) > 0 and strict < 2
        last = max(place for place, fits in enumerate(known) if fits)
        kept = tuple(
            (_relabelled(item, words) if many else item)
            for item, label, fits in zip(items[: last + 1], spelled, known, strict=False)
            if fits or _may_be_property(label, words)
        )
        if several or not kept:
            continue
        columns = columns_in(kept, words, now)
        if columns:
            yield ColumnList(
                columns, owner, start, kept[-1].end, owner, whole=len(columns) >= 3, marked=False
            )


def _may_be_property(label: str, words: Lexicon) -> bool:
    """Tell whether an unknown phrase among properties may be one: pilot, but not 40 classes."""
    said = label.casefold().split()
    verbs = words.folded("has") | words.folded("be") | words.folded("stop")
    plain_words = 0 < len(said) <= 3 and not {said[0], said[-1]} & verbs
    return plain_words and not (is_table_word(label, words) or _is_counted(label, words))


def _is_counted(label: str, words: Lexicon) -> bool:
    """Tell whether a phrase begins with a number: one airport, 40 classes."""
    first = label.casefold().split()[:1]
    return bool(first) and (first[0][:1].isdigit() or first[0] in words.table("numbers"))


def _relabelled(item: Item, words: Lexicon) -> Item:
    """Put a property that stands in the plural into the singular: with names and emails."""
    label = _name_in(item.text, words)
    single = singular_label(label, words)
    return item if single == label else Item(item.text.replace(label, single, 1), item.start)


def singular_label(label: str, words: Lexicon) -> str:
    """Return an English label with its last word in the singular."""
    if words.language != "en" or not label:
        return label
    head, _, last = label.rpartition(" ")
    return f"{head} {one(last)}".strip() if last.islower() else label


def _introduced(text: str, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    """Read "with the following fields: a, b and c" and "columns are: a, b"."""
    colon = re.compile(
        rf"(?:{words.any('introduce')})[^.:：。\n]{{0,40}}?"
        rf"(?:[:：]|\s(?:{words.any('be')})\s*[:：]?)[ \t]*(?P<list>[^\s])",
        re.IGNORECASE,
    )
    bare = re.compile(
        rf"(?:{words.any('with')})\s*(?:\w+\s+){{0,2}}?(?:{words.any('columns')})\s+(?P<list>[^\s:：])",
        re.IGNORECASE,
    )
    for pattern in (colon, bare):
        for match in pattern.finditer(text):
            start = match.start("list")
            end = sentence_end(text, start)
            items = split_list(text[start:end], start, words)
            head = _sentence_start(text, match.start())
            header = Words(text=text[head : match.start()], start=head, end=match.start())
            if len(items) >= 2 or pattern is colon:
                yield ColumnList(columns_in(items, words, now), header, start, end)


def _after_colon(text: str, words: Lexicon, now: datetime) -> Iterator[ColumnList]:
    """Read "Guests of a hotel: nationality, first name, age": three properties or more."""
    for match in re.finditer(r"[:：][ \t]*(?=\S)", text):
        start, head = match.end(), _sentence_start(text, match.start())
        end = sentence_end(text, start)
        items = tuple(joined(split_list(text[start:end], start, words), words))
        labels = [_name_in(item.text, words) for item in items]
        known = sum(is_attribute(_bare(label, words), words) for label in labels)
        counted = sum(bool(re.match(r"^\d", label)) for label in labels)
        tables = sum(is_table_word(_bare(label, words), words) for label in labels)
        if tables * 2 > len(items) or known - tables < tables:
            continue
        if len(items) >= 3 and known >= _ATTRIBUTES * len(items) and counted < known / 2:
            header = Words(text=text[head : match.start()], start=head, end=match.start())
            yield ColumnList(columns_in(items, words, now), header, start, end)


def _name_in(text: str, words: Lexicon) -> str:
    """Return the name in an entry, cut where its type, unit or values begin."""
    label, rest = parted(text, words)
    return shortened(*united(label, rest, words), words)[0]


def _bare(label: str, words: Lexicon) -> str:
    return re.sub(rf"^(?:{words.any('articles')})\s+", "", label, flags=re.IGNORECASE)


def sentence_end(text: str, start: int) -> int:
    """Return where the sentence that goes on at ``start`` ends, brackets passed over."""
    depth = 0
    for match in re.finditer(
        r"[(（\[{]|[)）\]}]|[.!?。！？](?=\s|$)|\n", text[start : start + _NEVER_ENDS]
    ):
        if match[0] in "(（[{":
            depth += 1
        elif match[0] in ")）]}":
            depth = max(0, depth - 1)
        elif not depth or match[0] == "\n":
            return start + match.start()
    return min(len(text), start + _NEVER_ENDS)


def _sentence_start(text: str, place: int) -> int:
    last = 0
    for match in _SENTENCE_END.finditer(text, max(0, place - _NEVER_ENDS), place):
        last = match.end()
    return last

"""Words that name things with rows: those the catalogue knows, and nouns that are counted."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from dataforge.domains import named
from dataforge.parsers.prompt.attributes import is_attribute
from dataforge.parsers.prompt.lexicon import Lexicon, plain
from dataforge.parsers.prompt.listings import sentence_end
from dataforge.parsers.prompt.names import is_plural, one
from dataforge.parsers.prompt.numerals import Number, numbers_in
from dataforge.parsers.prompt.structure import split_list

_TOKEN = re.compile(r"[^\W\d_][\w'’]*(?:-[^\W\d_]\w*)*")
_LONGEST = 4
_ENDINGS = {"de": ("en", "em", "es", "er", "e", "n", "s"), "fr": ("s", "x"), "es": ("es", "s")}
_NEAR = 3
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_MEASURE = "个名条张本位件辆台家间套份种次门只座艘架部篇笔行人"

Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun at ``text[start:end]`` and the catalogue's tables that it may mean.

    ``number`` counts it; ``makes`` tells that it asks for rows rather than only speaks of them;
    ``tail`` is what follows it and says nothing more (profiles, history).
    """

    noun: str
    start: int
    end: int
    options: Options = ()
    near: Options = ()
    number: Number | None = None
    makes: bool = False
    each: bool = False
    tail: str = ""


@cache
def _known(language: str) -> tuple[Mapping[str, Options], frozenset[str]]:
    """Return the catalogue's words without case and accents, and which words they contain."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for word, pairs in named(language).items():
        found.setdefault(plain(word), {}).update(dict.fromkeys(pairs))
    table = {word: tuple(pairs) for word, pairs in found.items()}
    return table, frozenset(part for word in table for part in re.split(r"[\s-]+", word))


def mentions_in(
    text: str, words: Lexicon, skip: tuple[tuple[int, int], ...]
) -> tuple[Mention, ...]:
    """Return what a text speaks of, in order, outside the places to ``skip``."""
    numbers = numbers_in(text, words.language)
    found = list(_from_catalogue(text, words))
    found = _widened(text, words, found, skip)
    found += _listed_things(text, words, found, skip)
    found = [_with_near(each, words) for each in found if not _inside(each.start, skip)]
    found.sort(key=lambda each: each.start)
    found = [_counted(each, text, numbers, words) for each in found]
    taken = {each.number.start for each in found if each.number is not None}
    places = [(each.start, each.end) for each in found]
    for number in numbers:
        if number.start in taken or _inside(number.start, skip):
            continue
        noun = _noun_after(text, number, words)
        if noun is not None and not any(s < noun.end and noun.start < e for s, e in places):
            found.append(noun)
    return tuple(sorted(found, key=lambda each: each.start))


def _with_near(mention: Mention, words: Lexicon) -> Mention:
    """Add the tables that words of like meaning name: a purchase is near an order."""
    if words.language != "en":
        return mention
    table, _ = _known(words.language)
    last = one(mention.noun.split()[-1])
    whole = " ".join([*mention.noun.casefold().split()[:-1], last])
    synonyms = words.table("synonyms")
    alike = (*synonyms.get(whole, ()), *(synonyms.get(last, ()) if whole != last else ()))
    near = [pair for word in alike for pair in table.get(word, ())]
    return replace(mention, near=tuple(dict.fromkeys((*near, *mention.near))))


def _listed_things(
    text: str, words: Lexicon, known: list[Mention], skip: tuple[tuple[int, int], ...]
) -> list[Mention]:
    """Return nouns that stand in an enumeration of things: buildings, apartments, tenants."""
    found: list[Mention] = []
    opener = (
        rf"(?:[:：]|\s(?:{words.any('with', 'between_things')}))\s+(?=\S)"
        if words.spaced
        else r"[:：]|包括|包含|有"
    )
    for match in re.finditer(opener, text, re.IGNORECASE):
        if _inside(match.end(), skip):
            continue
        end = sentence_end(text, match.end())
        items = split_list(text[match.end() : end], match.end(), words)
        fits = [_thing_in(item.text, item.start, words) for item in items]
        spoken = [any(item.start <= m.start < item.end for m in known) for item in items]
        things = sum(1 for fit, said in zip(fits, spoken, strict=True) if fit or said)
        if len(items) < 2 or things < len(items) * 0.6:
            continue
        found += [
            fit for fit, said in zip(fits, spoken, strict=True) if fit is not None and not said
        ]
    return found


def _widened(
    text: str, words: Lexicon, known: list[Mention], skip: tuple[tuple[int, int], ...]
) -> list[Mention]:
    """Let a noun at the end of an entry have the word before it: scan events are no events."""
    if words.language != "en":
        return known
    wide = re.compile(
        rf"(?:[:,]|{words.any('and')})\s+(?P<noun>[^\W\d]\w*\s[^\W\d]\w*)\s*(?=[.,;:(]|$|\s(?:{words.any('and')})|\n)",
        re.IGNORECASE,
    )
    spans = {}
    for match in wide.finditer(text):
        first = match["noun"].split()[0].casefold()
        pale = (
            words.folded("pale")
            | words.folded("articles")
            | words.folded("stop")
            | words.folded("has")
        )
        if match["noun"].split()[-1].casefold() in words.folded("generic") | words.folded("tails"):
            continue
        if first not in pale | words.folded("ask") | words.folded("each") and not first.isdigit():
            spans[match.end("noun")] = match.start("noun")
    out = []
    for mention in known:
        start = spans.get(mention.end)
        if start is None or start >= mention.start or mention.number is not None:
            out.append(mention)
            continue
        noun = text[start : mention.end]
        out = [each for each in out if each.end <= start]
        out.append(Mention(noun, start, mention.end, near=mention.options, makes=mention.makes))
    return out


def _thing_in(text: str, start: int, words: Lexicon) -> Mention | None:
    """Return the noun of an entry: a plural of three words at most, brackets left out."""
    body = re.split(r"\s*[(（\[]", text, maxsplit=1)[0].strip()
    run = list(_TOKEN.finditer(body))
    while run and run[0][0].casefold() in words.folded("articles") | words.folded("pale"):
        run.pop(0)
    much = False
    while len(run) > 1 and run[-1][0].casefold() in words.folded("generic"):
        run.pop()
        much = True
    if not run or len(run) > 3 or run[0].start() > 12 or re.match(r"^\d", body):
        return None
    if any(each[0].casefold() in words.folded("stop") | words.folded("has") for each in run):
        return None
    last = run[-1][0]
    plural = is_plural(last) if words.language == "en" else last[:1].isupper() or last.endswith("s")
    first, end = run[0].start(), run[-1].end()
    if not much and (not plural or is_attribute(body[first:], words)):
        return None
    return Mention(
        body[first:end], start + first, start + end, makes=True, tail="data" if much else ""
    )


def _inside(place: int, skip: tuple[tuple[int, int], ...]) -> bool:
    at = bisect_left(skip, (place + 1,)) - 1
    return at >= 0 and skip[at][0] <= place < skip[at][1]


def _from_catalogue(text: str, words: Lexicon) -> Iterator[Mention]:
    if not words.spaced:
        yield from _unspaced(text, words)
        return
    table, parts = _known(words.language)
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        size, options = _longest(text, tokens, at, table, parts, words)
        if not size:
            at += 1
            continue
        start, end = tokens[at].start(), tokens[at + size - 1].end()
        following = tokens[at + size] if at + size < len(tokens) else None
        mention = _mention(text, start, end, options, following, words)
        if mention is not None:
            yield mention
        at += size


def _longest(
    text: str,
    tokens: list[re.Match[str]],
    at: int,
    table: Mapping[str, Options],
    parts: frozenset[str],
    words: Lexicon,
) -> tuple[int, Options]:
    for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
        run = tokens[at : at + size]
        if any(
            text[a.end() : b.start()] not in {" ", "-", "\u00a0"}
            for a, b in itertools.pairwise(run)
        ):
            continue
        for phrase in _forms([token[0] for token in run], words):
            if phrase in table:
                return size, table[phrase]
    return 0, ()


def _forms(run: list[str], words: Lexicon) -> Iterator[str]:
    """Yield a phrase as the catalogue may have it: its last word in the singular."""
    head = [plain(word) for word in run]
    yield " ".join(head)
    if words.language == "en":
        yield " ".join([*head[:-1], one(head[-1])])
        return
    last = head[-1]
    for ending in _ENDINGS.get(words.language, ("s",)):
        if last.endswith(ending) and len(last) - len(ending) > 3:
            yield " ".join([*head[:-1], last.removesuffix(ending)])


def _mention(
    text: str,
    start: int,
    end: int,
    options: Options,
    following: re.Match[str] | None,
    words: Lexicon,
) -> Mention | None:
    noun, tail = text[start:end], ""
    if noun.casefold() in words.folded("generic") | words.folded("rows") | words.folded("pale"):
        return None
    near = following is not None and text[end : following.start()] in {" ", "\u00a0"}
    after = following[0].casefold() if near and following is not None else ""
    if words.language != "en":
        lead = text[max(0, start - 12) : start].casefold().split()
        single = bool(lead) and lead[-1] in words.folded("indefinite")
        return Mention(noun, start, end, options, makes=not single)
    shared = re.match(_shared_tail(words), text[end : end + 60], re.IGNORECASE)
    if after in words.folded("generic") | words.folded("tails"):
        tail = after
    elif shared:
        tail = shared["tail"]
    plural = is_plural(noun.split()[-1].split("-")[-1]) or bool(tail)
    lead = text[max(0, start - 16) : start].casefold().split()
    each = bool(lead) and lead[-1] in words.folded("each") | {"one", "single"}
    if tail and not is_plural(noun.split()[-1]) and _is_compound(lead, words):
        return None  # a part of a longer noun: call center data
    if (
        not each
        and not plural
        and after
        and after not in words.folded("stop") | words.folded("has")
    ):
        return None  # it only says which: customer id, product name
    return Mention(noun, start, end, options, makes=plural or each, each=each, tail=tail)


def _is_compound(lead: list[str], words: Lexicon) -> bool:
    """Tell whether the word before a noun belongs to it."""
    if not lead or not lead[-1].isalpha():
        return False
    keys = ("stop", "articles", "pale", "ask", "each", "generic", "of", "with", "and", "or", "has")
    return not any(lead[-1] in words.folded(key) for key in keys)


@cache
def _shared_tail(words: Lexicon) -> str:
    """Return a pattern for what two nouns share: customer and product records."""
    return rf"\s*(?:,|{words.any('and', 'or')})\s+\w+\s+(?P<tail>{words.any('generic', 'tails')})"


def _unspaced(text: str, words: Lexicon) -> Iterator[Mention]:
    table, _ = _known(words.language)
    longest = max((len(word) for word in table), default=0)
    for run in _HAN.finditer(text):
        at = run.start()
        while at < run.end():
            sizes = range(min(longest, run.end() - at), 0, -1)
            size = next((n for n in sizes if text[at : at + n] in table), 0)
            single = size == 1 and not (at and text[at - 1] in _MEASURE)
            if size and not single:
                yield Mention(
                    text[at : at + size], at, at + size, table[text[at : at + size]], makes=True
                )
            at += size or 1


def _counted(mention: Mention, text: str, numbers: tuple[Number, ...], words: Lexicon) -> Mention:
    """Give a mention the number that stands just before it."""
    before = [each for each in numbers if each.end <= mention.start]
    if not before:
        return mention
    number = before[-1]
    between = text[number.end : mention.start]
    if words.spaced:
        middle = between.casefold().split()
        stops = (words.folded("stop") | words.folded("has")) - words.folded("of")
        fits = len(middle) <= _NEAR and not re.search(r"[^\w\s'’-]", between)
        fits = (
            fits
            and not any(word in stops for word in middle)
            and between[:1] in {" ", "\u00a0", "-"}
        )
        units = frozenset(words.table("units"))
        fits = fits and not (middle and middle[0] in units | words.folded("table_words"))
    else:
        fits = len(between) <= 2 and all(char in _MEASURE for char in between.strip())
    return replace(mention, number=number, makes=True) if fits else mention


def _noun_after(text: str, number: Number, words: Lexicon) -> Mention | None:
    """Return the noun that a number counts, where the catalogue has no word for it."""
    if not words.spaced:
        match = re.compile(
            rf"[{_MEASURE}]([\u4e00-\u9fff]{{2,4}}?)(?=[,，、。和及与的 ]|$|每|有)"
        ).match(text, number.end)
        if match is None:
            return None
        return Mention(match[1], match.start(1), match.end(1), number=number, makes=True)
    place, run = number.end, list[re.Match[str]]()
    while len(run) < _LONGEST:
        match = re.compile(rf"[ \u00a0]+(?:(?:{words.any('of')})\s+)?({_TOKEN.pattern})").match(
            text, place
        )
        if match is None or _ends_noun(match[1], words):
            break
        place = match.end()
        if not run and match[1].casefold() in words.folded("pale"):
            continue
        run.append(match)
        if _is_head(match[1], run, words):
            break
    run = run if words.language != "en" else _to_plural(run)
    while (
        run
        and run[-1][1].casefold() in words.folded("generic") | words.folded("rows")
        and len(run) > 1
    ):
        run.pop()
    if not run or run[0][1].casefold() in _no_nouns(words):
        return None
    start, end = run[0].start(1), run[-1].end(1)
    return Mention(text[start:end], start, end, number=number, makes=True)


def _to_plural(run: list[re.Match[str]]) -> list[re.Match[str]]:
    heads = [n for n, each in enumerate(run) if is_plural(each[1])]
    return run[: heads[-1] + 1] if heads else run[:1]


def _is_head(word: str, run: list[re.Match[str]], words: Lexicon) -> bool:
    if words.language == "en":
        return False
    return words.language != "de" or word[:1].isupper()


def _ends_noun(word: str, words: Lexicon) -> bool:
    low = word.casefold()
    return low in words.folded("stop") or low in words.folded("has") or low in words.folded("be")


@cache
def _no_nouns(words: Lexicon) -> frozenset[str]:
    """Return words after a number that are counted but are no things with rows."""
    keys = (
        "generic",
        "rows",
        "columns",
        "table_words",
        "levels",
        "measure_units",
        "percent",
        "stop",
        "states_said",
    )
    units = frozenset(words.table("units"))
    months = frozenset(words.table("months"))
    return units | months | frozenset().union(*(words.folded(key) for key in keys))

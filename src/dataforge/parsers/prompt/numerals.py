"""Counts in digits and in words: 5,000, 1.5k, two dozen, zweihundert, 一万."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dataforge.parsers.prompt.lexicon import Lexicon, lexicon, one_of

_DIGITS = re.compile(
    r"(?<![\w.,/:#])(?<![A-Za-z]-)(?:"
    r"(?P<grouped>\d{1,3}(?:[,.'’\u00a0\u202f ]\d{3})+)(?P<cents>[.,]\d{1,2})?(?![\d])"
    r"|(?P<plain>\d+(?:[.,]\d+)?))"
)
_HAN_NUMBER = re.compile(
    r"(?:\d+(?:\.\d+)?\s*)?[零〇一二两三四五六七八九十百千万亿]+|\d+(?:\.\d+)?"
)
_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_MYRIAD = 10_000
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``text[start:end]``; ``spelled`` tells that it stands there in words."""

    value: float
    start: int
    end: int
    spelled: bool = False


def numbers_in(text: str, language: str) -> tuple[Number, ...]:
    """Return the numbers of a text in order, none within another."""
    if language == "zh":
        return tuple(_han(text))
    words = lexicon(language)
    found = [*_digits(text, words), *_spelled(text, words)]
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[Number] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return tuple(kept)


def _digits(text: str, words: Lexicon) -> list[Number]:
    scales = words.table("scales")
    tail = re.compile(r"\s?(" + _alternatives(scales) + r")(?!\w)", re.IGNORECASE)
    found = []
    for match in _DIGITS.finditer(text):
        value = _value(match, words.language)
        end = match.end()
        if end < len(text) and (text[end].isalpha() or text[end] == "_"):
            after = tail.match(text, end)
            if after is None:
                continue
        after = tail.match(text, end)
        if after is not None and not (after[1].casefold() == "m" and after[0][0].isspace()):
            value, end = value * float(scales[after[1].casefold()]), after.end()
        found.append(Number(value, match.start(), end))
    return found


def _value(match: re.Match[str], language: str) -> float:
    if match["grouped"] is None:
        return float(match["plain"].replace(",", "."))
    text = match["grouped"]
    english_point = language == "en" and "." in text and "," not in text
    if english_point and text.count(".") == 1:
        return float(text)
    digits = re.sub(r"\D", "", text)
    return float(digits + (match["cents"] or "").replace(",", "."))


def _alternatives(table: object) -> str:
    words = sorted((str(word) for word in table), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(word) for word in words) or r"(?!)"


def _spelled(text: str, words: Lexicon) -> list[Number]:
    """Add up runs of number words: two hundred and fifty is 2 · 100 + 50."""
    found: list[Number] = []
    run: list[re.Match[str]] = []
    for match in _number_word(words.language).finditer(text):
        if run and text[run[-1].end() : match.start()].strip(" -\u00a0") not in _glue(words):
            found += _total(run, words)
            run = []
        run.append(match)
    return found + (_total(run, words) if run else [])


@cache
def _glue(words_: Lexicon | str) -> frozenset[str]:
    words = words_ if isinstance(words_, Lexicon) else lexicon(words_)
    return words.folded("number_glue") | {""}


@cache
def _number_word(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    listed = one_of((*words.words("numbers"), *words.words("scales"), *words.words("vague")))
    if language == "de":
        parts = "|".join(
            sorted(
                (*words.words("numbers"), "ein", "und", "hundert", "tausend"), key=len, reverse=True
            )
        )
        listed = rf"(?:{listed}|\b(?:{parts}){{2,9}}\b)"
    return re.compile(listed, re.IGNORECASE)


def _total(run: list[re.Match[str]], words: Lexicon) -> list[Number]:
    numbers, scales, vague = (words.table(key) for key in ("numbers", "scales", "vague"))
    total, current, seen = 0.0, 0.0, False
    for match in run:
        word = re.sub(r"\s+", " ", match[0].casefold())
        if word in vague:
            if not vague[word]:
                return []
            return [
                Number(
                    float(vague[word]) * (current or 1), run[0].start(), match.end(), spelled=True
                )
            ]
        if word in numbers:
            current += float(numbers[word])
        elif word in scales:
            scale = float(scales[word])
            current = (current or 1) * scale
            if scale >= 1000:
                total, current = total + current, 0.0
        else:
            current += _compound(word, words)
        seen = True
    if not seen:
        return []
    return [Number(total + current, run[0].start(), run[-1].end(), spelled=True)]


def _compound(word: str, words: Lexicon) -> float:
    """Return a German compound: zweihundertfünfzig, einundzwanzig, dreitausend."""
    numbers = words.table("numbers")
    total = current = 0.0
    at = 0
    while at < len(word):
        for size in range(min(len(word) - at, _LONGEST), 0, -1):
            part = word[at : at + size]
            if part in numbers:
                current += float(numbers[part])
            elif part == "ein":
                current += 1
            elif part == "hundert":
                current = (current or 1) * 100
            elif part == "tausend":
                total, current = total + (current or 1) * 1000, 0.0
            elif part != "und":
                continue
            at += size
            break
        else:
            return 0.0
    return total + current


def _han(text: str) -> list[Number]:
    found = []
    for match in _HAN_NUMBER.finditer(text):
        value = _han_value(match[0])
        if value is not None:
            spelled = not match[0][0].isdigit()
            found.append(Number(value, match.start(), match.end(), spelled=spelled))
    return found


def _han_value(text: str) -> float | None:
    digits = re.match(r"\d+(?:\.\d+)?", text)
    section = float(digits[0]) if digits else 0.0
    total = digit = 0.0
    if digits:
        digit, section = section, 0.0
    for char in text[digits.end() if digits else 0 :].strip():
        if char in _HAN_DIGITS:
            digit = float(_HAN_DIGITS[char])
            continue
        unit = _HAN_UNITS[char]
        if unit >= _MYRIAD:
            total += (section + digit or 1) * unit
            section = digit = 0.0
        else:
            section += (digit or 1) * unit
            digit = 0.0
    return total + section + digit

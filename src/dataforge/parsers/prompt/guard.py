"""Requests that nothing may or can be made of, and instructions that are only data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dataforge.parsers.prompt.lexicon import commonest, lexicon

MOST_READ = 20_000
_LETTER_SHARE = 0.4
_MANY_WORDS = 150
_COMMON_SHARE = 0.03
_WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff]")
_VOWEL = re.compile(r"[aeiouyáéíóúàèìòùâêîôûäöüãõåæø]", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n。！？]+[.!?\n。！？]?")


@dataclass(frozen=True, slots=True)
class Guarded:
    """The text with what is no wish blanked out (places kept), or the reason for refusing it."""

    text: str
    refused: str | None = None
    notes: tuple[str, ...] = ()


def guarded(text: str, language: str) -> Guarded:
    """Return what of a request may be read.

    A sentence that would harm the machine, or that speaks to a reader of instructions, is passed
    over and told; a request of nothing else is refused.
    """
    notes: list[str] = []
    if len(text) > MOST_READ:
        notes.append(f"only the first {MOST_READ:,} of {len(text):,} characters were read")
    body = text[:MOST_READ]
    if not body.strip():
        return Guarded(body, "the request is empty; say what the data should be about")
    if _is_noise(body):
        return Guarded(
            body,
            "the request holds no words that name data; say for example "
            "'1,000 customers with name, email and city, and their orders'",
        )
    return _without_harm(body, language, notes)


def _without_harm(body: str, language: str, notes: list[str]) -> Guarded:
    kept, harmed, spoken_to = list(body), 0, 0
    harm, inject = _patterns(language, "harm"), _patterns(language, "inject")
    for match in _SENTENCE.finditer(body):
        sentence = match[0]
        if harm is not None and harm.search(sentence):
            harmed += 1
        elif inject is not None and inject.search(sentence):
            spoken_to += 1
        else:
            continue
        kept[match.start() : match.end()] = " " * len(sentence)
    rest = "".join(kept)
    if harmed:
        notes.append(
            "a sentence asks for an action on the machine; this tool only describes and "
            "makes data, so it was passed over"
        )
    if spoken_to:
        notes.append(
            "a sentence speaks to the reader of the request instead of describing data; "
            "it was passed over"
        )
    if (harmed or spoken_to) and not _WORD.search(rest):
        return Guarded(
            rest,
            "the request asks for an action on the machine or its reader, not for "
            "data; nothing was done",
            tuple(notes),
        )
    return Guarded(rest, None, tuple(notes))


def _patterns(language: str, key: str) -> re.Pattern[str] | None:
    listed = (
        *lexicon("en").words(key),
        *(lexicon(language).words(key) if language != "en" else ()),
    )
    return re.compile("|".join(f"(?:{each})" for each in listed), re.IGNORECASE) if listed else None


def _is_noise(body: str) -> bool:
    """Tell whether hardly any of a text can be words: letters are few, or have no vowels."""
    solid = re.sub(r"\s", "", body)
    words = _WORD.findall(body)
    letters = sum(len(word) for word in words)
    if not words or letters < _LETTER_SHARE * len(solid):
        return True
    readable = [w for w in words if (_VOWEL.search(w) and len(w) <= 30) or not w.isascii()]
    known = frozenset[str]().union(*commonest().values())
    common = sum(word.casefold() in known for word in words if len(word) > 1) / len(words)
    strange = len(words) > _MANY_WORDS and common < _COMMON_SHARE and not _has_han(body)
    return len(readable) < 0.5 * len(words) or strange


def _has_han(body: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", body))

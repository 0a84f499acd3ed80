"""Defaults of the source: what most rows of a small column hold."""

from __future__ import annotations

import re

from dataforge.corpora import Vocabulary, vocabulary
from dataforge.corpora.fallbacks import HOME
from dataforge.corpora.terms import in_english
from dataforge.parsers.meaning.forms import CHOICES
from dataforge.schema import (
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    Column,
    EnumType,
    RecordSpec,
    Scalar,
    Spec,
    StringType,
    TextType,
    VocabularySpec,
)

USUAL_SHARE = 0.85
_LITERAL = re.compile(r"^\(*\s*(?:[NnBb]|_\w+\s*)?'((?:[^']|'')*)'(?:::[\w .\"()]+)?\s*\)*$")
_NUMBER = re.compile(r"^\(*\s*(-?\d+(?:\.\d+)?)\s*\)*$")
_WORDS = {"true": True, "false": False, "t": True, "f": False, "y": True, "n": False}
_FEW = 15
_LONGEST = 24


def with_default(
    column: Column, spec: Spec | None, listed: tuple[str, ...], locale: str
) -> Spec | None:
    """Return the spec with the column's default as its most frequent value, where it has few.

    ``listed`` are the strings that a rule restricts the column to. A default that is computed
    (CURRENT_TIMESTAMP, a sequence), empty or of an open set changes nothing.
    """
    text = _literal(column.default)
    if text is None or (isinstance(spec, RecordSpec) and spec.labels):
        return spec
    if isinstance(column.type, BooleanType):
        return _boolean(spec, text)
    if isinstance(column.type, EnumType):
        if text not in column.type.values or column.type.multiple:
            return spec
        return _led(CategoricalSpec(values=column.type.values), text, add=False)
    if isinstance(column.type, StringType | TextType):
        return _string(spec, text, listed, locale)
    if isinstance(spec, CategoricalSpec) and all(isinstance(v, int) for v in spec.values):
        return _led(spec, int(float(text)) if _NUMBER.match(text) else text, add=False)
    return spec


def _literal(default: str | None) -> str | None:
    text = (default or "").strip()
    for pattern in (_LITERAL, _NUMBER):
        found = pattern.match(text)
        if found:
            return found[1].replace("''", "'") or None
    return text if text.lower() in _WORDS else None


def _boolean(spec: Spec | None, text: str) -> Spec | None:
    value = _WORDS.get(text.lower(), {"1": True, "0": False}.get(text))
    share = spec.true_share if isinstance(spec, BooleanSpec) else USUAL_SHARE
    if value is None or not isinstance(spec, BooleanSpec | None):
        return spec
    return BooleanSpec(true_share=max(share, 1 - share) if value else min(share, 1 - share))


def _string(spec: Spec | None, text: str, listed: tuple[str, ...], locale: str) -> Spec | None:
    if text in listed:
        return _led(CategoricalSpec(values=listed), text, add=False)
    if listed or len(text) > _LONGEST:
        return spec
    if isinstance(spec, VocabularySpec):
        entries = _entries(spec.vocabulary, locale, text)
        if len(entries) > _FEW:
            return spec
        weights = None if entries.weights is None else tuple(entries.weights.tolist())
        values: tuple[Scalar, ...] = tuple(entries.values.to_pylist())
        return _led(CategoricalSpec(values=values, weights=weights), text, add=True)
    if not isinstance(spec, CategoricalSpec):
        return spec
    return _led(_spoken_as(text, spec, locale), text, add=True)


def _spoken_as(value: str, spec: CategoricalSpec, locale: str) -> CategoricalSpec:
    """Return the choice in English where ``value`` is one of its English words."""
    texts = [str(each) for each in spec.values]
    english = in_english(locale, CHOICES, texts)
    if value in texts or value.casefold() not in {word.casefold() for word in english}:
        return spec
    return spec.model_copy(update={"values": tuple(english)})


def _entries(name: str, locale: str, value: str) -> Vocabulary:
    """Return the words of the locale, or the English ones where ``value`` is one of those."""
    own, english = vocabulary(name, locale), vocabulary(name, HOME)
    spoken = {word.casefold().replace(" ", "_") for word in english.values.to_pylist()}
    said = value.casefold().replace(" ", "_")
    return english if said in spoken and value not in own.values.to_pylist() else own


def _led(spec: CategoricalSpec, value: Scalar, *, add: bool) -> CategoricalSpec:
    """Move the greatest weight to ``value``, which is added where the list lacks it."""
    values = list(spec.values)
    weights = list(spec.weights or (1.0,) * len(values))
    if value not in values:
        if not add:
            return spec
        values = _in_case_of(value, values)
    if value not in values:
        values.append(value)
        weights.append(0.0)
    at, top = values.index(value), weights.index(max(weights))
    weights[at], weights[top] = weights[top], weights[at] or min(w for w in weights if w > 0)
    if max(weights) == min(weights) and len(weights) > 1:
        weights[at] = float(len(weights))
    return CategoricalSpec(values=tuple(values), weights=tuple(weights))


def _in_case_of(value: Scalar, values: list[Scalar]) -> list[Scalar]:
    """Write the values as the default is written: Draft, Shipped; DRAFT, SHIPPED."""
    if not isinstance(value, str) or not all(isinstance(each, str) for each in values):
        return values
    texts = [str(each) for each in values]
    if value.isupper():
        return [text.upper().replace(" ", "_" if "_" in value else " ") for text in texts]
    return [text.capitalize() for text in texts] if value[:1].isupper() else list(texts)

"""How family names are borne: one or two, by sex, before or after the given name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dataforge.engine.generators.records import identity
from dataforge.engine.generators.records.fields import Part
from dataforge.engine.generators.records.identity import FamilyCodes

# Where the family name comes first, and what stands before the given name.
FAMILY_FIRST = {"ja_JP": " ", "ko_KR": "", "zh_CN": ""}
# Words before a Dutch name that a sorted list puts behind the given name: ``Berg, Jan van den``.
_PREFIXES = ("van den ", "van der ", "van de ", "van ", "de ", "ten ", "ter ", "El ")
# The share of Brazilians who bear their mother's name before their father's.
_BOTH_NAMES = 0.55


def primary(locale: str) -> Part:
    """Return the name that a person goes by: the father's where there are two."""
    return Part(identity.last_names(locale), FamilyCodes.of(locale))


def surname(locale: str) -> tuple[Part, ...]:
    """Return the parts of the whole family name."""
    names = identity.last_names(locale)
    mother = FamilyCodes.of(locale, "mother")
    if locale == "es_ES":
        return primary(locale), Part([f" {name}" for name in names], mother)
    if locale == "pt_BR":
        often = _often(mother, len(names))
        return Part([*(f"{name} " for name in names), ""], often), primary(locale)
    return (primary(locale),)


def _often(codes: FamilyCodes, without: int) -> FamilyCodes:
    """Return codes of which some are ``without``, spread over all entries."""
    at = np.arange(len(codes.table))
    borne = (at * 0.6180339887) % 1 < _BOTH_NAMES
    table = np.where(borne, codes.table, without).astype(np.int32)
    return replace(codes, table=table)


def sorted_surname(locale: str, comma: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return what stands before and after the given name in a list sorted by family name."""
    if locale != "nl_NL":
        whole = surname(locale)
        return (*whole[:-1], _ended(whole[-1], comma)), ()
    names = identity.last_names(locale)
    prefixes = [next((p for p in _PREFIXES if name.startswith(p)), "") for name in names]
    heads = [f"{n[len(p) :]}{comma}" for n, p in zip(names, prefixes, strict=True)]
    tails = [f" {prefix.strip()}" if prefix else "" for prefix in prefixes]
    codes = FamilyCodes.of(locale)
    return (Part(heads, codes),), (Part(tails, codes),)


def _ended(part: Part, end: str) -> Part:
    return Part([f"{value}{end}" for value in part.values.to_pylist()], part.codes)

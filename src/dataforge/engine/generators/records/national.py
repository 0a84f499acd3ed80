"""The number that a state knows a person by, in agreement with birthday, sex and name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records import identity
from dataforge.engine.generators.records import national_schemes as schemes
from dataforge.engine.generators.records.fields import Draw, Made, Ranked, Text
from dataforge.engine.generators.records.national_schemes import Bearer, Write
from dataforge.engine.generators.records.schemes import shaped
from dataforge.streams import IntArray

_FIRST_BIRTH = np.datetime64("1936-01-01", "D")
# How many pairs of birth and sex there are from then to 2007, of each precision.
_BIRTHS = {"": 1, "D": 2 * 26_000, "M": 2 * 854}
_NAME_PLACES = 100
_VOWELS = "AEIOU"
_NOBODY = Bearer(np.zeros(0, dtype="datetime64[D]"), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class National:
    """``free`` numbers for each bearer; some tell sex and birth, ``by`` the day or the month.

    ``shapes`` hold a ``#`` for each character, longest first.
    """

    free: int
    write: Write
    shapes: tuple[str, ...]
    by: Literal["", "D", "M"] = ""


NATIONAL = {
    "en_US": National(10**8, schemes.american, ("###-##-####", "#########")),
    "en_GB": National(4 * 10**6, schemes.british, ("## ## ## ## #", "#########")),
    "de_DE": National(45 * 9 * 362_880, schemes.german, ("## ### ### ###", "###########")),
    "fr_FR": National(
        998_001, schemes.french, ("# ## ## ## ### ### ##", "###############"), by="M"
    ),
    "es_ES": National(5 * 10**6, schemes.spanish, ("#########",)),
    "it_IT": National(
        _NAME_PLACES * 14**6, schemes.italian_consonants, ("################",), by="D"
    ),
    "pt_BR": National(9 * 10**8 - 1, schemes.brazilian, ("###.###.###-##", "###########")),
    "nl_NL": National(9 * 10**6, schemes.dutch, ("#########",)),
    "pl_PL": National(5000, schemes.polish, ("###########",), by="D"),
    "sv_SE": National(10, schemes.swedish, ("######-####", "##########"), by="D"),
    "tr_TR": National(9 * 10**8, schemes.turkish, ("###########",)),
    "ja_JP": National(9 * 10**10, schemes.japanese, ("#### #### ####", "############")),
    "zh_CN": National(5000, schemes.chinese, ("##################",), by="D"),
    "ko_KR": National(96_000, schemes.korean, ("######-#######", "#############"), by="D"),
    "hi_IN": National(200 * 10**8, schemes.indian, ("#### #### ####", "############")),
    "ar_SA": National(10**8, schemes.saudi, ("##########",)),
}


def national_id(locale: str) -> Text:
    """The number, written as usual; bare where the column is narrow."""
    scheme = NATIONAL[locale]
    values = _of_names(locale) if locale == "it_IT" else _of_number(scheme, locale)

    def made(shape: str) -> Made:
        return Made(len(shape), lambda draw: shaped(values(draw), shape))

    return Text(
        tuple(made(shape) for shape in scheme.shapes),
        unique=tuple(_ranked(scheme, shape) for shape in scheme.shapes),
    )


def _of_number(scheme: National, locale: str) -> Callable[[Draw], ByteMatrix]:
    def values(draw: Draw) -> ByteMatrix:
        bearer = _bearer(draw, locale) if scheme.by else _NOBODY
        return scheme.write(draw.below("person", "ssn", scheme.free), bearer)

    return values


def _bearer(draw: Draw, locale: str) -> Bearer:
    return Bearer(identity.birthdays(draw), identity.sexes(draw, locale).astype(np.int64))


def _ranked(scheme: National, shape: str) -> Ranked:
    """Return numbers that differ by rank, of invented bearers where they speak of one."""
    births = _BIRTHS[scheme.by]
    first = _FIRST_BIRTH.astype(f"datetime64[{scheme.by or 'D'}]")

    def decode(ranks: IntArray) -> pa.Array:
        number, rest = np.divmod(ranks, births)
        birth, man = np.divmod(rest, 2)
        born = (first + birth).astype("datetime64[D]")
        return shaped(scheme.write(number, Bearer(born, man)), shape)

    return Ranked(len(shape), scheme.free * births, decode)


def _of_names(locale: str) -> Callable[[Draw], ByteMatrix]:
    given = _values(name_letters(each, given=True) for each in identity.first_readings(locale))
    family = _values(name_letters(each, given=False) for each in identity.last_readings(locale))
    first, last = identity.GivenCodes.of(locale), identity.FamilyCodes.of(locale)

    def values(draw: Draw) -> ByteMatrix:
        letters = np.hstack([family[last(draw)], given[first(draw)]])
        place = draw.below("person", "ssn", _NAME_PLACES)
        return schemes.italian(letters, place, _bearer(draw, locale))

    return values


def _values(codes: Iterable[str]) -> ByteMatrix:
    return np.array([[int(letter, 36) for letter in code] for code in codes], dtype=np.uint8)


def name_letters(reading: str, *, given: bool) -> str:
    """Return the consonants, then the vowels, then X; of four consonants not the second."""
    letters = reading.upper()
    consonants = [letter for letter in letters if letter not in _VOWELS]
    if given and len(consonants) > 3:
        del consonants[1]
    vowels = [letter for letter in letters if letter in _VOWELS]
    return "".join([*consonants, *vowels, *"XXX"][:3])

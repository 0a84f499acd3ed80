"""People: names that go with a gender, and birthdays that go with an age."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import slot_table, vocabulary
from dataforge.engine.generators.records.fields import (
    Codes,
    Day,
    Draw,
    MakeField,
    Number,
    Part,
    Slots,
    Text,
    coded,
    joined,
)
from dataforge.streams import FloatArray

GENDERS = ("Female", "Male", "Non-binary")
GENDER_SHARES = (0.5, 0.49, 0.01)
TITLES = {"Female": ("Ms.", "Ms.", "Mrs.", "Dr."), "Male": ("Mr.", "Mr.", "Mr.", "Dr.")}
AGE_QUANTILES = (18, 22, 26, 31, 35, 40, 45, 51, 58, 67, 90)


@cache
def _people(locale: str) -> tuple[tuple[str, ...], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the first names, and the name and gender at each slot."""
    female, male = (vocabulary(f"first_name_{sex}", locale) for sex in ("female", "male"))
    sources = ((female, 0), (male, 1), (female, 2), (male, 2))
    shares = (GENDER_SHARES[0], GENDER_SHARES[1], GENDER_SHARES[2] / 2, GENDER_SHARES[2] / 2)
    names, genders, weights = [], [], []
    for (source, gender), share in zip(sources, shares, strict=True):
        names += source.values.to_pylist()
        genders += [gender] * len(source)
        weights.append(np.diff(source.cumulative, prepend=0) * share)
    distinct = {name: at for at, name in enumerate(dict.fromkeys(names))}
    slots = slot_table(len(names), np.concatenate(weights))
    codes = np.array([distinct[name] for name in names], dtype=np.int32)
    return tuple(distinct), codes[slots], np.array(genders, dtype=np.int32)[slots]


def first_names(locale: str) -> list[str]:
    """Return the given names that ``first_codes`` choose from."""
    return list(_people(locale)[0])


def last_names(locale: str) -> list[str]:
    """Return the family names that ``last_codes`` choose from."""
    return list(vocabulary("last_name", locale).values.to_pylist())


def first_codes(locale: str, purpose: str = "first") -> Slots:
    """Return the codes of given names under a draw of that purpose."""
    return Slots("person", purpose, _people(locale)[1])


def last_codes(locale: str) -> Slots:
    """Return the codes of family names."""
    return Slots("person", "last", vocabulary("last_name", locale).slots)


def first_name(locale: str) -> Text:
    """Given names by frequency."""
    return coded(first_codes(locale), first_names(locale))


def last_name(locale: str) -> Text:
    """Family names by frequency."""
    return coded(last_codes(locale), last_names(locale))


def middle_name(locale: str) -> Text:
    """Given names again, from another draw; an initial where the column is narrow."""
    names = first_names(locale)
    return coded(
        first_codes(locale, "middle"), names, [f"{n[0]}." for n in names], [n[0] for n in names]
    )


def middle_initial(locale: str) -> Text:
    """The first letter of the middle name."""
    return coded(first_codes(locale, "middle"), [name[0] for name in first_names(locale)])


def initials(locale: str) -> Text:
    """First letters of first and last name."""
    firsts, lasts = (
        [name[0] for name in names] for names in (first_names(locale), last_names(locale))
    )
    return Text((joined(Part(firsts, first_codes(locale)), Part(lasts, last_codes(locale))),))


def full_name(locale: str) -> Text:
    """First and last name; the first as an initial, or not at all, where the column is narrow."""
    names, lasts = first_names(locale), last_names(locale)
    last = Part(lasts, last_codes(locale))
    spaced = Part([f"{name} " for name in names], first_codes(locale))
    initial = Part([f"{name[0]}. " for name in names], first_codes(locale))
    letters = pa.array(["", *(f"{chr(65 + at)}. " for at in range(26))])
    unique = (pa.array([f"{name} " for name in names]), letters, pa.array(lasts))
    return Text((joined(spaced, last), joined(initial, last), joined(last)), unique=(unique,))


def name_last_first(locale: str) -> Text:
    """``Last, First``."""
    last = Part([f"{name}, " for name in last_names(locale)], last_codes(locale))
    first = Part(first_names(locale), first_codes(locale))
    letters = pa.array(["", *(f" {chr(65 + at)}." for at in range(26))])
    unique = ((last.values, first.values, letters),)
    return Text((joined(last, first), *last_name(locale).variants), unique=unique)


def gender(locale: str) -> Text:
    """The gender that goes with the first name; one letter where the column is narrow."""
    codes = Slots("person", "first", _people(locale)[2])
    return coded(codes, GENDERS, ("F", "M", "X"))


def title(locale: str) -> Text:
    """A form of address that goes with the gender."""
    words = [word for name in GENDERS for word in TITLES.get(name, ("Mx.", "Mx.", "Mx.", "Dr."))]
    distinct = list(dict.fromkeys(words))
    table = np.array([distinct.index(word) for word in words])
    genders = _people(locale)[2]

    def codes(draw: Draw) -> Codes:
        choice = draw.below("person", "title", 4)
        chosen: Codes = table[genders[draw.top("person", "first")] * 4 + choice]
        return chosen

    return coded(codes, distinct, [word.strip(".") for word in distinct])


def _days_old(draw: Draw) -> npt.NDArray[np.int64]:
    years: FloatArray = np.interp(
        draw.unit("person", "age"), np.linspace(0, 1, len(AGE_QUANTILES)), AGE_QUANTILES
    )
    return (years * 365.2425).astype(np.int64)


def _birthdays(draw: Draw) -> npt.NDArray[np.datetime64]:
    return np.datetime64(draw.now, "D") - _days_old(draw)


def birth_date(_locale: str) -> Day:
    """Birthdays of people from 18 to 90 on the schema's present day."""
    return Day(_birthdays)


def age(_locale: str) -> Number:
    """Whole years since the birthday."""

    def make(draw: Draw) -> npt.NDArray[np.int64]:
        today, born = np.array([draw.now], dtype="datetime64[D]"), _birthdays(draw)
        months = (today.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
        years: npt.NDArray[np.int64] = (months - (_day_of_month(born) > _day_of_month(today))) // 12
        return years

    return Number(make)


def _day_of_month(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    day: npt.NDArray[np.int64] = (days - days.astype("datetime64[M]")).astype(np.int64)
    return day


def birth_year(_locale: str) -> Number:
    """The calendar year of the birthday."""

    def make(draw: Draw) -> npt.NDArray[np.int64]:
        return _birthdays(draw).astype("datetime64[Y]").astype(np.int64) + 1970

    return Number(make)


def constant_of(name: str, purpose: str) -> Text:
    """A vocabulary entry of the person."""
    words = vocabulary(name)
    return coded(Slots("person", purpose, words.slots), words.values)


FIELDS: dict[str, MakeField] = {
    "first_name": first_name,
    "last_name": last_name,
    "middle_name": middle_name,
    "middle_initial": middle_initial,
    "initials": initials,
    "full_name": full_name,
    "name_last_first": name_last_first,
    "gender": gender,
    "title": title,
    "suffix": lambda _locale: constant_of("name_suffix", "suffix"),
    "birth_date": birth_date,
    "birth_year": birth_year,
    "age": age,
    "job_title": lambda _locale: constant_of("job_title", "job"),
    "nationality": lambda _locale: constant_of("nationality", "nationality"),
    "marital_status": lambda _locale: constant_of("marital_status", "marital"),
}

"""What the fields of a person rest on: sex, birthday, status and the codes of the names.

All of it is drawn from the group's bits, so any field agrees with any other whether or not the
other has a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora import family_names, given_names, latin, slot_table, vocabulary
from dataforge.corpora.files import short_list
from dataforge.engine.generators.records.fields import Codes, Draw
from dataforge.streams import FloatArray

DAYS_A_YEAR = 365.2425
# Eighteen years, whichever of them are leap years.
DAYS_OF_AGE = 6575
AGE_QUANTILES = (18, 22, 26, 31, 35, 40, 45, 51, 58, 67, 90)
SEXES = ("female", "male")
OTHER = 2
OTHER_SHARE = 0.01
FIRST_COHORT, COHORTS, COHORT_YEARS = 1940, 13, 5
DOCTOR_AGE = 27
# The ages of people at work, and for how long at most they have been with their employer.
WORKING_AGES = (19, 66)
LONGEST_TENURE_DAYS = 12 * 365
# Upper ends of the bands of age between which the shares of a marital status change, and how.
AGE_BANDS = (25, 35, 50, 65)
STATUS_BY_BAND = (
    (6.0, 2.2, 0.8, 0.35, 0.2),
    (0.08, 0.8, 1.15, 1.2, 1.0),
    (0.01, 0.4, 1.3, 1.5, 1.0),
    (0.0, 0.02, 0.15, 0.7, 3.5),
    (0.3, 1.2, 1.2, 0.9, 0.4),
)
_SLOT_BITS = 16


def has_third_gender(locale: str) -> bool:
    """Tell whether forms of the locale offer a third gender."""
    return len(short_list(locale, "gender")) > OTHER


@cache
def _gender_slots(locale: str) -> npt.NDArray[np.int8]:
    """Return gender * 2 + sex of the name at each slot; gender 2 bears names of both sexes."""
    female, male = (1 - OTHER_SHARE * has_third_gender(locale)) / 2, 0.5
    other = 1 - female - male if has_third_gender(locale) else 0.0
    shares = np.array([female, 0, 0, 1 - female - other, other / 2, other / 2])
    return slot_table(len(shares), shares).astype(np.int8)


def genders(draw: Draw, locale: str) -> Codes:
    """Return 0 for women, 1 for men, 2 for others, in the locales whose forms know others."""
    codes: Codes = _gender_slots(locale)[draw.top("person", "gender")].astype(np.int64) >> 1
    return codes


def sexes(draw: Draw, locale: str) -> Codes:
    """Return whose names a person bears: 0 women's, 1 men's."""
    codes: Codes = _gender_slots(locale)[draw.top("person", "gender")].astype(np.int64) & 1
    return codes


def days_old(draw: Draw) -> npt.NDArray[np.int64]:
    """Return ages in days: 18 to 90 years on the schema's present day."""
    spread = np.linspace(0, 1, len(AGE_QUANTILES))
    years: FloatArray = np.interp(draw.unit("person", "age"), spread, AGE_QUANTILES)
    days: npt.NDArray[np.int64] = np.maximum((years * DAYS_A_YEAR).astype(np.int64), DAYS_OF_AGE)
    return days


def working_days_old(draw: Draw) -> npt.NDArray[np.int64]:
    """Return ages in days of people at work: the same order, between ``WORKING_AGES``."""
    low, high = (age * DAYS_A_YEAR for age in WORKING_AGES)
    youngest, oldest = AGE_QUANTILES[0] * DAYS_A_YEAR, AGE_QUANTILES[-1] * DAYS_A_YEAR
    share = (days_old(draw) - youngest) / (oldest - youngest)
    days: npt.NDArray[np.int64] = np.floor(low + np.clip(share, 0, 1) * (high - low)).astype(
        np.int64
    )
    return days


def tenures(draw: Draw) -> npt.NDArray[np.int64]:
    """Return for how many days people have been with their employer, from eighteen on."""
    most = np.minimum(working_days_old(draw) - DAYS_OF_AGE, LONGEST_TENURE_DAYS)
    return np.floor(draw.unit("person", "tenure") * most).astype(np.int64) + 1


def birthdays(draw: Draw) -> npt.NDArray[np.datetime64]:
    """Return the days of birth."""
    return np.datetime64(draw.now, "D") - days_old(draw)


def working_birthdays(draw: Draw) -> npt.NDArray[np.datetime64]:
    """Return the days of birth of people at work."""
    return np.datetime64(draw.now, "D") - working_days_old(draw)


def hire_dates(draw: Draw) -> npt.NDArray[np.datetime64]:
    """Return the days on which people at work were hired, none before turning eighteen."""
    return np.datetime64(draw.now, "D") - tenures(draw)


def years_since(born: npt.NDArray[np.datetime64], now: datetime) -> npt.NDArray[np.int64]:
    """Return whole years since the birthday."""
    today = np.array([now], dtype="datetime64[D]")
    months = (today.astype("datetime64[M]") - born.astype("datetime64[M]")).astype(np.int64)
    years: npt.NDArray[np.int64] = (months - (_day_of_month(born) > _day_of_month(today))) // 12
    return years


def _day_of_month(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    day: npt.NDArray[np.int64] = (days - days.astype("datetime64[M]")).astype(np.int64)
    return day


def _cohorts(draw: Draw) -> npt.NDArray[np.int64]:
    """Return the generation of each person: 0 for those born until 1942, then by five years."""
    present = 1970 + np.datetime64(draw.now, "D").astype(np.int64) / DAYS_A_YEAR
    born = present - days_old(draw) / DAYS_A_YEAR
    late = np.rint((born - FIRST_COHORT) / COHORT_YEARS).astype(np.int64)
    clipped: npt.NDArray[np.int64] = np.clip(late, 0, COHORTS - 1)
    return clipped


@dataclass(frozen=True, slots=True)
class GivenCodes:
    """Codes into the given names of women, then men: a slot table for each sex and generation."""

    locale: str
    purpose: str
    table: npt.NDArray[np.int16]

    @classmethod
    def of(cls, locale: str, purpose: str = "first") -> GivenCodes:
        """Return the codes under a draw of that purpose."""
        return cls(locale, purpose, _given_slots(locale))

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        generation = sexes(draw, self.locale).astype(np.int64) * COHORTS + _cohorts(draw)
        at = (generation << _SLOT_BITS) + draw.top("person", self.purpose)
        codes: Codes = self.table[at]
        return codes


@cache
def _given_slots(locale: str) -> npt.NDArray[np.int16]:
    tables, start = [], 0
    for sex in SEXES:
        given = given_names(locale, sex)
        for cohort in range(COHORTS):
            shares = given.born_in(FIRST_COHORT + cohort * COHORT_YEARS)
            tables.append(slot_table(len(shares), shares) + start)
        start += len(given.names)
    return np.concatenate(tables).astype(np.int16)


def first_names(locale: str) -> list[str]:
    """Return the given names that ``GivenCodes`` choose from."""
    return [name for sex in SEXES for name in given_names(locale, sex).names]


def first_readings(locale: str) -> list[str]:
    """Return the same names in lower-case ASCII."""
    return [reading for sex in SEXES for reading in given_names(locale, sex).readings]


@dataclass(frozen=True, slots=True)
class FamilyCodes:
    """Codes into the family names: as men bear them, then, where they differ, as women do."""

    locale: str
    purpose: str
    table: npt.NDArray[np.int32]
    feminine: int

    @classmethod
    def of(cls, locale: str, purpose: str = "last") -> FamilyCodes:
        """Return the codes under a draw of that purpose."""
        names = family_names(locale)
        count = len(names.names)
        apart = count if names.feminine != names.names else 0
        return cls(locale, purpose, slot_table(count, names.weights), apart)

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        codes: Codes = self.table[draw.top("person", self.purpose)]
        if not self.feminine:
            return codes
        by_sex: Codes = codes + self.feminine * (sexes(draw, self.locale) == 0)
        return by_sex


def last_names(locale: str) -> list[str]:
    """Return the family names that ``FamilyCodes`` choose from."""
    names = family_names(locale)
    return [*names.names, *(names.feminine if names.feminine != names.names else ())]


def last_readings(locale: str) -> list[str]:
    """Return the same names in lower-case ASCII."""
    names = family_names(locale)
    if names.feminine == names.names:
        return list(names.readings)
    return [*names.readings, *(latin(name, locale) for name in names.feminine)]


def bands(draw: Draw) -> npt.NDArray[np.int64]:
    """Return the band of age of each person, an index into the columns of STATUS_BY_BAND."""
    edges = np.array([round(age * DAYS_A_YEAR) for age in AGE_BANDS])
    found: npt.NDArray[np.int64] = np.searchsorted(edges, days_old(draw), side="right")
    return found


@cache
def _status_slots(locale: str) -> npt.NDArray[np.int8]:
    base = vocabulary("marital_status", locale)
    weights = np.diff(base.cumulative, prepend=0)
    factors = np.array(STATUS_BY_BAND)[: len(weights)]
    tables = [slot_table(len(weights), weights * factors[:, band]) for band in range(5)]
    return np.concatenate(tables).astype(np.int8)


def statuses(draw: Draw, locale: str) -> Codes:
    """Return marital statuses: 0 single, 1 married, 2 divorced, 3 widowed, 4 another."""
    at = (bands(draw) << _SLOT_BITS) + draw.top("person", "marital")
    found: Codes = _status_slots(locale)[at].astype(np.int64)
    return found

"""People: names of their sex, generation and country, and what else a form asks about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import slot_table, vocabulary
from dataforge.corpora.files import lines, sections, short_list
from dataforge.engine.generators.records import identity
from dataforge.engine.generators.records.domains import distinct
from dataforge.engine.generators.records.fields import (
    Codes,
    Day,
    Draw,
    Joined,
    MakeField,
    Number,
    Part,
    Slots,
    Text,
    coded,
    joined,
)
from dataforge.engine.generators.records.identity import FamilyCodes, GivenCodes
from dataforge.engine.generators.records.surnames import (
    FAMILY_FIRST,
    primary,
    sorted_surname,
    surname,
)

LATIN_INITIALS = frozenset({"ar_SA", "hi_IN", "ja_JP", "ko_KR", "zh_CN"})
COMMAS = {"ar_SA": "، "}
_FORMS = "forms.txt"
_SLOT_BITS = 16
# Titles that only some may bear.
_OF_MARRIED = frozenset({"Mrs.", "Mrs", "Fru", "श्रीमती", "السيدة"})
_OF_SINGLE = frozenset({"Miss", "Srta.", "Fröken", "सुश्री", "الآنسة", "小姐"})
_OF_GRADUATES = frozenset(
    {
        "Dr.",
        "Dr",
        "Dra.",
        "dr",
        "Drs.",
        "Ir.",
        "Dott.",
        "Dott.ssa",
        "博士",
        "박사",
        "डॉ.",
        "د.",
        "م.",
    }
)
_BARRED = (_OF_SINGLE, _OF_SINGLE | _OF_GRADUATES, _OF_MARRIED, _OF_MARRIED | _OF_GRADUATES)


def first_name(locale: str) -> Text:
    """Given names, as frequent as they are among people of that sex and age."""
    return coded(GivenCodes.of(locale), identity.first_names(locale))


def last_name(locale: str) -> Text:
    """Family names by frequency: two in Spain, often two in Brazil, by sex in Poland."""
    parts = surname(locale)
    return Text((Joined(parts), joined(primary(locale))) if len(parts) > 1 else (Joined(parts),))


def middle_name(locale: str) -> Text:
    """Another given name of the same sex; an initial where the column is narrow."""
    names, codes = identity.first_names(locale), GivenCodes.of(locale, "middle")
    letters = initials_of(locale, names, identity.first_readings(locale))
    return coded(codes, names, [f"{letter}." for letter in letters], letters)


def initials_of(locale: str, names: Sequence[str], readings: Sequence[str]) -> list[str]:
    """Return first letters, of the reading where the script has no capitals."""
    words = readings if locale in LATIN_INITIALS else names
    return [next(filter(str.isupper, word), word[0].upper()) for word in words]


def _first_initials(locale: str) -> list[str]:
    return initials_of(locale, identity.first_names(locale), identity.first_readings(locale))


def _last_initials(locale: str) -> Part:
    letters = initials_of(locale, identity.last_names(locale), identity.last_readings(locale))
    return Part(letters, FamilyCodes.of(locale))


def middle_initial(locale: str) -> Text:
    """The first letter of the middle name."""
    return coded(GivenCodes.of(locale, "middle"), _first_initials(locale))


def initials(locale: str) -> Text:
    """First letters of first and last name."""
    first = Part(_first_initials(locale), GivenCodes.of(locale))
    return Text((joined(first, _last_initials(locale)),))


def full_name(locale: str) -> Text:
    """First and last name in the order of the country; fewer parts where the column is narrow."""
    if locale in FAMILY_FIRST:
        return _family_first(locale)
    names, codes = identity.first_names(locale), GivenCodes.of(locale)
    spaced = Part([f"{name} " for name in names], codes)
    initial = Part([f"{letter}. " for letter in _first_initials(locale)], codes)
    last, whole = primary(locale), surname(locale)
    shorter = (joined(spaced, last), joined(initial, last), joined(last))
    variants = (joined(spaced, *whole), *shorter) if len(whole) > 1 else shorter
    firsts = distinct(pa.array([f"{name} " for name in names if " " not in name]))
    if locale in LATIN_INITIALS:
        return Text(variants, unique=((firsts, _lasts(locale), _numbers()),))
    return Text(variants, unique=((firsts, _middle_letters(locale), _lasts(locale)),))


def _middle_letters(locale: str) -> pa.Array:
    """Return initials that tell names apart; pairs of them where there are fewer names."""
    letters = [f"{chr(65 + at)}. " for at in range(26)]
    pairs = [] if locale == "en_US" else [one + two for one in letters for two in letters]
    return pa.array(["", *letters, *pairs])


def _numbers() -> pa.Array:
    """Return what tells names apart in scripts without initials."""
    return pa.array(["", *(f" {number}" for number in range(2, 1000))])


def _lasts(locale: str) -> pa.Array:
    return distinct(pa.array(identity.last_names(locale)))


def _family_first(locale: str) -> Text:
    names = identity.first_names(locale)
    family = [f"{name}{FAMILY_FIRST[locale]}" for name in identity.last_names(locale)]
    parts = Part(family, FamilyCodes.of(locale)), Part(names, GivenCodes.of(locale))
    numbers = pa.array(["", *(str(number) for number in range(2, 1000))])
    lists = (distinct(pa.array(family)), distinct(pa.array(names)), numbers)
    return Text((joined(*parts), joined(primary(locale))), unique=(lists,))


def name_last_first(locale: str) -> Text:
    """``Last, First``; simply the full name where the family name comes first anyway."""
    if locale in FAMILY_FIRST:
        return full_name(locale)
    comma = COMMAS.get(locale, ", ")
    head, tail = sorted_surname(locale, comma)
    first = Part(identity.first_names(locale), GivenCodes.of(locale))
    words = (each.strip() for each in _middle_letters(locale).to_pylist())
    letters = pa.array([f" {each}" if each else "" for each in words])
    lasts = distinct(pa.array([f"{name}{comma}" for name in identity.last_names(locale)]))
    lists = (lasts, distinct(first.values), letters)
    unique = (lists if locale not in LATIN_INITIALS else (*lists[:2], _numbers()),)
    return Text((joined(*head, first, *tail), *last_name(locale).variants), unique=unique)


def gender(locale: str) -> Text:
    """The gender that goes with the first name; one letter where the column is narrow."""
    words = vocabulary("gender", locale).values.to_pylist()[: 2 + identity.has_third_gender(locale)]
    letters = sections(locale, _FORMS)["gender_code"]
    return coded(lambda draw: identity.genders(draw, locale), words, letters[: len(words)])


@dataclass(frozen=True, slots=True)
class TitleCodes:
    """Codes of titles by gender, by being single, by being old enough for a degree."""

    locale: str
    table: npt.NDArray[np.int16]

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        single = identity.statuses(draw, self.locale) == 0
        young = identity.days_old(draw) < identity.DOCTOR_AGE * identity.DAYS_A_YEAR
        which = identity.genders(draw, self.locale).astype(np.int64) * 4 + single * 2 + young
        chosen: Codes = self.table[(which << _SLOT_BITS) + draw.top("person", "title")]
        return chosen


def title(locale: str) -> Text:
    """A form of address that goes with gender, marital status and age."""
    words, codes = _titles(locale)
    return coded(codes, words, [word.strip(".") for word in words])


@cache
def _titles(locale: str) -> tuple[list[str], TitleCodes]:
    forms = sections(locale, _FORMS)
    men = forms["title_male"]
    lists = [forms["title_female"], men, forms.get("title_other", men)]
    words = list(dict.fromkeys(line.split("\t")[0] for entries in lists for line in entries))
    tables = []
    for entries in lists:
        weights = np.zeros(len(words))
        for word, _, weight in (line.partition("\t") for line in entries):
            weights[words.index(word)] = float(weight)
        for barred in _BARRED:
            allowed = weights * [word not in barred for word in words]
            tables.append(slot_table(len(words), allowed if allowed.any() else weights))
    return words, TitleCodes(locale, np.concatenate(tables).astype(np.int16))


def marital_status(locale: str) -> Text:
    """A status that goes with the age, in the words for the sex."""
    men = vocabulary("marital_status", locale).values.to_pylist()
    own = sections(locale, _FORMS).get("marital_status_female")
    women = men if own is None else [line.split("\t")[0] for line in own]

    def codes(draw: Draw) -> Codes:
        row: Codes = identity.statuses(draw, locale) + len(women) * identity.sexes(draw, locale)
        return row

    return coded(codes, [*women, *men])


def job_title(locale: str) -> Text:
    """An occupation by frequency, in the form for the sex where a language has two."""
    rows = [line.split("\t") for line in lines(locale, "job_title.txt")]
    weights = np.array([float(row[1]) if len(row) > 1 else 1.0 for row in rows])
    words = [*(row[2] if len(row) > 2 else row[0] for row in rows), *(row[0] for row in rows)]
    chosen = Slots("person", "job", slot_table(len(rows), weights))

    def codes(draw: Draw) -> Codes:
        row: Codes = chosen(draw) + len(rows) * identity.sexes(draw, locale)
        return row

    return coded(codes, words)


def nationality(locale: str) -> Text:
    """Mostly the country's own; in the words for the sex where they differ."""
    forms = sections(locale, _FORMS)
    men = forms.get("nationality") or short_list(locale, "nationality")
    women = forms.get("nationality_female") or men
    weights = np.array([float(line.split("\t")[1]) for line in men])
    words = [line.split("\t")[0] for line in (*women, *men)]
    chosen = Slots("person", "nationality", slot_table(len(men), weights))

    def codes(draw: Draw) -> Codes:
        row: Codes = chosen(draw) + len(men) * identity.sexes(draw, locale)
        return row

    return coded(codes, words)


def birth_date(_locale: str) -> Day:
    """Birthdays of people from 18 to 90 on the schema's present day."""
    return Day(identity.birthdays)


def age(_locale: str) -> Number:
    """Whole years since the birthday."""
    return Number(lambda draw: identity.years_since(identity.birthdays(draw), draw.now))


def working_birth_date(_locale: str) -> Day:
    """Birthdays of people at work: from 19 to 66 on the schema's present day."""
    return Day(identity.working_birthdays)


def working_age(_locale: str) -> Number:
    """Whole years of people at work."""
    return Number(lambda draw: identity.years_since(identity.working_birthdays(draw), draw.now))


def hire_date(_locale: str) -> Day:
    """Days of hiring within the last twelve years, none before turning eighteen."""
    return Day(identity.hire_dates)


def birth_year(_locale: str) -> Number:
    """The calendar year of the birthday."""
    return Number(lambda draw: identity.birthdays(draw).astype("datetime64[Y]").astype(int) + 1970)


def _entry(name: str, purpose: str) -> MakeField:
    def make(locale: str) -> Text:
        words = vocabulary(name, locale)
        return coded(Slots("person", purpose, words.slots), words.values)

    return make


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
    "suffix": _entry("name_suffix", "suffix"),
    "birth_date": birth_date,
    "birth_year": birth_year,
    "age": age,
    "working_birth_date": working_birth_date,
    "working_age": working_age,
    "hire_date": hire_date,
    "job_title": job_title,
    "nationality": nationality,
    "marital_status": marital_status,
}

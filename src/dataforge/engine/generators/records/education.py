"""Education: a degree in a field and its grade, from a university that could be of the country."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora.files import lines
from dataforge.corpora.terms import in_english, in_words, terms
from dataforge.engine.generators.records.fields import Draw, MakeField, Number, Text, coded
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.schemes import Scheme
from dataforge.engine.generators.records.tabled import Rows
from dataforge.streams import IntArray

SHORT_DEGREES = {
    "Bachelor of Science": "BSc", "Master of Science": "MSc", "Doctor of Philosophy": "PhD",
    "Bachelor of Arts": "BA", "Master of Arts": "MA", "Bachelor of Engineering": "BEng",
    "Master of Engineering": "MEng", "Bachelor of Architecture": "BArch",
    "Master of Architecture": "MArch", "Doctor of Medicine": "MD", "Doctor of Pharmacy": "PharmD",
    "Master of Public Health": "MPH", "Bachelor of Business Administration": "BBA",
    "Master of Business Administration": "MBA", "Master of Accounting": "MAcc",
    "Bachelor of Laws": "LLB", "Juris Doctor": "JD", "Master of Laws": "LLM",
    "Bachelor of Music": "BMus", "Master of Music": "MMus", "Bachelor of Education": "BEd",
    "Master of Education": "MEd",
}  # fmt: skip
LEVELS = ("Bachelor", "Master", "Doctorate")
# The grade of those who pass: worst, best, most usual, decimals. Lower is better in Germany.
GRADES = {
    "en_US": (2.0, 4.0, 3.3, 2), "en_GB": (40, 85, 63, 0), "de_DE": (4.0, 1.0, 2.1, 1),
    "fr_FR": (10, 18, 12.8, 1), "es_ES": (5, 10, 7.2, 2), "it_IT": (66, 110, 101, 0),
    "pt_BR": (5, 10, 7.6, 1), "nl_NL": (5.5, 9.5, 7.1, 1), "pl_PL": (3.0, 5.0, 4.2, 1),
    "sv_SE": (2.6, 5.0, 3.7, 1), "tr_TR": (2.0, 4.0, 2.8, 2), "ja_JP": (1.6, 4.0, 2.7, 2),
    "zh_CN": (60, 98, 81, 0), "ko_KR": (2.0, 4.5, 3.5, 2), "hi_IN": (5.0, 9.8, 7.4, 2),
    "ar_SA": (2.0, 5.0, 3.9, 2),
}  # fmt: skip
YEARS_BACK = 45


@cache
def _rows(locale: str) -> Rows:
    return Rows("education", "field_of_study", locale)


def degree(locale: str) -> Text:
    """``Master of Science``, or MSc where the column is narrow."""
    choice = _rows(locale).choice("degrees", "degree")
    return coded(choice, choice.words, _short_degrees(locale, choice.words))


def _short_degrees(locale: str, degrees: list[str]) -> list[str]:
    own = terms(locale, "education.short")
    english = in_english(locale, "field_of_study.degrees", degrees)
    return [own.get(word, SHORT_DEGREES[word]) for word in english]


def degree_short(locale: str) -> Text:
    """``MSc``."""
    return Text(degree(locale).variants[1:])


def level(locale: str) -> Text:
    """Bachelor, Master or Doctorate."""
    choice = _rows(locale).choice("degrees", "degree")
    degrees = in_english(locale, "field_of_study.degrees", choice.words)
    levels = ["Doctorate" if "Doctor" in w else w.partition(" ")[0] for w in degrees]
    return coded(choice, in_words(locale, "education.level", levels))


def university(locale: str) -> Text:
    """An invented university with a name as they have them in the country."""
    names = lines(locale, "universities.txt")
    return coded(lambda draw: draw.below("education", "university", len(names)), names)


def graduation_year(_locale: str) -> Number:
    """A year of the last 45, recent ones more often."""

    def make(draw: Draw) -> IntArray:
        back = YEARS_BACK * draw.unit("education", "year") ** 1.6
        return draw.now.year - 1 - back.astype(np.int64)

    return Number(make)


def grade(locale: str) -> Number:
    """The final grade on the country's scale: a triangle between just passed and the best."""
    worst, best, usual, decimals = GRADES[locale]
    at = (usual - worst) / (best - worst)

    def make(draw: Draw) -> npt.NDArray[np.float64]:
        unit = draw.unit("education", "grade")
        below = np.sqrt(unit * at)
        above = 1 - np.sqrt((1 - unit) * (1 - at))
        share = np.where(unit < at, below, above)
        made: npt.NDArray[np.float64] = np.round(worst + (best - worst) * share, decimals)
        return made

    return Number(make, decimals)


STUDENT = Scheme("education", "student", 9 * 10**6, lambda r: digits(r + 10**6, 7), ("#######",))
FIELDS: dict[str, MakeField] = {
    "degree": degree,
    "degree_short": degree_short,
    "level": level,
    "field": lambda locale: _rows(locale).text("field"),
    "faculty": lambda locale: _rows(locale).text("faculty"),
    "university": university,
    "graduation_year": graduation_year,
    "grade": grade,
    "student_number": lambda _locale: STUDENT.text(),
}

"""Jobs: a title of a department, at a level whose pay fits it."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora import slot_table
from dataforge.corpora.terms import in_english, in_words, terms
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    MakeField,
    Number,
    Slots,
    Text,
    coded,
)
from dataforge.engine.generators.records.tabled import Rows
from dataforge.streams import IntArray

LEVELS = ("Junior", "Mid-level", "Senior", "Lead", "Manager", "Director", "Vice President",
          "Executive")  # fmt: skip
LEVEL_SHARES = (20, 38, 23, 8, 7, 2.6, 0.9, 0.5)
# Yearly pay in US dollars at each level, of a role whose pay is 1.
BASE_PAY = (56_000, 78_000, 103_000, 124_000, 132_000, 176_000, 235_000, 330_000)
FIRST_MANAGER = LEVELS.index("Manager")
TRAINED_ON_THE_JOB = 0.7
CHIEFS = {
    "Engineering": "Chief Technology Officer", "Data": "Chief Data Officer",
    "IT": "Chief Information Officer", "Product": "Chief Product Officer",
    "Research and Development": "Chief Scientific Officer", "Finance": "Chief Financial Officer",
    "Sales": "Chief Revenue Officer", "Marketing": "Chief Marketing Officer",
    "Human Resources": "Chief People Officer", "Customer Support": "Chief Customer Officer",
    "Operations": "Chief Operating Officer", "Logistics": "Chief Supply Chain Officer",
    "Procurement": "Chief Procurement Officer", "Production": "Chief Manufacturing Officer",
    "Legal": "General Counsel",
}  # fmt: skip
# What a dollar of American pay is in the country's own currency and at its level of pay.
MARKETS = {
    "en_US": 1.0, "en_GB": 0.52, "de_DE": 0.66, "fr_FR": 0.53, "es_ES": 0.42, "it_IT": 0.42,
    "pt_BR": 1.35, "nl_NL": 0.66, "pl_PL": 1.75, "sv_SE": 6.2, "tr_TR": 12.0, "ja_JP": 72.0,
    "zh_CN": 2.7, "ko_KR": 620.0, "hi_IN": 13.0, "ar_SA": 2.2,
}  # fmt: skip
BAND = (0.84, 1.2)


@cache
def _roles(locale: str) -> Rows:
    return Rows("job", "job_role", locale)


@cache
def _level() -> Slots:
    return Slots("job", "level", slot_table(len(LEVELS), np.array(LEVEL_SHARES)))


# The title at each level: of a role, its department as it stands in titles, or its chief.
TITLES = ("Junior {title}", "{title}", "Senior {title}", "Lead {title}", "{of} Manager",
          "Director of {of}", "VP of {of}", "Chief of {of}")  # fmt: skip
TRAINEE = "Trainee {title}"


def _title(title: str, department: str, pay: float, level: int, locale: str) -> str:
    shape = TRAINEE if level == 0 and pay < TRAINED_ON_THE_JOB else TITLES[level]
    own = terms(locale, "job.of")
    if not own and level == len(LEVELS) - 1:
        return CHIEFS[department]
    (english,) = in_english(locale, "job_role.department", [department])
    (shape,) = in_words(locale, "job.title", [shape])
    return shape.format(title=title, low=_low(title), of=own.get(english, department))


def _low(title: str) -> str:
    """Return a title as it stands behind another word; abbreviations keep their capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def title(locale: str) -> Text:
    """``Senior Data Engineer``, ``Director of Finance``."""
    rows = _roles(locale)
    columns = (rows.joint.columns["title"], rows.joint.columns["department"], rows.numbers("pay"))
    count = len(rows.joint)
    titles = [
        _title(name, department, float(pay), level, locale)
        for level in range(len(LEVELS))
        for name, department, pay in zip(*columns, strict=True)
    ]

    def codes(draw: Draw) -> Codes:
        return _level()(draw) * count + rows.codes(draw)

    bases = list(columns[0]) * len(LEVELS)
    return coded(codes, titles, bases)


def department(locale: str) -> Text:
    """The department of the role."""
    return _roles(locale).text("department")


def seniority(locale: str) -> Text:
    """The level in words, from Junior to Executive."""
    return coded(_level(), in_words(locale, "job.level", LEVELS))


def level(_locale: str) -> Number:
    """The level as a number from 1 to 8."""
    return Number(lambda draw: _level()(draw).astype(np.int64) + 1)


def _usual_pay(locale: str) -> npt.NDArray[np.float64]:
    """Return the middle of the band, float64 (levels, roles); managers' is their department's."""
    rows = _roles(locale)
    pay = rows.numbers("pay")
    departments = np.array(rows.joint.columns["department"])
    usual = np.array([pay[departments == each].mean() for each in departments])
    factors = np.array([usual if at >= FIRST_MANAGER else pay for at in range(len(LEVELS))])
    band: npt.NDArray[np.float64] = factors * np.array(BASE_PAY)[:, None] * MARKETS[locale]
    return band


def _paid(locale: str, share: npt.ArrayLike | str) -> Number:
    """Return the pay at a share of the band (a number, or the purpose of two draws)."""
    usual, rows = _usual_pay(locale), _roles(locale)
    step = 10.0 ** max(0, int(np.log10(usual.min())) - 2)
    low, high = BAND

    def make(draw: Draw) -> IntArray:
        middle = usual[_level()(draw), rows.codes(draw)]
        if isinstance(share, str):
            at = (draw.unit("job", share) + draw.unit("job", f"{share} 2")) / 2
        else:
            at = np.asarray(share)
        return (np.rint(middle * (low + (high - low) * at) / step) * step).astype(np.int64)

    return Number(make)


FIELDS: dict[str, MakeField] = {
    "title": title,
    "department": department,
    "seniority": seniority,
    "level": level,
    "salary": lambda locale: _paid(locale, "salary"),
    "salary_min": lambda locale: _paid(locale, 0.0),
    "salary_max": lambda locale: _paid(locale, 1.0),
}

"""Health: diagnoses, laboratory results, medicines, allergies, each with what belongs to it.

Diagnoses are codes and titles of ICD-10-CM (a work of the United States government). Laboratory
codes look like LOINC's and end in its check digit, in a range that LOINC has not reached.
"""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import slot_table
from dataforge.corpora.terms import in_english, in_words
from dataforge.engine.check_digits import luhn
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    MakeField,
    Number,
    Slots,
    Text,
    coded,
)
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.schemes import Scheme, beside, same
from dataforge.engine.generators.records.tabled import Rows
from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.streams import IntArray

BLOOD_GROUPS = {"O+": 38, "A+": 32, "B+": 11, "AB+": 4, "O-": 6, "A-": 6, "B-": 2, "AB-": 1}
SEVERITIES = {"mild": 52, "moderate": 36, "severe": 12}
SEVERE = "anaphylaxis"
FREQUENCIES = {"once daily": 55, "twice daily": 24, "three times daily": 9, "as needed": 12}
# Where the form of a medicine is part of its name.
WRITTEN_TOGETHER = frozenset({"ja_JP", "zh_CN", "ko_KR"})
FORM_BEFORE_STRENGTH = "{name}{form} {strength}"
FLAGS = ("N", "L", "H")
# What stands before a provider's number when it is checked (45 CFR 162.406).
NPI_PREFIX = "80840"


@cache
def _rows(table: str, locale: str) -> Rows:
    return Rows("health", table, locale)


def _column(table: str, column: str, locale: str) -> Text:
    return _rows(table, locale).text(column)


def _chosen(table: str, column: str, purpose: str, locale: str) -> Text:
    return _rows(table, locale).choice(column, purpose).text()


def _weighted(words: dict[str, int], purpose: str, locale: str) -> Text:
    slots = slot_table(len(words), np.array(list(words.values()), dtype=float))
    own = in_words(locale, f"health.{purpose}", words)
    return coded(Slots("health", purpose, slots), own)


def lab_code(locale: str) -> Text:
    """Five digits, a dash and the check digit."""
    numbers = _rows("lab_test", locale).numbers("number").astype(np.int64)
    checks = luhn(digits(numbers, 5))
    codes = [f"{number}-{check}" for number, check in zip(numbers, checks, strict=True)]
    return _rows("lab_test", locale).texts(codes)


def _results(draw: Draw, locale: str) -> npt.NDArray[np.float64]:
    """Return a result, normally distributed and never below a tenth of the least usual one."""
    rows = _rows("lab_test", locale)
    mean, spread, low, places = (
        rows.numbers(name)[rows.codes(draw)] for name in ("mean", "spread", "low", "decimals")
    )
    made = mean + spread * normal_quantile(draw.unit("health", "result"))
    scale = 10.0**places
    result: npt.NDArray[np.float64] = np.rint(np.maximum(made, low / 10) * scale) / scale
    return result


def lab_value(locale: str) -> Number:
    """The result of the test, in its unit."""
    return Number(lambda draw: _results(draw, locale), decimals=2)


def lab_range(locale: str) -> Text:
    """What is usual: ``12.0-17.0``."""
    columns = _rows("lab_test", locale).joint.columns
    pairs = zip(columns["low"], columns["high"], strict=True)
    return _rows("lab_test", locale).texts([f"{low}-{high}" for low, high in pairs])


def lab_flag(locale: str) -> Text:
    """N within what is usual, L below it, H above."""
    rows = _rows("lab_test", locale)
    low, high = rows.numbers("low"), rows.numbers("high")

    def codes(draw: Draw) -> Codes:
        made, row = _results(draw, locale), rows.codes(draw)
        return (made < low[row]) + 2 * (made > high[row]).astype(np.int64)

    return coded(codes, FLAGS)


def allergy_severity(locale: str) -> Text:
    """Mild to severe; anaphylaxis is severe."""
    reaction = _rows("allergy", locale).choice("reactions", "reaction")
    english = in_english(locale, "allergy.reactions", reaction.words)
    worst = np.array([word == SEVERE for word in english])
    slots = slot_table(len(SEVERITIES), np.array(list(SEVERITIES.values()), dtype=float))
    usual = Slots("health", "severity", slots)

    def codes(draw: Draw) -> Codes:
        return np.where(worst[reaction(draw)], len(SEVERITIES) - 1, usual(draw))

    return coded(codes, in_words(locale, "health.severity", SEVERITIES))


def medication_full(locale: str) -> Text:
    """Name, strength and form: ``Lisinopril 10 mg tablet``."""
    rows = _rows("medication", locale)
    columns = rows.joint.columns
    strength = rows.choice("strengths", "strength")
    count = len(strength.words)
    shape = FORM_BEFORE_STRENGTH if locale in WRITTEN_TOGETHER else "{name} {strength} {form}"
    texts = [
        shape.format(name=name, strength=word, form=form)
        for name, form in zip(columns["name"], columns["form"], strict=True)
        for word in strength.words
    ]
    names = [name for name in columns["name"] for _ in strength.words]

    def codes(draw: Draw) -> Codes:
        return rows.codes(draw).astype(np.int64) * count + strength(draw)

    return coded(codes, pa.array(texts), names)


def _providers(r: IntArray) -> npt.NDArray[np.uint8]:
    body = beside(same(len(r), "1"), digits(r, 8))
    return beside(body, luhn(beside(same(len(r), NPI_PREFIX), body)))


NPI = Scheme("health", "provider", 10**8, _providers, ("##########",))
_of = partial
FIELDS: dict[str, MakeField] = {
    "diagnosis_code": _of(_column, "diagnosis", "code"),
    "diagnosis": _of(_column, "diagnosis", "name"),
    "diagnosis_chapter": _of(_column, "diagnosis", "chapter"),
    "lab_code": lab_code,
    "lab_test": _of(_column, "lab_test", "name"),
    "lab_value": lab_value,
    "lab_unit": _of(_column, "lab_test", "unit"),
    "lab_low": lambda locale: _rows("lab_test", locale).number("low", 2),
    "lab_high": lambda locale: _rows("lab_test", locale).number("high", 2),
    "lab_range": lab_range,
    "lab_flag": lab_flag,
    "specimen": _of(_column, "lab_test", "specimen"),
    "blood_group": _of(_weighted, BLOOD_GROUPS, "blood"),
    "medication": _of(_column, "medication", "name"),
    "strength": _of(_chosen, "medication", "strengths", "strength"),
    "dosage_form": _of(_column, "medication", "form"),
    "route": _of(_column, "medication", "route"),
    "drug_class": _of(_column, "medication", "class"),
    "medication_full": medication_full,
    "frequency": _of(_weighted, FREQUENCIES, "frequency"),
    "allergen": _of(_column, "allergy", "allergen"),
    "allergy_category": _of(_column, "allergy", "category"),
    "allergy_reaction": _of(_chosen, "allergy", "reactions", "reaction"),
    "allergy_severity": allergy_severity,
    "provider_number": lambda _locale: NPI.text(),
}

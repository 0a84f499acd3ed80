"""How big and how old companies are.

Sizes follow from each other: a form of large companies has more people, and turnover is what so
many people turn over in their country.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dataforge.engine.generators.records.company_names import Names, names
from dataforge.engine.generators.records.fields import Draw, MakeField, Number
from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.streams import IntArray

# How many times the usual number of people companies of these forms have.
STAFF = {
    "AG": 12, "plc": 20, "S.p.A.": 10, "S.A.": 8, "N.V.": 15, "A.Ş.": 5, "Corp.": 8, "Inc.": 2,
    "San. ve Tic. A.Ş.": 6, "股份有限公司": 10, "集团有限公司": 15, "مساهمة": 15, "مساهمة مقفلة": 8,
    "GmbH & Co. KG": 3, "SA": 10, "Holdings Ltd": 4, "Group Ltd": 4, "Ltd": 1.5, "株式会社": 1.5,
    "e.K.": 0.3, "UG (haftungsbeschränkt)": 0.2, "OHG": 0.5, "ME": 0.2, "EIRELI": 0.3, "EPP": 0.8,
    "SASU": 0.2, "EURL": 0.2, "S.C.": 0.3, "S.n.c.": 0.4, "V.O.F.": 0.3, "HB": 0.3,
    "(OPC) Pvt Ltd": 0.2, "合同会社": 0.3,
}  # fmt: skip
STAFF_MEDIAN, STAFF_SIGMA = 14, 1.4
# What a person turns over in a year, in the currency of the locale's country.
TURNOVER = {
    "en_US": 190_000, "en_GB": 150_000, "de_DE": 165_000, "fr_FR": 170_000, "es_ES": 125_000,
    "it_IT": 150_000, "pt_BR": 260_000, "nl_NL": 175_000, "pl_PL": 380_000, "sv_SE": 2_100_000,
    "tr_TR": 2_600_000, "ja_JP": 22_000_000, "zh_CN": 750_000, "ko_KR": 240_000_000,
    "hi_IN": 2_800_000, "ar_SA": 420_000,
}  # fmt: skip
TURNOVER_SIGMA = 0.55
AGE_QUANTILES = (0.6, 2, 4, 7, 10, 14, 19, 26, 36, 55, 148)


def _staff(draw: Draw, own: Names) -> npt.NDArray[np.float64]:
    """Return people employed, whole numbers from 1: log-normal, more in some forms."""
    usual = np.array([STAFF.get(form, 1.0) for form in own.forms]) * STAFF_MEDIAN
    spread = np.exp(normal_quantile(draw.unit("company", "staff")) * STAFF_SIGMA)
    people: npt.NDArray[np.float64] = np.ceil(usual[own.form(draw)] * spread)
    return people


def employees(locale: str) -> Number:
    """How many people work there."""
    own = names(locale)
    return Number(lambda draw: _staff(draw, own).astype(np.int64))


def revenue(locale: str) -> Number:
    """A year's turnover in whole thousands of the country's currency, in step with the staff."""
    own = names(locale)

    def make(draw: Draw) -> IntArray:
        spread = np.exp(normal_quantile(draw.unit("company", "turnover")) * TURNOVER_SIGMA)
        thousands = np.ceil(_staff(draw, own) * TURNOVER[locale] * spread / 1000)
        return thousands.astype(np.int64) * 1000

    return Number(make)


def founded_year(_locale: str) -> Number:
    """A year from 148 years before the schema's present day to the last; half within 14 years."""

    def make(draw: Draw) -> IntArray:
        evenly = np.linspace(0, 1, len(AGE_QUANTILES))
        age = np.interp(draw.unit("company", "age"), evenly, AGE_QUANTILES)
        return (draw.now.year - np.ceil(age)).astype(np.int64)

    return Number(make)


FIELDS: dict[str, MakeField] = {
    "employees": employees,
    "revenue": revenue,
    "founded_year": founded_year,
}

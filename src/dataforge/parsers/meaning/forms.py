"""The short text of a spec, as the concept table and its tests write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dataforge.corpora.terms import in_words, terms
from dataforge.parsers.meaning.labels import Labels, labels_of
from dataforge.parsers.meaning.numbers import capacity, fitted
from dataforge.schema import (
    Beta,
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    ColumnType,
    DatetimeSpec,
    DecimalType,
    Distribution,
    Exponential,
    FloatType,
    IntegerType,
    LogNormal,
    Normal,
    NumberSpec,
    PatternSpec,
    RecordSpec,
    Scalar,
    Spec,
    StringType,
    TextSpec,
    UuidSpec,
    VocabularySpec,
    Zipf,
)

# What the words of choices are called elsewhere: a section of ``corpora/data/<locale>/terms.txt``.
CHOICES = "choice"
_DAYS = {"d": 1, "m": 30, "y": 365}
BUSINESS_HOURS = (
    *(0.1,) * 6, 0.5, 2, 6, 9, 10, 10, 8, 9, 10, 9, 8, 6, 4, 3, 2.5, 2, 1, 0.5,
)  # fmt: skip
BUSINESS_WEEK = (10, 10, 10, 10, 9, 3, 2)
_AMOUNT_DIGITS = 8
_NO_DISCOUNT = 3.0
# Where prices have no cents: how many of its unit make about a dollar.
_SMALL_UNITS = {"ja_JP": 100, "ko_KR": 1_000}
# The word of a law that is an amount: the median, the mean.
_MIDDLE = 1
_SALES_TAXES = "0:6|0.05:8|0.06:16|0.07:14|0.0725:8|0.075:6|0.08:12|0.0825:8|0.0875:5"
_SALES_TAX = "0.08"
# Rates of value added tax by law; the first is the standard rate.
_TAX_RATES = {
    "ar_SA": "0.15:9|0:1",
    "de_DE": "0.19:8|0.07:2",
    "en_GB": "0.2:8|0.05:1|0:2",
    "es_ES": "0.21:8|0.1:3|0.04:1",
    "fr_FR": "0.2:8|0.055:2|0.1:2|0.021:0.3",
    "hi_IN": "0.18:7|0.05:3|0.12:2|0.28:1",
    "it_IT": "0.22:8|0.1:3|0.04:1",
    "ja_JP": "0.1:7|0.08:3",
    "ko_KR": "0.1:9|0:1",
    "nl_NL": "0.21:8|0.09:3|0:0.5",
    "pl_PL": "0.23:8|0.08:2|0.05:1",
    "pt_BR": "0.18:6|0.17:2|0.12:2|0.07:1",
    "sv_SE": "0.25:8|0.12:2|0.06:1",
    "tr_TR": "0.2:7|0.1:3|0.01:1",
    "zh_CN": "0.13:7|0.09:2|0.06:2",
}
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  - wall-clock time, like the schema's present


@dataclass(frozen=True, slots=True)
class Place:
    """The column that a form is written for, its group, and the schema's present day.

    ``most`` is the greatest value that the table's rules allow, where they say so, ``listed`` are
    all that they or its type allow; ``locale`` is that of most rows.
    """

    logical: ColumnType
    group: str
    now: datetime
    most: float | None = None
    locale: str = "en_US"
    listed: tuple[Scalar, ...] = ()


def spec_of(form: str, place: Place) -> Spec | None:
    """Return the spec that ``form`` stands for at ``place``; None where it has no room."""
    word, _, rest = form.partition(" ")
    return FORMS[word](rest, place)


def _english(text: str, place: Place) -> Spec | None:
    """Return what another form says, where the rows are in English."""
    return spec_of(text, place) if place.locale.startswith("en_") else None


def _none(_text: str, _place: Place) -> None:
    return None


def _record(text: str, place: Place) -> Spec:
    record, field = text.split(".")
    return RecordSpec(record=record, field=field, group=place.group)


def _labels(text: str, place: Place) -> Spec | None:
    """Return a record's field in the spelling of the column's list; None where it has no such.

    Where nothing is listed a spelling may stand behind the field: ``female=2|male=1``.
    """
    name, *spelling = text.split(" ")
    record, field = name.split(".")
    labels = labels_of(field, place.listed) if place.listed else _spelled(spelling, place)
    if not labels:
        return None
    return RecordSpec(record=record, field=field, group=place.group, labels=labels)


def _spelled(spelling: list[str], place: Place) -> Labels:
    pairs = (entry.split("=") for text in spelling for entry in text.split("|"))
    return {state: (_typed(label, place.logical),) for state, label in pairs}


def _vocabulary(text: str, _place: Place) -> Spec:
    return VocabularySpec(vocabulary=text)


def _uuid(_text: str, _place: Place) -> Spec:
    return UuidSpec()


def _boolean(text: str, _place: Place) -> Spec:
    return BooleanSpec(true_share=float(text))


def _pattern(text: str, _place: Place) -> Spec:
    return PatternSpec(pattern=text)


def _text(text: str, _place: Place) -> Spec:
    unit, bounds = text.split(" ")
    low, high = bounds.split("..")
    return TextSpec.model_validate({"unit": unit, "minimum": int(low), "maximum": int(high)})


def _choice(text: str, place: Place) -> Spec | None:
    entries = [_weighted(entry) for entry in text.split("|")]
    own = _in_own_words([value for value, _ in entries], place.locale)
    kept = _kept([(word, weight) for word, (_, weight) in zip(own, entries, strict=True)], place)
    kept = kept or _kept(entries, place)
    if not kept:
        return None
    even = len({weight for _, weight in kept}) == 1
    weights = None if even else tuple(weight for _, weight in kept)
    return CategoricalSpec(values=tuple(value for value, _ in kept), weights=weights)


def _in_own_words(values: list[str], locale: str) -> list[str]:
    """Return the values in the language of the locale, if it has words for most of them."""
    known = sum(value in terms(locale, CHOICES) for value in values)
    return in_words(locale, CHOICES, values) if 2 * known > len(values) else values


def _kept(entries: list[tuple[str, float]], place: Place) -> list[tuple[bool | float | str, float]]:
    values = [(_typed(value, place.logical), weight) for value, weight in entries]
    return [(value, weight) for value, weight in values if _has_room(value, place.logical)]


def _weighted(entry: str) -> tuple[str, float]:
    found = re.match(r"^(.+):(\d+(?:\.\d+)?)$", entry)
    return (found[1], float(found[2])) if found else (entry, 1.0)


def _typed(value: str, logical: ColumnType) -> bool | int | float | str:
    if isinstance(logical, BooleanType):
        return value in {"1", "true", "Y"}
    if isinstance(logical, DecimalType | FloatType):
        return float(value)
    return int(value) if isinstance(logical, IntegerType) else value


def _has_room(value: Scalar, logical: ColumnType) -> bool:
    if isinstance(logical, StringType) and logical.max_length is not None:
        return len(str(value)) <= logical.max_length
    bounds = capacity(logical)
    return bounds is None or not isinstance(value, int | float) or bounds[0] <= value <= bounds[1]


def _number(text: str, place: Place) -> NumberSpec:
    bounds, *law = text.split(" ")
    low, high = (float(bound) for bound in bounds.split(".."))
    spec = NumberSpec(minimum=low, maximum=high, distribution=_law(law))
    return fitted(spec, place.logical)


def _law(words: list[str]) -> Distribution:
    if not words:
        return NumberSpec().distribution
    name, *numbers = words
    return LAWS[name](*(float(number) for number in numbers))


LAWS: dict[str, Callable[..., Distribution]] = {
    "log": lambda median, sigma: LogNormal(median=median, sigma=sigma),
    "normal": lambda mean, std: Normal(mean=mean, std=std),
    "exp": lambda mean: Exponential(mean=mean),
    "zipf": lambda exponent: Zipf(exponent=exponent, size=1000),
    "beta": lambda a, b: Beta(a=a, b=b),
}


def _money(text: str, place: Place) -> Spec:
    """Return amounts in whole cents, whatever the digits that the column has.

    Where prices have no cents, amounts are so many times greater and whole.
    """
    unit = _SMALL_UNITS.get(place.locale, 1)
    if unit == 1:
        return _rounded(text, place, 2)
    bounds, *law = text.split(" ")
    low, high = (float(bound) * unit for bound in bounds.split(".."))
    scaled = [f"{float(word) * unit:g}" if at == _MIDDLE else word for at, word in enumerate(law)]
    return _rounded(" ".join((f"{low:.0f}..{high:.0f}", *scaled)), place, 0)


def _count(text: str, place: Place) -> Spec:
    """Return whole numbers, also where the column has a fraction."""
    return _rounded(text, place, 0)


def _rounded(text: str, place: Place, decimals: int) -> Spec:
    spec = _number(text, place)
    logical = place.logical
    finer = isinstance(logical, FloatType) or (
        isinstance(logical, DecimalType) and logical.scale > decimals
    )
    return spec.model_copy(update={"decimals": decimals}) if finer else spec


def _is_percent(place: Place) -> bool:
    """Choose between 0.07 and 7 per cent: by the rules, else by the digits of the column."""
    logical = place.logical
    if isinstance(logical, IntegerType):
        return True
    if not isinstance(logical, DecimalType) or logical.precision - logical.scale <= 1:
        return False
    if place.most is not None:
        return place.most > 1
    return logical.scale <= 2


def _share(text: str, place: Place) -> Spec:
    words = text.split(" ")
    return _number(words[words.index("percent") + 1] if _is_percent(place) else words[0], place)


def _rates(text: str, place: Place) -> Spec | None:
    """Return usual shares, as 0.07 or as 7 per cent."""
    if not _is_percent(place):
        return _choice(text, place)
    entries = (_weighted(entry) for entry in text.split("|"))
    return _choice("|".join(f"{float(v) * 100:g}:{weight:g}" for v, weight in entries), place)


def _taxes(_text: str, place: Place) -> Spec | None:
    """Return the rates of value added tax where the rows are, the usual one most often."""
    return _rates(_TAX_RATES.get(place.locale, _SALES_TAXES), place)


def usual_tax(locale: str) -> float:
    """Return the standard rate of value added tax where the rows are, as a share."""
    rate, _ = _weighted(_TAX_RATES.get(locale, _SALES_TAX).split("|")[0])
    return float(rate)


def _sparse(text: str, place: Place) -> Spec:
    """Return round shares up to ``text``, most of them none at all: discounts."""
    logical = place.logical
    wide = isinstance(logical, DecimalType) and logical.precision >= _AMOUNT_DIGITS
    unit = 0.01 if wide or not _is_percent(place) else 1
    steps = [step for step in (0, 5, 10, 15, 20, 25, 30) if step <= float(text) * 100]
    values = tuple(round(step * unit, 2) for step in steps)
    weights = (_NO_DISCOUNT, *(1 / (1 + at) for at in range(len(steps) - 1)))
    whole = isinstance(logical, IntegerType)
    return CategoricalSpec(values=tuple(map(int, values)) if whole else values, weights=weights)


def _year(text: str, place: Place) -> Spec:
    low, high = (place.now.year + int(bound) for bound in text.split(".."))
    return fitted(NumberSpec(minimum=low, maximum=high), place.logical)


def moment(text: str, now: datetime) -> datetime:
    """Return the day that ``now``, ``-3m`` or ``+2y`` means."""
    if text == "now":
        return now
    return now + timedelta(days=int(text[:-1]) * _DAYS[text[-1]])


def _span(text: str, now: datetime) -> tuple[datetime, datetime, list[str]]:
    bounds, *profile = text.split(" ")
    start, end = bounds.split("..")
    return moment(start, now), moment(end, now), profile


def _datetime(text: str, place: Place) -> Spec:
    start, end, profile = _span(text, place.now)
    growth = float(profile[profile.index("growth") + 1]) if "growth" in profile else 1.0
    business = "business" in profile
    timed = place.logical.kind in {"timestamp", "time"}
    hours = BUSINESS_HOURS if business and timed else None
    weekdays = BUSINESS_WEEK if business and place.logical.kind != "time" else None
    return DatetimeSpec(start=start, end=end, hours=hours, weekdays=weekdays, growth=growth)


def _years(text: str, now: datetime) -> str:
    start, end, _ = _span(text, now)
    last = max(start.year, end.year - (end.month == 1))
    return "|".join(str(year) for year in range(start.year, last + 1))


def _isodate(text: str, place: Place) -> Spec:
    return PatternSpec(pattern=rf"({_years(text, place.now)})-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])")


def _isotime(text: str, place: Place) -> Spec:
    clock = r"(0\d|1\d|2[0-3]):[0-5]\d:[0-5]\d"
    day = rf"({_years(text, place.now)})-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])"
    return PatternSpec(pattern=f"{day} {clock}")


def _compactdate(text: str, place: Place) -> Spec:
    return PatternSpec(pattern=rf"({_years(text, place.now)})(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])")


def _stamp(text: str, place: Place) -> Spec:
    day = rf"({_years(text, place.now)})(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])"
    return PatternSpec(pattern=rf"{day}(0\d|1\d|2[0-3])[0-5]\d[0-5]\d")


def _wikistamp(_text: str, _place: Place) -> Spec:
    return RecordSpec(record="internet", field="stamp")


def _epoch(text: str, place: Place) -> Spec:
    start, end, _ = _span(text, place.now)
    seconds = ((bound - _EPOCH).total_seconds() for bound in (start, end))
    low, high = (int(second) for second in seconds)
    return fitted(NumberSpec(minimum=low, maximum=high), place.logical)


FORMS: dict[str, Callable[[str, Place], Spec | None]] = {
    "english": _english,
    "none": _none,
    "record": _record,
    "labels": _labels,
    "vocab": _vocabulary,
    "choice": _choice,
    "number": _number,
    "share": _share,
    "taxes": _taxes,
    "sparse": _sparse,
    "money": _money,
    "count": _count,
    "year": _year,
    "bool": _boolean,
    "datetime": _datetime,
    "isodate": _isodate,
    "isotime": _isotime,
    "compactdate": _compactdate,
    "stamp": _stamp,
    "wikistamp": _wikistamp,
    "epoch": _epoch,
    "pattern": _pattern,
    "text": _text,
    "uuid": _uuid,
}

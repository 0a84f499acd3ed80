"""The short text of a spec, as the concept table and its tests write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

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

_DAYS = {"d": 1, "m": 30, "y": 365}
BUSINESS_HOURS = (
    *(0.1,) * 6, 0.5, 2, 6, 9, 10, 10, 8, 9, 10, 9, 8, 6, 4, 3, 2.5, 2, 1, 0.5,
)  # fmt: skip
BUSINESS_WEEK = (10, 10, 10, 10, 9, 3, 2)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  - wall-clock time, like the schema's present


@dataclass(frozen=True, slots=True)
class Place:
    """The column that a form is written for, its group, and the schema's present day."""

    logical: ColumnType
    group: str
    now: datetime


def spec_of(form: str, place: Place) -> Spec | None:
    """Return the spec that ``form`` stands for at ``place``; None where it has no room."""
    word, _, rest = form.partition(" ")
    return FORMS[word](rest, place)


def _none(_text: str, _place: Place) -> None:
    return None


def _record(text: str, place: Place) -> Spec:
    record, field = text.split(".")
    return RecordSpec(record=record, field=field, group=place.group)


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
    values = [(_typed(value, place.logical), weight) for value, weight in entries]
    kept = [(value, weight) for value, weight in values if _has_room(value, place.logical)]
    if not kept:
        return None
    even = len({weight for _, weight in kept}) == 1
    weights = None if even else tuple(weight for _, weight in kept)
    return CategoricalSpec(values=tuple(value for value, _ in kept), weights=weights)


def _weighted(entry: str) -> tuple[str, float]:
    found = re.match(r"^(.+):(\d+(?:\.\d+)?)$", entry)
    return (found[1], float(found[2])) if found else (entry, 1.0)


def _typed(value: str, logical: ColumnType) -> bool | int | float | str:
    if isinstance(logical, BooleanType):
        return value in {"1", "true", "Y"}
    return int(value) if isinstance(logical, IntegerType | DecimalType | FloatType) else value


def _has_room(value: Scalar, logical: ColumnType) -> bool:
    if isinstance(logical, StringType) and logical.max_length is not None:
        return len(str(value)) <= logical.max_length
    bounds = capacity(logical)
    return bounds is None or not isinstance(value, int | float) or bounds[0] <= value <= bounds[1]


def _number(text: str, place: Place) -> Spec:
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


def _share(text: str, place: Place) -> Spec:
    """Choose between 0.07 and 7 per cent by the digits that the column has."""
    words = text.split(" ")
    logical = place.logical
    whole = isinstance(logical, DecimalType) and (
        logical.precision - logical.scale > 1 and logical.scale <= 2
    )
    percent = isinstance(logical, IntegerType) or whole
    return _number(words[words.index("percent") + 1] if percent else words[0], place)


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


def _epoch(text: str, place: Place) -> Spec:
    start, end, _ = _span(text, place.now)
    seconds = ((bound - _EPOCH).total_seconds() for bound in (start, end))
    low, high = (int(second) for second in seconds)
    return fitted(NumberSpec(minimum=low, maximum=high), place.logical)


FORMS: dict[str, Callable[[str, Place], Spec | None]] = {
    "none": _none,
    "record": _record,
    "vocab": _vocabulary,
    "choice": _choice,
    "number": _number,
    "share": _share,
    "year": _year,
    "bool": _boolean,
    "datetime": _datetime,
    "isodate": _isodate,
    "isotime": _isotime,
    "compactdate": _compactdate,
    "stamp": _stamp,
    "epoch": _epoch,
    "pattern": _pattern,
    "text": _text,
    "uuid": _uuid,
}

"""From the wish for a column to the column: its type, spec and the rules that prove it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dataforge.parsers.meaning.matching import TableNames, matches
from dataforge.parsers.prompt.lexicon import lexicon
from dataforge.parsers.prompt.names import snake
from dataforge.parsers.prompt.request import ColumnWish
from dataforge.parsers.prompt.usual import usual
from dataforge.schema import (
    Beta,
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    Column,
    ColumnType,
    ConstantSpec,
    DatetimeSpec,
    DateType,
    DecimalType,
    FloatType,
    IntegerType,
    JsonType,
    NumberSpec,
    PatternSpec,
    Rule,
    Scalar,
    Spec,
    StringType,
    Table,
    TextType,
    TimestampType,
    TimeType,
    UuidSpec,
    UuidType,
)
from dataforge.schema.serialize import from_document

_KINDS: dict[str, ColumnType] = {
    "string": StringType(),
    "text": TextType(),
    "integer": IntegerType(),
    "decimal": DecimalType(precision=12, scale=2),
    "float": FloatType(),
    "boolean": BooleanType(),
    "date": DateType(),
    "timestamp": TimestampType(),
    "time": TimeType(),
    "uuid": UuidType(),
    "json": JsonType(),
}
_FLAG = re.compile(r"^(?:is|has|was|can|should|ist|hat|est|es|tiene|é)_")
_COUNTED = re.compile(r"^(?:years|months|weeks|days|hours|minutes|number_of|num|count_of|no_of)_")
_YEAR = re.compile(r"(?:^|_)(?:year|jahr|annee|ano|anio|baujahr)(?:_de_|$)|年份$")
_SPREAD = 12.0
_OPTIONAL_SHARE = 0.2
_MISSING_SHARE = 0.85
_RATED = frozenset({"review_rating", "rating"})
_STARS = 5
_PERSONAL = frozenset({"gender", "title", "salutation", "marital_status"})
_OFTEN_MISSING = frozenset({"deleted"})
_FIRST_HALF, _SECOND_HALF = "0[1-6]", "0[7-9]|1[0-2]"
_WINDOWS = {
    "created": (2024, "0[1-9]|1[0-2]"),
    "updated": (2025, _FIRST_HALF),
    "deleted": (2025, _SECOND_HALF),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A column and the rules over it alone."""

    column: Column
    rules: tuple[Rule, ...] = ()


def made(wish: ColumnWish, table: str, language: str) -> Made:
    """Return the column of a wish; a spec only where the words say what its values are."""
    if wish.start is not None and wish.end is not None and _YEAR.search(snake(wish.name)):
        years = {"minimum": wish.start.year, "maximum": wish.end.year - 1}
        wish = wish.model_copy(update={"start": None, "end": None, "type": "integer", **years})
    logical = type_of(wish, table, language)
    concept = concept_of(wish.name, table, language)
    if "review" in table and re.search(r"star|rating", snake(wish.name)):
        concept = "review_rating"
    spec = _spec(wish, logical, concept)
    if isinstance(spec, CategoricalSpec | ConstantSpec) and isinstance(
        logical, IntegerType | DecimalType | FloatType
    ):
        spec = _numeric(spec, logical)
    late = concept in _OFTEN_MISSING
    nullable = wish.optional or late
    column = Column(
        name=wish.name,
        type=logical,
        nullable=nullable,
        semantic="review_rating"
        if concept in _RATED and spec is None and "review" in table
        else None,
        null_share=_MISSING_SHARE if late else _OPTIONAL_SHARE if wish.optional else None,
        spec=spec,
        comment=wish.description or None,
    )
    return Made(usual(column, table), tuple(_rules(wish, column)))


def _numeric(spec: CategoricalSpec | ConstantSpec, logical: ColumnType) -> Spec:
    whole = isinstance(logical, IntegerType)

    def number(value: Scalar) -> Scalar:
        return int(str(value)) if whole else float(str(value))

    if isinstance(spec, ConstantSpec):
        return ConstantSpec(value=number(spec.value))
    return spec.model_copy(update={"values": tuple(number(value) for value in spec.values)})


def type_of(wish: ColumnWish, table: str, language: str) -> ColumnType:
    """Return the type that a wish states, else the one its values or its name suggest."""
    stated = _stated(wish)
    listed = (*wish.values, *(() if wish.constant is None else (wish.constant,)))
    if listed:
        return _of_values(listed, stated)
    if wish.layout or wish.template:
        return StringType(max_length=10) if wish.layout else StringType()
    natural = stated or natural_type(wish.name, table, language)
    if wish.start is not None and natural.kind not in {"date", "timestamp"}:
        return TimestampType() if wish.type == "timestamp" else DateType()
    numeric = isinstance(natural, IntegerType | DecimalType | FloatType)
    if (wish.minimum is not None or wish.maximum is not None) and not numeric and stated is None:
        bounds = (wish.minimum or 0.0, wish.maximum or 0.0)
        return IntegerType() if all(b == int(b) for b in bounds) else _KINDS["decimal"]
    return natural


def _stated(wish: ColumnWish) -> ColumnType | None:
    if wish.type is None:
        return None
    if wish.type in _KINDS:
        return _KINDS[wish.type]
    document = {"tables": [{"name": "t", "columns": [{"name": "c", "type": wish.type}]}]}
    return from_document(document).tables[0].columns[0].type


def _of_values(values: tuple[Scalar, ...], stated: ColumnType | None) -> ColumnType:
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return stated if stated is not None and stated.kind != "boolean" else IntegerType()
    if all(isinstance(value, int | float) for value in values):
        return stated or _KINDS["decimal"]
    return stated if isinstance(stated, StringType | TextType) else StringType()


def natural_type(name: str, table: str, language: str) -> ColumnType:
    """Return the type that a column of this name has as a rule."""
    if _FLAG.match(snake(name)):
        return BooleanType()
    if _COUNTED.match(snake(name)):
        return IntegerType()
    if moment := re.search(r"[a-z]{3}_(on|at)$", snake(name)):
        return DateType() if moment[1] == "on" else TimestampType()
    spoken = () if language == "en" else (language,)
    holder = Table(name=table, columns=(Column(name=name, type=StringType()),))
    names = TableNames.of(holder, spoken)
    for match in matches(holder.columns[0], names):
        if match.concept.name == "counted":
            break
        for rule in match.concept.rules:
            if rule.classes and not rule.classes & match.classes:
                continue
            if kind := _kind_of(rule.kinds, snake(name)):
                exact = kind == "integer" and "decimal" in rule.kinds and not _is_whole(rule.form)
                return _KINDS["decimal" if exact else kind]
    return _by_ending(name, language)


def _dates(wish: ColumnWish, concept: str) -> str:
    """Return a pattern for dates in the layout; what comes later lies in later months.

    Created in the year before last, updated in the first half of the last, deleted in the second.
    """
    year, months = _WINDOWS.get(concept, (2025, "0[1-9]|1[0-2]"))
    if wish.start is not None:
        year = wish.start.year
        months = (
            f"{wish.start.month:02d}" if wish.end and (wish.end - wish.start).days < 32 else months
        )
    parts = {"Y": str(year), "M": f"({months})", "D": r"(0[1-9]|1\d|2[0-8])"}
    text = re.sub(r"Y+|M+|D+", lambda match: parts[match[0][0]], str(wish.layout))
    return text.replace(".", r"\.") if "." in str(wish.layout) else text


def _is_whole(form: str) -> bool:
    """Tell whether what a form makes has no fraction: everything but money and fine numbers."""
    word = form.split(maxsplit=1)[0]
    if word == "number":
        return not re.search(r"\d\.\d", form)
    priced = re.search(r"price|cost|amount|weight|total", form) is not None
    return word not in {"money", "share", "taxes", "rates", "sparse"} and not priced


def concept_of(name: str, table: str, language: str) -> str:
    """Return the meaning that a column of such a name has; empty where it has none."""
    spoken = () if language == "en" else (language,)
    holder = Table(name=table, columns=(Column(name=name, type=StringType()),))
    match = next(matches(holder.columns[0], TableNames.of(holder, spoken)), None)
    return "" if match is None else match.concept.name


def _kind_of(kinds: frozenset[str], name: str) -> str | None:
    if kinds & {"date", "timestamp"}:
        timed = re.search(
            r"(?:_at|_time|timestamp|datetime|zeitstempel|horodatage|_zeit|_hora|heure|check_in|check_out)$",
            name,
        )
        return "timestamp" if timed and "timestamp" in kinds else "date"
    for kind in (
        "string",
        "integer",
        "decimal",
        "boolean",
        "float",
        "uuid",
        "time",
        "json",
        "text",
    ):
        if kind in kinds:
            return kind
    return None


def _by_ending(name: str, language: str) -> ColumnType:
    words = snake(name).split("_")
    lexicons = {language, "en"}
    for kind, key in (
        ("integer", "whole_nouns"),
        ("decimal", "measure_nouns"),
        ("date", "date_nouns"),
    ):
        nouns = frozenset().union(*(lexicon(code).folded(key) for code in lexicons))
        if words[-1] in nouns or (
            words[0] in nouns and (language != "en" or words[0].endswith("s"))
        ):
            return _KINDS[kind]
    if words[-1] == "id":
        return IntegerType()
    return StringType()


def _spec(wish: ColumnWish, logical: ColumnType, concept: str) -> Spec | None:
    if wish.values and not wish.weights and concept in _PERSONAL:
        return None  # the list is a rule: the record of the person knows which fits
    if concept in _RATED and (wish.minimum, wish.maximum) == (1, _STARS) and wish.mean is None:
        return None  # stars go with what a review says
    if wish.layout is not None:
        return PatternSpec(pattern=_dates(wish, concept))
    if wish.constant is not None:
        return ConstantSpec(value=wish.constant)
    if wish.values:
        weights = wish.weights if len(wish.weights) == len(wish.values) else None
        return CategoricalSpec(values=wish.values, weights=weights)
    if wish.start is not None and wish.end is not None:
        return DatetimeSpec(start=wish.start, end=wish.end)
    return _by_type(wish, logical)


def _by_type(wish: ColumnWish, logical: ColumnType) -> Spec | None:
    match logical:
        case UuidType():
            return UuidSpec()
        case BooleanType() if wish.mean is not None and 0 <= wish.mean <= 1:
            return BooleanSpec(true_share=wish.mean)
        case BooleanType() if wish.type == "boolean" and not _FLAG.match(wish.name):
            return BooleanSpec(true_share=0.5)
        case IntegerType() | DecimalType() | FloatType():
            return _number(wish, logical)
        case _:
            return None


def _number(wish: ColumnWish, logical: ColumnType) -> NumberSpec | None:
    low, high, mean = wish.minimum, wish.maximum, wish.mean
    if low is None and high is None and mean is None:
        return None
    if high is None and mean is None:
        return None  # the name's own law, kept above the bound by a rule
    least = 0.0 if low is None else low
    most = high if high is not None else max(2.0 * (mean or 0.0) - least, least + 1)
    decimals = 2 if isinstance(logical, FloatType | DecimalType) else None
    spec = NumberSpec(minimum=_tidy(least), maximum=_tidy(most), decimals=decimals)
    if mean is None or not least < mean < most:
        return spec
    middle = (mean - least) / (most - least)
    strength = _SPREAD if 0.1 < middle < 0.9 else _SPREAD / 2
    law = Beta(a=round(middle * strength, 4), b=round((1 - middle) * strength, 4))
    return spec.model_copy(update={"distribution": law})


def _tidy(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _rules(wish: ColumnWish, column: Column) -> list[Rule]:
    name = quoted(wish.name)
    if wish.constant is not None:
        return [Rule(expression=f"{name} = {literal(wish.constant)}")]
    if wish.values:
        listed = ", ".join(literal(value) for value in wish.values)
        return [Rule(expression=f"{name} IN ({listed})")]
    if not isinstance(column.type, IntegerType | DecimalType | FloatType):
        return []
    parts = []
    if wish.minimum is not None:
        parts.append(f"{name} >= {number(wish.minimum)}")
    if wish.maximum is not None:
        parts.append(f"{name} <= {number(wish.maximum)}")
    return [Rule(expression=" AND ".join(parts))] if parts else []


def quoted(name: str) -> str:
    """Return a column's name as SQL has it."""
    plain = re.fullmatch(r"[a-z_][a-z0-9_]*", name)
    return name if plain and name not in _RESERVED else '"' + name.replace('"', '""') + '"'


_RESERVED = frozenset(
    "order group table select from where user end start date time desc asc case when then "
    "else check "
    "column values default index key limit level type status first last open close".split()
) - {"status", "type", "level", "first", "last", "date", "time", "key", "start", "open", "close"}


def literal(value: Scalar) -> str:
    """Return a value as a SQL literal."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number(value)
    return "'" + str(value).replace("'", "''") + "'"


def number(value: float) -> str:
    """Return a number as SQL has it."""
    return str(int(value)) if value == int(value) else str(Decimal(str(value)))


def period_rule(column: Column, start: datetime, end: datetime) -> Rule:
    """Return the rule that a moment lies in a period."""
    kind = "DATE" if column.type.kind == "date" else "TIMESTAMP"
    form = "%Y-%m-%d" if kind == "DATE" else "%Y-%m-%d %H:%M:%S"
    name = quoted(column.name)
    text = f"{name} >= {kind} '{start.strftime(form)}' AND {name} < {kind} '{end.strftime(form)}'"
    return Rule(name=f"{snake(column.name)}_in_period", expression=text)

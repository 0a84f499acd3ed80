"""Flags and statuses that agree with the moments of their row: nobody active has left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from dataforge.corpora import vocabulary
from dataforge.parsers.meaning.stages import named
from dataforge.parsers.meaning.words import Words, pieces, singular
from dataforge.schema import (
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    Column,
    ConditionalSpec,
    ConstantSpec,
    DateType,
    EnumType,
    ExpressionSpec,
    IntegerType,
    Scalar,
    Spec,
    StringType,
    Table,
    VocabularySpec,
    When,
)
from dataforge.schema.references import row_columns

_NOTHING = frozenset("is has was are flag flg yn ind indicator status state bool bln b fl".split())
_GOING_ON = frozenset(
    "active enabled current valid live employed effective alive inforce vigente".split()
)
_OVER = frozenset("inactive disabled terminated discontinued former retired deactivated".split())
# Stages after which a row is active no more, and those that close what is open.
_ENDS = frozenset({"ended", "left", "sold", "died", "deleted", "archived", "rejected"})
_CLOSINGS = frozenset({"closed", "resolved", "ended", "rejected", "failed"})
_GONE = frozenset(
    """inactive terminated ended expired closed former retired disabled deleted resigned left
    archived dismissed churned discontinued deceased sold lapsed""".split()
)
_STATUS_WORDS = frozenset("status stat state standing estado stato statut stan".split())
_STRINGS = ({"Y", "N"}, {"yes", "no"}, {"T", "F"}, {"true", "false"})


@dataclass(frozen=True, slots=True)
class Ends:
    """The stages of a table's moments, those when something expires, and what names read as."""

    stages: Mapping[str, str]
    expiries: Collection[str]
    readings: Callable[[str], Iterator[Words]]


def flags_that_agree(table: Table, ends: Ends, free: Collection[str], locale: str | None) -> Table:
    """Return the table with its flags and statuses told by the moments of the row.

    Only columns in ``free`` change; ``locale`` is that of all rows, None where they differ.
    """
    over = _over(table, ends, _ENDS)
    changed: dict[str, Column] = {}
    for column in table.columns:
        if column.name in free:
            made = _flag(column, table, ends, locale) or _status(column, table, over, locale)
            if made is not None:
                changed[column.name] = column.model_copy(update={"spec": made})
    columns = tuple(changed.get(column.name, column) for column in table.columns)
    return table.model_copy(update={"columns": columns})


def _over(table: Table, ends: Ends, stages: Collection[str]) -> dict[str, str]:
    """Return, by column, SQL that is true of the rows whose moment has passed."""
    found = {}
    for column in table.columns:
        name, kind = column.name, column.type
        if ends.stages.get(name) in stages or name in ends.expiries:
            now = "CURRENT_DATE" if isinstance(kind, DateType) else "CURRENT_TIMESTAMP"
            found[name] = f"({_quoted(name)} IS NOT NULL AND {_quoted(name)} <= {now})"
    return found


def _flag(column: Column, table: Table, ends: Ends, locale: str | None) -> Spec | None:
    if not _is_flag(column):
        return None
    own, over = {singular(word) for word in pieces(table.name)}, _over(table, ends, _ENDS)
    word = _word(column.name, own, ends)
    stage = named((word,), frozenset()).stage
    if word in _GOING_ON | _OVER:
        passed = over
    elif word in {"open", "opened"}:
        passed = _over(table, ends, _CLOSINGS)
    elif word == "expired":
        passed = {name: text for name, text in over.items() if name in ends.expiries}
    else:
        passed = _reached(table, ends, "" if stage is None else stage.name)
    passed = {name: text for name, text in passed.items() if not _reads(table, name, column.name)}
    text = " OR ".join(passed.values())
    if not passed:
        text = _by_status(table, column.name, locale) if word in _GOING_ON | _OVER else ""
    if not text:
        return None
    gone = word not in _GOING_ON | {"open", "opened"}
    return _as_type(column, text if gone else f"NOT ({text})")


def _word(name: str, own: Collection[str], ends: Ends) -> str:
    """Return the one word that a flag's name says, in the first reading that tells something."""
    for reading in ends.readings(name):
        words = [w for w in reading if w not in _NOTHING and singular(w) not in own]
        known = words and (words[0] in _GOING_ON | _OVER | {"open", "opened", "expired"})
        if len(words) == 1 and (known or named(tuple(words), frozenset()).stage):
            return words[0]
    return ""


def _reached(table: Table, ends: Ends, stage: str) -> dict[str, str]:
    """Return SQL that is true of the rows that have come to a stage which others have not."""
    return {
        column.name: f"{_quoted(column.name)} IS NOT NULL"
        for column in table.columns
        if stage and ends.stages.get(column.name) == stage and column.nullable
    }


def _reads(table: Table, name: str, flag: str) -> bool:
    """Tell whether a column is computed from another, however far."""
    waiting, seen = [name], set()
    while waiting:
        each = waiting.pop()
        spec = table.column(each).spec
        if each not in seen and spec is not None:
            seen.add(each)
            read = row_columns(spec)
            if flag in read:
                return True
            waiting.extend(read)
    return False


def _is_flag(column: Column) -> bool:
    spec = column.spec
    if isinstance(column.type, BooleanType):
        return isinstance(spec, BooleanSpec | None)
    if not isinstance(column.type, IntegerType | StringType):
        return False
    return isinstance(spec, CategoricalSpec) and _truth(spec) is not None


def _truth(spec: CategoricalSpec) -> tuple[Scalar, Scalar] | None:
    """Return what stands for true and for false among two values; None where they are no flag."""
    values = set(spec.values)
    if values == {0, 1}:
        return 1, 0
    yes = next((pair for pair in _STRINGS if values == pair), None)
    if yes is None:
        return None
    first, second = sorted(yes, reverse=True)
    return first, second


def _as_type(column: Column, text: str) -> Spec:
    if isinstance(column.type, BooleanType):
        return ExpressionSpec(expression=text)
    assert isinstance(column.spec, CategoricalSpec)  # noqa: S101 - only those are flags
    truth = _truth(column.spec)
    assert truth is not None  # noqa: S101 - only those are flags
    branch = When(condition=text, then=ConstantSpec(value=truth[0]))
    return ConditionalSpec(branches=(branch,), otherwise=ConstantSpec(value=truth[1]))


def _by_status(table: Table, flag: str, locale: str | None) -> str:
    """Return SQL that is true of the rows whose status says that they are over."""
    for column in table.columns:
        is_status = _STATUS_WORDS & set(pieces(column.name))
        weighted = _weighted(column, locale) if is_status else {}
        gone = [value for value in weighted if _plain(value) in _GONE]
        if gone and len(gone) < len(weighted) and not _reads(table, column.name, flag):
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in gone)
            return f"COALESCE({_quoted(column.name)} IN ({listed}), FALSE)"
    return ""


def _status(
    column: Column, table: Table, over: Mapping[str, str], locale: str | None
) -> Spec | None:
    """Return a status that says whether the row is over, as its moments do."""
    is_status = _STATUS_WORDS & set(pieces(column.name))
    weighted = _weighted(column, locale) if is_status else {}
    gone = {value: weight for value, weight in weighted.items() if _plain(value) in _GONE}
    here = {value: weight for value, weight in weighted.items() if value not in gone}
    passed = [text for name, text in over.items() if not _reads(table, name, column.name)]
    if not gone or not here or not passed or len(passed) < len(over):
        return None
    branch = When(condition=" OR ".join(passed), then=_one_of(gone))
    return ConditionalSpec(branches=(branch,), otherwise=_one_of(here))


_STATUS_WORDS = frozenset(
    {"status", "stat", "state", "standing", "estado", "stato", "statut", "stan"}
)


def _plain(value: str) -> str:
    return value.lower().replace(" ", "_").replace("-", "_")


def _weighted(column: Column, locale: str | None) -> dict[str, float]:
    match column.spec:
        case CategoricalSpec(values=values, weights=weights):
            texts = [value for value in values if isinstance(value, str)]
            given = weights or (1.0,) * len(values)
            return dict(zip(texts, given, strict=True)) if len(texts) == len(values) else {}
        case VocabularySpec(vocabulary=name) if locale is not None and name.endswith("status"):
            entries = vocabulary(name, locale)
            values_ = entries.values.to_pylist()
            weights_ = [1.0] * len(values_) if entries.weights is None else entries.weights.tolist()
            pairs = zip(values_, weights_, strict=True)
            return {value: weight for value, weight in pairs if _has_room(value, column)}
        case None if isinstance(column.type, EnumType) and not column.type.multiple:
            return dict.fromkeys(column.type.values, 1.0)
        case _:
            return {}


def _has_room(value: str, column: Column) -> bool:
    most = column.type.max_length if isinstance(column.type, StringType) else None
    return most is None or len(value) <= most


def _one_of(weighted: Mapping[str, float]) -> CategoricalSpec:
    return CategoricalSpec(values=tuple(weighted), weights=tuple(weighted.values()))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

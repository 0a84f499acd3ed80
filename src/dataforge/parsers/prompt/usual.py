"""What columns hold as a rule, from ``data/usual.yaml``, where only their name speaks of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from dataforge.parsers.meaning.words import singular
from dataforge.parsers.prompt.lexicon import plain
from dataforge.parsers.prompt.names import snake
from dataforge.schema import (
    CategoricalSpec,
    Column,
    DecimalType,
    FloatType,
    IntegerType,
    Normal,
    NumberSpec,
    PatternSpec,
    StringType,
)
from dataforge.schema.yaml_text import load_yaml

_COUNTS = {"years": 40, "months": 60, "weeks": 52, "days": 90, "hours": 60, "minutes": 120}
_FEW = 12
_COUNTED = re.compile(r"^(years|months|weeks|days|hours|minutes|number_of|num|count_of|no_of)_")


def usual(column: Column, table: str) -> Column:
    """Return a column that nothing was said of with what its name is known to hold."""
    if column.spec is not None:
        return column
    words = plain(snake(column.name).replace("_", " "))
    entry = _known().get(words)
    for facts in entry or ():
        if "of" in facts and not any(kind in plain(table) for kind in facts["of"]):
            continue
        return _made(column, facts)
    counted = _COUNTED.match(snake(column.name))
    if counted and isinstance(column.type, IntegerType):
        most = _COUNTS.get(counted[1], _FEW)
        law = Normal(mean=most / 5, std=most / 5)
        return column.model_copy(
            update={"spec": NumberSpec(minimum=0, maximum=most, distribution=law)}
        )
    return column


def _made(column: Column, facts: Mapping[str, Any]) -> Column:
    if "meaning" in facts:
        return column.model_copy(update={"semantic": facts["meaning"], "type": StringType()})
    if "pattern" in facts:
        return column.model_copy(update={"spec": PatternSpec(pattern=facts["pattern"])})
    if "choice" in facts:
        return column.model_copy(update={"spec": CategoricalSpec(values=tuple(facts["choice"]))})
    low, high = facts["range"]
    mean, std = facts["middle"]
    whole = facts["decimals"] == 0
    number = isinstance(column.type, IntegerType | DecimalType | FloatType)
    spec = NumberSpec(
        minimum=low,
        maximum=high,
        distribution=Normal(mean=mean, std=std),
        decimals=facts["decimals"],
    )
    keep = number and (whole or not isinstance(column.type, IntegerType))
    logical = (
        column.type if keep else IntegerType() if whole else DecimalType(precision=12, scale=2)
    )
    return column.model_copy(update={"spec": spec, "type": logical})


@cache
def _known() -> Mapping[str, list[Mapping[str, Any]]]:
    home = files("dataforge.parsers.prompt").joinpath("data")
    found: dict[str, list[Mapping[str, Any]]] = {}
    for facts in load_yaml(home.joinpath("usual.yaml").read_text("utf-8"), "usual"):
        for word in facts["words"]:
            found.setdefault(plain(str(word)), []).append(facts)
    return found


def noun_of(table: str) -> str:
    """Return a table's name as a noun in the singular, with a capital."""
    words = snake(table).split("_")
    return " ".join([*words[:-1], singular(words[-1])]).capitalize()

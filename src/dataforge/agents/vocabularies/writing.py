"""Asking a model for vocabularies, and putting them into the schema for the engine to sample."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, Field, ValidationError

from dataforge.agents.prompt_files import prompt
from dataforge.agents.schema_agent.quoting import quoted
from dataforge.agents.steps import OnStep, Step
from dataforge.agents.vocabularies.asks import Ask, asks_of
from dataforge.agents.vocabularies.store import VocabularyStore
from dataforge.errors import BudgetError, ModelError
from dataforge.schema import CategoricalSpec, Schema

FEWEST = 5
MOST_VALUES = 400
_SLOT = re.compile(r"\{(\w+)\}")


class Vocabulary(BaseModel):
    """Values for a column, and templates whose slots have lists of their own."""

    values: list[str] = Field(default_factory=list)
    templates: list[str] = Field(default_factory=list)
    slots: dict[str, list[str]] = Field(default_factory=dict)


def with_vocabularies(
    schema: Schema, model: BaseChatModel, name: str, store: VocabularyStore, on_step: OnStep
) -> Schema:
    """Return the schema whose columns of free text have a vocabulary, asked for once and kept.

    Where the model fails or the budget ends, the columns that are left keep the engine's texts.
    """
    for ask in asks_of(schema):
        values = store.get(ask.key(name))
        if values is None:
            try:
                values = _written(model, ask)
            except (ModelError, BudgetError) as error:
                on_step(Step(kind="note", text=f"no more vocabularies: {error.message}"))
                return schema
            store.put(ask.key(name), values)
        if len(values) >= FEWEST:
            schema = _with(schema, ask, values)
    return schema


def _written(model: BaseChatModel, ask: Ask) -> tuple[str, ...]:
    """Ask for one column; empty where the answer is no vocabulary."""
    asked = model.bind_tools([Vocabulary], tool_choice="any")
    words = f"{ask.words}; locale {ask.locale}"
    if ask.max_length:
        words += f"; at most {ask.max_length} characters"
    system = SystemMessage(prompt("vocabularies", "system"))
    answer = asked.invoke([system, HumanMessage(quoted(words))])
    for call in answer.tool_calls:
        if call["name"] == Vocabulary.__name__:
            try:
                return expanded(Vocabulary.model_validate(call["args"]), ask.max_length)
            except ValidationError:
                continue
    return ()


def expanded(vocabulary: Vocabulary, max_length: int | None) -> tuple[str, ...]:
    """Return the distinct values and filled templates that fit, in their order, 400 at most."""
    filled = (_filled(template, vocabulary.slots) for template in vocabulary.templates)
    said = itertools.chain(vocabulary.values, *filled)
    plain = (" ".join(value.split()) for value in said)
    fitting = (value for value in plain if value and len(value) <= (max_length or len(value)))
    return tuple(itertools.islice(dict.fromkeys(fitting), MOST_VALUES))


def _filled(template: str, slots: dict[str, list[str]]) -> Iterator[str]:
    """Fill a template from its slots; one with a slot of no list gives nothing."""
    names = list(dict.fromkeys(_SLOT.findall(template)))
    lists = [slots.get(name, []) for name in names]
    for chosen in itertools.islice(itertools.product(*lists), MOST_VALUES):
        text = template
        for name, word in zip(names, chosen, strict=True):
            text = text.replace(f"{{{name}}}", word)
        yield text


def _with(schema: Schema, ask: Ask, values: tuple[str, ...]) -> Schema:
    spec = CategoricalSpec(values=values)
    tables = tuple(
        table.model_copy(
            update={
                "columns": tuple(
                    column.model_copy(update={"spec": spec})
                    if column.name == ask.column
                    else column
                    for column in table.columns
                )
            }
        )
        if table.name == ask.table
        else table
        for table in schema.tables
    )
    return schema.model_copy(update={"tables": tables})

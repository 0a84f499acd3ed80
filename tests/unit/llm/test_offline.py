from __future__ import annotations

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from pydantic import BaseModel

from dataforge.llm import ModelSettings, model


class Answer(BaseModel):
    """The answer."""

    tables: int = 0


@tool
def count_tables() -> str:
    """Count the tables."""
    return '{"tables": 3, "other": 1}'


def test_it_works_down_its_tools_and_answers_with_what_they_returned() -> None:
    chat = model(ModelSettings()).bind_tools([count_tables, Answer])
    request = HumanMessage("how many tables?")
    first = chat.invoke([request])
    assert [(call["name"], call["args"]) for call in first.tool_calls] == [("count_tables", {})]
    result = ToolMessage(count_tables.invoke({}), tool_call_id=first.tool_calls[0]["id"])
    second = chat.invoke([request, first, result])
    assert [(call["name"], call["args"]) for call in second.tool_calls] == [
        ("Answer", {"tables": 3})
    ]


def test_a_new_request_begins_at_the_first_tool() -> None:
    chat = model(ModelSettings()).bind_tools([count_tables, Answer])
    done = ToolMessage("{}", tool_call_id="1")
    again = chat.invoke([HumanMessage("one"), AIMessage(""), done, HumanMessage("two")])
    assert again.tool_calls[0]["name"] == "count_tables"


def test_without_tools_it_says_nothing() -> None:
    assert model(ModelSettings()).invoke("hello").content == ""

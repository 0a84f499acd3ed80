"""A planner: one tool drafts from the words, the answer is a typed plan, checked before use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware
from langchain.agents.structured_output import ToolStrategy
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool

from dataforge.agents.schema_agent.check import told
from dataforge.errors import Problem, SchemaError
from dataforge.schema.types import Model

MOST_CALLS = 6
MOST_REPAIRS = 2
Plan = TypeVar("Plan", bound=Model)


def planned(
    model: BaseChatModel,
    system: str,
    request: str,
    draft: Plan,
    problems_of: Callable[[Plan], tuple[Problem, ...]],
) -> Plan:
    """Return the model's plan of ``draft``'s type; SchemaError where repairs leave problems."""

    @tool
    def draft_plan() -> str:
        """Draft the plan from the words of the request."""
        return draft.model_dump_json()

    agent: Any = create_agent(
        model,
        [draft_plan],
        system_prompt=system,
        response_format=ToolStrategy(type(draft), tool_message_content="noted"),
        middleware=[ModelCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="end")],
    )
    messages: list[Any] = [HumanMessage(request)]
    problems: tuple[Problem, ...] = ()
    for _ in range(MOST_REPAIRS + 1):
        ended = agent.invoke({"messages": messages}, {"configurable": {"thread_id": None}})
        plan = ended.get("structured_response")
        if not isinstance(plan, type(draft)):
            return draft
        problems = problems_of(plan)
        if not problems:
            return plan
        messages = [*ended["messages"], HumanMessage(f"The plan has problems:\n{told(problems)}")]
    raise SchemaError.of(problems)

"""The embedded model: a policy that works down its tools, with no network and no knowledge.

What it can do is what its tools can do: it calls each tool that it was given once, in the order
given, and answers with what they returned. Agents list their tools in the order of the work and
the tool for the answer last, so that the same graph runs with it as with any other model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool


class OfflineModel(BaseChatModel):
    """Calls ``tools`` in their order, the last of them with the fields that the others returned."""

    tools: tuple[dict[str, Any], ...] = ()

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return this model with a list of tools to work down."""
        described = tuple(convert_to_openai_tool(tool)["function"] for tool in tools)
        return self.model_copy(update={"tools": described})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = self._next(_since_last_request(messages))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _next(self, done: Sequence[BaseMessage]) -> AIMessage:
        results = [message for message in done if isinstance(message, ToolMessage)]
        if len(results) >= len(self.tools):
            return AIMessage("")
        tool = self.tools[len(results)]
        wanted = set(tool.get("parameters", {}).get("properties", {}))
        answering = len(results) == len(self.tools) - 1
        arguments = _returned(results, wanted) if answering else {}
        call = {"name": tool["name"], "args": arguments, "id": f"offline-{len(done)}"}
        return AIMessage("", tool_calls=[call])


def _since_last_request(messages: Sequence[BaseMessage]) -> Sequence[BaseMessage]:
    places = [at for at, message in enumerate(messages) if isinstance(message, HumanMessage)]
    return messages[places[-1] + 1 :] if places else messages


def _returned(results: Sequence[ToolMessage], wanted: set[str]) -> dict[str, Any]:
    """Return the wanted fields of the tools' JSON answers; later tools overrule earlier ones."""
    found: dict[str, Any] = {}
    for result in results:
        text = result.content if isinstance(result.content, str) else ""
        if text.startswith("{"):
            fields = json.loads(text)
            found |= {name: value for name, value in fields.items() if name in wanted}
    return found

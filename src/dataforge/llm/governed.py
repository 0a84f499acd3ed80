"""A chat model whose calls pass a governor, for LangChain the same as the model within."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field, SkipValidation

from dataforge.llm.governor import Governor
from dataforge.llm.ledger import Usage, estimated_tokens

_QUIET: RunnableConfig = {"callbacks": []}
"""The model within reports to nobody: the governed one is what runs in the graph."""


class GovernedModel(BaseChatModel):
    """Passes calls to ``base`` (or ``bound``, which is ``base`` with tools) by the governor.

    A call is retried as a whole. So is a stream: its parts are handed on once all are there, as
    nobody watches the words of a schema being written, and half of one is of no use.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    base: BaseChatModel
    governor: SkipValidation[Governor] = Field(exclude=True)
    bound: SkipValidation[Runnable[LanguageModelInput, AIMessage] | None] = Field(
        default=None, exclude=True
    )
    tool_characters: int = 0

    @property
    def _llm_type(self) -> str:
        return f"governed-{self.base._llm_type}"  # noqa: SLF001 - the name LangChain gives it

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Return this model with tools to call."""
        given = {} if tool_choice is None else {"tool_choice": tool_choice}
        bound = self.base.bind_tools(tools, **given, **kwargs)
        size = len(json.dumps([convert_to_openai_tool(tool) for tool in tools]))
        return self.model_copy(update={"bound": bound, "tool_characters": size})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked = self.bound or self.base

        def ask() -> AIMessage:
            return asked.invoke(messages, _QUIET, stop=stop, **kwargs)

        answer = self.governor.call(self._size(messages), ask, usage_of)
        return ChatResult(generations=[ChatGeneration(message=answer)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        asked = self.bound or self.base

        def ask() -> list[AIMessageChunk]:
            parts = asked.stream(messages, _QUIET, stop=stop, **kwargs)
            return [_chunk(part) for part in parts]

        for part in self.governor.call(self._size(messages), ask, _usage_of_parts):
            yield ChatGenerationChunk(message=part)

    def _size(self, messages: Sequence[BaseMessage]) -> int:
        said = sum(
            len(str(message.content)) + len(str(getattr(message, "tool_calls", "")))
            for message in messages
        )
        return estimated_tokens(said + self.tool_characters)


def usage_of(message: BaseMessage) -> Usage | None:
    """Return the tokens that a message says it took, None where it does not say."""
    told = getattr(message, "usage_metadata", None)
    return Usage(told["input_tokens"], told["output_tokens"]) if told else None


def _usage_of_parts(parts: Sequence[BaseMessage]) -> Usage | None:
    told = [usage for part in parts if (usage := usage_of(part)) is not None]
    return sum(told, Usage()) if told else None


def _chunk(part: BaseMessage) -> AIMessageChunk:
    if isinstance(part, AIMessageChunk):
        return part
    fields = part.model_dump(exclude={"type"})
    return AIMessageChunk(**fields)

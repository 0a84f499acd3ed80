"""Any provider that LangChain knows, by name: ``openai:gpt-4.1-mini``, ``ollama:qwen3``."""

from __future__ import annotations

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel

from dataforge.errors import UsageError
from dataforge.llm.settings import ModelSettings


def hosted(settings: ModelSettings) -> BaseChatModel:
    """Return the model ``<provider>:<model>``; UsageError says what it lacks."""
    provider, model = settings.provider, settings.model_id
    if not model:
        raise UsageError(
            f"{settings.name!r} names no model → offline, bedrock, bedrock:ID or provider:model, "
            "as in anthropic:claude-haiku-4-5 or ollama:qwen3"
        )
    try:
        return init_chat_model(
            model,
            model_provider=provider,
            temperature=settings.temperature,
            max_tokens=settings.output_tokens,
            timeout=settings.timeout_s,
            max_retries=0,
        )
    except ImportError as error:
        raise UsageError(f"{provider} needs a package that is not installed: {error}") from None
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"{settings.name!r} cannot be set up: {reason}") from None

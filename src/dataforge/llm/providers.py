"""From a model's name to a chat model; each provider's library is loaded when it is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dataforge.errors import UsageError
from dataforge.llm.gate import Gate
from dataforge.llm.ledger import Ledger
from dataforge.llm.retries import Patience
from dataforge.llm.settings import BEDROCK, OFFLINE, ModelSettings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Listener = Callable[[str], None]


def model(
    settings: ModelSettings,
    ledger: Ledger | None = None,
    *,
    patience: Patience | None = None,
    on_retry: Listener = lambda _message: None,
) -> BaseChatModel:
    """Return the chat model that ``settings`` name.

    Calls of every model but ``offline`` are entered in ``ledger``, kept within its budget, and
    retried with ``patience``. UsageError says which extra or setting is missing.
    """
    try:
        return _built(settings, ledger or Ledger(), patience, on_retry)
    except ModuleNotFoundError as error:
        extra = "bedrock" if settings.provider == BEDROCK else "agents"
        msg = f"a model needs the package {error.name} → pip install 'dataforge-studio[{extra}]'"
        raise UsageError(msg) from None


# Each import below loads the library of one provider, for those who asked for it.
# ruff: noqa: PLC0415


def _built(
    settings: ModelSettings, ledger: Ledger, patience: Patience | None, on_retry: Listener
) -> BaseChatModel:
    if settings.name == OFFLINE:
        from dataforge.llm.offline import OfflineModel

        return OfflineModel()
    from dataforge.llm.governed import GovernedModel
    from dataforge.llm.governor import Governor

    base = _provided(settings)
    governor = Governor(
        model=_priced_name(settings, base),
        ledger=ledger,
        gate=Gate(settings.concurrency),
        patience=patience or Patience(settings.attempts),
        output_tokens=settings.output_tokens,
        on_retry=on_retry,
    )
    return GovernedModel(base=base, governor=governor)


def _provided(settings: ModelSettings) -> BaseChatModel:
    if settings.provider == BEDROCK:
        from dataforge.llm.bedrock import bedrock

        return bedrock(settings)
    from dataforge.llm.hosted import hosted

    return hosted(settings)


def _priced_name(settings: ModelSettings, base: BaseChatModel) -> str:
    """Return the name with the identifier that the provider's default stands for."""
    identifier = settings.model_id or getattr(base, "model_id", "")
    return f"{settings.provider}:{identifier}"

"""What went wrong with a call, in the terms of this package, whatever the provider's library."""

from __future__ import annotations

import re
import sys
from typing import Literal

from dataforge.errors import ModelError, ModelUnavailableError

Kind = Literal["throttled", "slow", "unreachable", "denied", "garbled", "rejected"]

RETRIED: frozenset[Kind] = frozenset({"throttled", "slow", "unreachable", "garbled"})

LIBRARIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("botocore.exceptions", ("BotoCoreError", "ClientError")),
    ("httpx", ("HTTPError", "StreamError")),
    ("openai", ("OpenAIError",)),
    ("anthropic", ("AnthropicError",)),
    ("ollama", ("ResponseError", "RequestError")),
    ("google.api_core.exceptions", ("GoogleAPIError",)),
)
"""The roots of what the providers' libraries raise; only those that are loaded can be raised."""

GARBLED = (KeyError, IndexError, TypeError, ValueError, AttributeError)
"""What LangChain raises over an answer that is not of the provider's protocol."""

_NAMES: tuple[tuple[str, Kind], ...] = (
    (r"throttl|toomanyrequests|ratelimit|servicequota|modelnotready", "throttled"),
    (r"timeout|timedout", "slow"),
    (
        r"connect|endpoint|network|unavailable|internalserver|modelerror|stream",
        "unreachable",
    ),
    (r"credential|accessdenied|unauthori|authentication|permission|token|profile", "denied"),
    (r"parse|json|decode|checksum|incomplete", "garbled"),
)
_STATUSES: dict[int, Kind] = {401: "denied", 403: "denied", 408: "slow", 424: "garbled"}

_WORDS: dict[Kind, str] = {
    "throttled": "is throttling this account",
    "slow": "did not answer in time",
    "unreachable": "cannot be reached",
    "denied": "denies access: the credentials are missing, wrong or lack this model",
    "garbled": "gave an answer that is not of its protocol",
    "rejected": "rejects the request",
}


def caught() -> tuple[type[BaseException], ...]:
    """Return the exceptions that a call of a loaded provider may raise."""
    found: list[type[BaseException]] = [*GARBLED, OSError]
    for module, names in LIBRARIES:
        loaded = sys.modules.get(module)
        found.extend(getattr(loaded, name) for name in names if hasattr(loaded, name))
    return tuple(found)


def kind_of(failure: BaseException) -> Kind:
    """Tell the kind of a failure from its code, its status or its class."""
    response = getattr(failure, "response", None)
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    name = f"{error.get('Code', '')} {type(failure).__name__}".casefold()
    status = _status(failure, response)
    if status == 429:
        return "throttled"
    for pattern, kind in _NAMES:
        if re.search(pattern, name):
            return kind
    if status is not None:
        return _STATUSES.get(status, "unreachable" if status >= 500 else "rejected")
    if isinstance(failure, OSError):
        return "unreachable"
    return "garbled" if isinstance(failure, GARBLED) else "rejected"


def error_of(model: str, kind: Kind, attempts: int) -> ModelError:
    """Return the error for a call that failed for good; it quotes nothing of the answer."""
    tries = f" after {attempts} tries" if attempts > 1 else ""
    message = f"the model {model} {_WORDS[kind]}{tries} → try again later, or use --model offline"
    return (ModelUnavailableError if kind in RETRIED - {"garbled"} else ModelError)(message)


def _status(failure: BaseException, response: object) -> int | None:
    if isinstance(response, dict):
        found = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        found = getattr(failure, "status_code", None) or getattr(response, "status_code", None)
    return found if isinstance(found, int) else None

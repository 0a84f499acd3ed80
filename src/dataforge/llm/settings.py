"""What reaching a language model needs, as plain values; nothing here reads the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OFFLINE: Final = "offline"
BEDROCK: Final = "bedrock"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model answers, where it is, and how patiently it is asked.

    ``name`` is ``offline``, ``bedrock``, ``bedrock:<model or inference profile>`` or
    ``<provider>:<model>``. ``region``, ``profile`` (of the credentials) and ``endpoint`` are for
    Bedrock; None leaves them to the machine's own AWS configuration. ``timeout_s`` bounds the
    wait for the next bytes of an answer, ``attempts`` counts the first try too, ``concurrency`` is
    the most calls at a time. ``output_tokens`` bounds one answer. ``fallback`` says whether the
    offline plan stands in for a model that fails.
    """

    name: str = OFFLINE
    region: str | None = None
    profile: str | None = None
    endpoint: str | None = None
    timeout_s: float = 60.0
    connect_timeout_s: float = 5.0
    attempts: int = 4
    concurrency: int = 4
    output_tokens: int = 4096
    temperature: float = 0.0
    fallback: bool = False

    @property
    def provider(self) -> str:
        """The part of the name before the colon."""
        return self.name.partition(":")[0]

    @property
    def model_id(self) -> str:
        """The part of the name behind the first colon; empty for the provider's default."""
        return self.name.partition(":")[2]

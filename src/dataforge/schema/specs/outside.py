"""Specs of values that other libraries make."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from dataforge.schema.types import Model


class FakerSpec(Model):
    """A value of a provider of the Faker library (``color_name``, ``license_plate``, …); slow.

    ``locale`` is any that Faker has, else the schema's; ``arguments`` are the provider's own.
    Faker makes ``pool`` values once in each process, some 10,000 a second, and rows draw from
    them: values repeat, and columns do not agree with each other. Needs the extra ``faker``.
    """

    kind: Literal["faker"] = "faker"
    provider: str
    locale: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    pool: int = Field(default=10_000, ge=1, le=1_000_000)

"""What tokens cost: a table of data, and the arithmetic over it in decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens read and for a million written."""

    input: Decimal
    output: Decimal

    def of(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Return the cost in US dollars, exact."""
        return (self.input * input_tokens + self.output * output_tokens) / MILLION


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by a part of the model's name."""

    by_part: Mapping[str, Price]

    @classmethod
    @cache
    def known(cls) -> Prices:
        """Return the table that comes with the package."""
        text = files("dataforge.llm").joinpath("data/prices.yaml").read_text(encoding="utf-8")
        rows = yaml.safe_load(text)["prices"]
        return cls(
            {row["model"]: Price(Decimal(row["input"]), Decimal(row["output"])) for row in rows}
        )

    def price(self, model: str) -> Price | None:
        """Return the price of a model, None where it is not known."""
        fitting = [part for part in self.by_part if part in model]
        return self.by_part[max(fitting, key=len)] if fitting else None

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> Decimal | None:
        """Return the cost in US dollars, None where the price is not known."""
        price = self.price(model)
        return None if price is None else price.of(input_tokens, output_tokens)

"""What models cost: estimated before a call, capped during the job, recorded after."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from dataforge.errors import BudgetError, UsageError
from dataforge.llm.prices import Prices

CHARACTERS_PER_TOKEN = 3
"""Tokens of prose and JSON are 3 to 5 characters long; the low end makes an estimate that holds."""

_BUDGET = re.compile(r"(\$)?\s*(\d+(?:\.\d+)?)\s*([kKmM]?)\s*(usd|tokens?)?", re.IGNORECASE)
_FACTORS = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written."""

    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Both together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """Add tokens to tokens of the same kind."""
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a job may spend; None is no limit. ``dollars`` are US dollars."""

    tokens: int | None = None
    dollars: Decimal | None = None

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Read ``20000``, ``20k``, ``20k tokens`` (tokens) or ``$0.50``, ``0.50 usd`` (dollars)."""
        found = _BUDGET.fullmatch(text.strip())
        if found is None:
            raise UsageError(f"{text!r} is no budget → 20k (tokens) or $0.50 (US dollars)")
        sign, number, factor, unit = (part or "" for part in found.groups())
        amount = Decimal(number) * _FACTORS[factor.lower()]
        if sign or unit.lower() == "usd":
            return cls(dollars=amount)
        if amount != int(amount):
            raise UsageError(f"{text!r} is no whole number of tokens → 20k, or $0.50 in US dollars")
        return cls(tokens=int(amount))


@dataclass(frozen=True, slots=True)
class Entry:
    """One call: who asked, which model answered, what it took. ``cost`` None: no known price."""

    job: str
    model: str
    usage: Usage
    cost: Decimal | None


@dataclass(slots=True)
class Ledger:
    """The calls of one job, shared by the threads that make them.

    ``on_entry`` is told of each call once it is recorded.
    """

    job: str = "job"
    budget: Budget = field(default_factory=Budget)
    prices: Prices = field(default_factory=Prices.known)
    on_entry: Callable[[Entry], None] = lambda _entry: None
    entries: list[Entry] = field(default_factory=list)
    _open: Usage = field(default_factory=Usage)
    _open_cost: Decimal = Decimal(0)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def admit(self, model: str, most: Usage) -> None:
        """Set ``most`` aside for a call; BudgetError where it could pass the budget."""
        cost = self.prices.cost(model, most.input_tokens, most.output_tokens)
        with self._lock:
            tokens = self.spent.tokens + self._open.tokens + most.tokens
            if self.budget.tokens is not None and tokens > self.budget.tokens:
                raise self._passed(f"{most.tokens:,} tokens", f"{self.budget.tokens:,} tokens")
            if self.budget.dollars is not None:
                if cost is None:
                    raise BudgetError(
                        f"the price of {model} is not known, so a budget in US dollars cannot be "
                        "kept → give --budget in tokens, as in 50k"
                    )
                if self.cost + self._open_cost + cost > self.budget.dollars:
                    raise self._passed(dollars(cost), dollars(self.budget.dollars))
            self._open += most
            self._open_cost += cost or Decimal(0)

    def settle(self, model: str, most: Usage, used: Usage | None) -> None:
        """Give back what ``admit`` set aside and record ``used``; None where no answer came."""
        cost = self.prices.cost(model, most.input_tokens, most.output_tokens)
        with self._lock:
            self._open = Usage(
                self._open.input_tokens - most.input_tokens,
                self._open.output_tokens - most.output_tokens,
            )
            self._open_cost -= cost or Decimal(0)
            if used is None:
                return
            paid = self.prices.cost(model, used.input_tokens, used.output_tokens)
            entry = Entry(self.job, model, used, paid)
            self.entries.append(entry)
        self.on_entry(entry)

    @property
    def spent(self) -> Usage:
        """Tokens of all recorded calls."""
        return sum((entry.usage for entry in self.entries), Usage())

    @property
    def cost(self) -> Decimal:
        """US dollars of all recorded calls whose price is known."""
        return sum((entry.cost for entry in self.entries if entry.cost), Decimal(0))

    def _passed(self, asked: str, budget: str) -> BudgetError:
        return BudgetError(
            f"the budget of {budget} does not hold the next call (up to {asked}; "
            f"{self.spent.tokens:,} tokens in {len(self.entries)} calls are spent) "
            "→ raise --budget, or use the model offline"
        )


def estimated_tokens(characters: int) -> int:
    """Return the tokens that a text of so many characters has at most, as a rule of thumb."""
    return math.ceil(characters / CHARACTERS_PER_TOKEN)


def dollars(amount: Decimal) -> str:
    """Return an amount for people: ``$0.0123``."""
    return f"${amount:.4f}"

"""Every call of a paid model passes here: budget, concurrency, retries, record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from dataforge.llm.failures import RETRIED, caught, error_of, kind_of
from dataforge.llm.gate import Gate
from dataforge.llm.ledger import Ledger, Usage
from dataforge.llm.retries import Patience

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Governor:
    """Makes the calls of one model for one job. ``output_tokens`` bounds each answer."""

    model: str
    ledger: Ledger
    gate: Gate
    patience: Patience
    output_tokens: int
    on_retry: Callable[[str], None] = field(default=lambda _message: None)

    def call(
        self, input_tokens: int, ask: Callable[[], T], usage_of: Callable[[T], Usage | None]
    ) -> T:
        """Return what ``ask`` returns; ModelError or BudgetError where that cannot be.

        ``input_tokens`` is an estimate from above; where an answer tells no usage, it is recorded.
        """
        most = Usage(input_tokens, self.output_tokens)
        self.ledger.admit(self.model, most)
        used = None
        try:
            answer = self._patiently(ask)
            used = usage_of(answer) or most
        finally:
            self.ledger.settle(self.model, most, used)
        return answer

    def _patiently(self, ask: Callable[[], T]) -> T:
        waits = self.patience.waits()
        tries = 0
        while True:
            tries += 1
            try:
                with self.gate.admitted():
                    answer = ask()
            except caught() as failure:
                kind = kind_of(failure)
                wait = next(waits, None) if kind in RETRIED else None
                if kind == "throttled":
                    self.gate.throttled()
                if wait is None:
                    raise error_of(self.model, kind, tries) from None
                self.on_retry(f"{self.model}: {kind}, asking again in {wait:.1f} s")
                self.patience.sleep(wait)
            else:
                self.gate.answered()
                return answer

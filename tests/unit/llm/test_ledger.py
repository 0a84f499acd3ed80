from __future__ import annotations

from decimal import Decimal

import pytest

from dataforge.errors import BudgetError, UsageError
from dataforge.llm import Budget, Ledger, Prices, Usage

HAIKU = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("20000", Budget(tokens=20_000)),
        ("20k", Budget(tokens=20_000)),
        ("1.5M tokens", Budget(tokens=1_500_000)),
        ("$0.50", Budget(dollars=Decimal("0.50"))),
        ("2 usd", Budget(dollars=Decimal(2))),
    ],
)
def test_a_budget_is_tokens_or_dollars(text: str, budget: Budget) -> None:
    assert Budget.parse(text) == budget


@pytest.mark.parametrize("text", ["", "much", "-5", "0.5", "5 EUR"])
def test_what_is_no_budget_is_said(text: str) -> None:
    with pytest.raises(UsageError, match=r"20k.*\$0\.50"):
        Budget.parse(text)


def test_prices_are_exact_and_found_by_the_longest_part() -> None:
    prices = Prices.known()
    assert prices.cost(HAIKU, 1_000_000, 200_000) == Decimal("2.00")
    assert prices.price("openai:gpt-4.1-mini-2025-04-14") == prices.by_part["gpt-4.1-mini"]
    assert prices.cost("openai:unheard-of", 10, 10) is None


def test_calls_are_recorded_by_job_and_model() -> None:
    told: list[str] = []
    ledger = Ledger("shop", on_entry=lambda entry: told.append(entry.model))
    most = Usage(500, 1000)
    ledger.admit(HAIKU, most)
    ledger.settle(HAIKU, most, Usage(400, 100))
    (entry,) = ledger.entries
    assert (entry.job, entry.model, entry.usage) == ("shop", HAIKU, Usage(400, 100))
    assert entry.cost == ledger.cost == Decimal("0.0009")
    assert ledger.spent.tokens == 500
    assert told == [HAIKU]


def test_a_call_that_could_pass_the_budget_is_not_made() -> None:
    ledger = Ledger(budget=Budget(tokens=3000))
    ledger.admit(HAIKU, Usage(500, 1000))
    with pytest.raises(BudgetError, match=r"3,000 tokens.*--budget"):
        ledger.admit(HAIKU, Usage(600, 1000))
    ledger.settle(HAIKU, Usage(500, 1000), Usage(500, 50))
    ledger.admit(HAIKU, Usage(600, 1000))


def test_a_budget_in_dollars_needs_a_price() -> None:
    ledger = Ledger(budget=Budget(dollars=Decimal("0.01")))
    ledger.admit(HAIKU, Usage(1000, 1000))
    with pytest.raises(BudgetError, match=r"\$0\.0100"):
        ledger.admit(HAIKU, Usage(1000, 1000))
    with pytest.raises(BudgetError, match="price of openai:unheard-of is not known"):
        ledger.admit("openai:unheard-of", Usage(1, 1))


def test_a_failed_call_gives_back_what_was_set_aside() -> None:
    ledger = Ledger(budget=Budget(tokens=1000))
    ledger.admit(HAIKU, Usage(400, 600))
    ledger.settle(HAIKU, Usage(400, 600), None)
    assert not ledger.entries
    ledger.admit(HAIKU, Usage(400, 600))

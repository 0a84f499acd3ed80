from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage
from langchain_core.tools import tool

from bedrock_server import GARBLED, THROTTLED, Turn, bedrock_server
from dataforge.errors import BudgetError, ModelError, ModelUnavailableError, UsageError
from dataforge.llm import Budget, Ledger, ModelSettings, Usage, model
from dataforge.llm.bedrock import inference_profile
from dataforge.llm.retries import Patience

AT_ONCE = Patience(3, sleep=lambda _seconds: None)
ANSWER = Turn("A shop has customers.")


@tool
def add_table(name: str) -> str:
    """Add a table."""
    return name


def test_claude_haiku_answers_through_the_profile_of_the_region() -> None:
    ledger = Ledger("shop")
    with bedrock_server([ANSWER]) as server:
        answer = model(server.settings(), ledger).invoke("a shop")
    assert answer.content == ANSWER.text
    assert server.paths == ["/model/eu.anthropic.claude-haiku-4-5-20251001-v1:0/converse"]
    (entry,) = ledger.entries
    assert entry.usage.input_tokens == 100
    assert entry.cost is not None


@pytest.mark.parametrize(
    ("region", "prefix"), [("us-east-1", "us."), ("eu-west-3", "eu."), ("ap-south-1", "global.")]
)
def test_each_region_has_a_profile(region: str, prefix: str) -> None:
    assert inference_profile(region).startswith(f"{prefix}anthropic.claude-haiku-4-5")


@pytest.mark.parametrize("streamed", [False, True])
def test_tools_are_called_by_either_form_of_the_protocol(streamed: bool) -> None:
    ledger = Ledger()
    turn = Turn("Adding.", calls=[("add_table", {"name": "kunden und käufer"})])
    with bedrock_server([turn]) as server:
        bound = model(server.settings(), ledger).bind_tools([add_table], tool_choice="any")
        answer = _gathered(bound.stream("a shop")) if streamed else bound.invoke("a shop")
    assert [(call["name"], call["args"]) for call in answer.tool_calls] == list(turn.calls)
    assert server.paths[0].endswith("/converse-stream" if streamed else "/converse")
    assert server.requests[0]["toolConfig"]["toolChoice"] == {"any": {}}
    assert ledger.spent.input_tokens == 100


def test_a_throttled_call_is_made_again_and_less_at_a_time() -> None:
    waits: list[float] = []
    patience = Patience(3, draw=lambda: 1.0, sleep=waits.append)
    with bedrock_server([THROTTLED, THROTTLED, ANSWER]) as server:
        chat = model(server.settings(), patience=patience)
        assert chat.invoke("a shop").content == ANSWER.text
    assert waits == [0.5, 1.0]
    assert len(server.requests) == 3
    assert chat.governor.gate.limit < server.settings().concurrency  # type: ignore[attr-defined]  # of the governed model


@pytest.mark.parametrize(
    ("turn", "said", "calls"),
    [
        (THROTTLED, "is throttling this account after 3 tries", 3),
        (GARBLED, "an answer that is not of its protocol after 3 tries", 3),
        (Turn(raw=b"{}"), "an answer that is not of its protocol after 3 tries", 3),
        (Turn(error=(403, "AccessDeniedException")), "denies access", 1),
        (Turn(error=(400, "ValidationException")), "rejects the request", 1),
        (Turn(error=(503, "ServiceUnavailableException")), "cannot be reached after 3", 3),
        (Turn("late", delay_s=0.6), "did not answer in time after 3 tries", 3),
    ],
)
def test_a_model_that_fails_for_good_is_an_error_that_says_how(
    turn: Turn, said: str, calls: int
) -> None:
    ledger = Ledger()
    with bedrock_server([turn]) as server:
        chat = model(server.settings(timeout_s=0.2), ledger, patience=AT_ONCE)
        with pytest.raises(ModelError, match=said) as caught:
            chat.invoke("a shop")
    assert "--model offline" in caught.value.message
    assert len(server.requests) == calls
    assert not ledger.entries


def test_only_what_may_pass_by_itself_is_retryable() -> None:
    with bedrock_server([THROTTLED]) as server:
        chat = model(server.settings(), patience=AT_ONCE)
        with pytest.raises(ModelUnavailableError):
            chat.invoke("a shop")
    denied = Turn(error=(403, "AccessDeniedException"))
    with bedrock_server([denied]) as server, pytest.raises(ModelError) as caught:
        model(server.settings()).invoke("a shop")
    assert not caught.value.retryable


def test_the_budget_stops_a_call_before_it_is_made() -> None:
    with bedrock_server([ANSWER]) as server:
        chat = model(server.settings(), Ledger(budget=Budget(tokens=1000)))
        with pytest.raises(BudgetError, match="budget of 1,000 tokens"):
            chat.invoke("a shop")
    assert not server.requests


def test_threads_share_one_ledger() -> None:
    ledger = Ledger()
    with bedrock_server([ANSWER]) as server:
        chat = model(server.settings(), ledger)
        threads = [threading.Thread(target=chat.invoke, args=["a shop"]) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ledger.spent == Usage(600, 6 * ledger.entries[0].usage.output_tokens)


def test_no_region_is_a_misuse_with_its_remedy() -> None:
    with pytest.raises(UsageError, match="AWS_REGION"):
        model(ModelSettings("bedrock"))


def test_an_unknown_profile_is_a_misuse() -> None:
    with pytest.raises(UsageError, match="unknown AWS profile 'nobody'"):
        model(ModelSettings("bedrock", profile="nobody", region="eu-west-1"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nonsense", "names no model"),
        ("nonsense:model", "cannot be set up"),
        ("openai:gpt-4.1-mini", "langchain-openai"),
    ],
)
def test_a_provider_that_is_not_there_is_a_misuse(name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        model(ModelSettings(name))


def test_any_provider_of_langchain_is_reached_by_its_name() -> None:
    with bedrock_server([ANSWER]) as server:
        named = model(ModelSettings("bedrock:eu.amazon.nova-lite-v1:0", "eu-west-1"))
        assert named.governor.model == "bedrock:eu.amazon.nova-lite-v1:0"  # type: ignore[attr-defined]
    assert not server.requests


def _gathered(parts: Iterator[AIMessage]) -> AIMessage:
    total = next(parts)
    for part in parts:
        total = total + part  # type: ignore[assignment]  # chunks add up to a message
    return total

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from bedrock_server import Turn, bedrock_server
from dataforge.agents.orchestrator import intents_in
from dataforge.agents.orchestrator.conversation import Conversation
from dataforge.errors import OutputError
from dataforge.llm import Ledger, ModelSettings
from dataforge.workflows.converse import conversing
from dataforge.workflows.describe import Asked
from redis_server import redis_server

SHOP = "an online bookstore with 200 customers, their orders and reviews"


def opened(
    place: Path | str, *, review: bool = False, settings: ModelSettings | None = None
) -> AbstractContextManager[Conversation]:
    asked = Asked(settings or ModelSettings(), Ledger("chat"))
    return conversing(asked, "shop", place, review=review)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Conversation]:
    with opened(tmp_path / "talks.sqlite") as conversation:
        yield conversation


@pytest.fixture
def reviewed(tmp_path: Path) -> Iterator[Conversation]:
    with opened(tmp_path / "talks.sqlite", review=True) as conversation:
        yield conversation


def kinds(text: str, *, has_schema: bool = False) -> list[str]:
    return [intent.kind for intent in intents_in(text, has_schema=has_schema)]


@pytest.mark.parametrize(
    ("text", "has_schema", "expected"),
    [
        (SHOP, False, ["generate"]),
        ("make email optional, add coupons", True, ["change"]),
        ("Why is orders owned by customers?", True, ["explain"]),
        ("Erkläre die Tabelle orders", True, ["explain"]),
        ("Start over: a hospital with 300 patients", True, ["generate"]),
        (
            "A shop with 40 customers. PDF invoices for all orders.",
            False,
            ["generate", "documents"],
        ),
        ("Drop reviews. Then explain the orders.", True, ["change", "explain"]),
        ("replicate my dataset with 2 times the rows", True, ["replicate"]),
        ("5.5% of orders are cancelled", True, ["change"]),
        ("为什么有订单表？", True, ["explain"]),  # noqa: RUF001
        ("", False, ["generate"]),
    ],
)
def test_intents_are_read_from_words(text: str, has_schema: bool, expected: list[str]) -> None:
    assert kinds(text, has_schema=has_schema) == expected


def test_each_turn_makes_a_version_and_changes_only_what_it_speaks_of(talk: Conversation) -> None:
    steps = [step.kind for step in talk.say(SHOP)]
    assert steps[0] == "intent"
    assert steps[-1] == "schema"
    list(talk.say("make email optional, add a coupon table"))
    assert [version["number"] for version in talk.versions] == [1, 2]
    changed = {change.split(": ")[0] for change in talk.versions[1]["changes"]}
    assert changed == {
        "~ tables.customers.columns.email.nullable",
        "+ tables.customers.columns.email.null_share",
        "+ tables.coupons",
    }
    first, newest = talk.schema(1), talk.schema()
    assert first is not None
    assert newest is not None
    assert first.table("orders") == newest.table("orders")


def test_several_intents_of_a_turn_are_done_one_after_another(talk: Conversation) -> None:
    steps = list(talk.say(f"{SHOP}. PDF invoices for 30 orders. How many tables are there?"))
    assert [s.name for s in steps if s.kind == "intent"] == ["generate", "documents", "explain"]
    (plan,) = talk.plans
    assert (plan["type"], plan["table"], plan["count"]) == ("invoice", "orders", 30)
    assert "customers (200 rows)" in talk.values["said"][-1]


def test_replication_is_planned_with_reasons(talk: Conversation) -> None:
    list(talk.say(SHOP))
    list(talk.say("replicate my dataset 3 times"))
    (plan,) = talk.plans
    assert plan["scale"] == 3
    assert {table["table"] for table in plan["tables"]} >= {"customers", "orders"}
    assert all(column["reason"] for column in plan["columns"])


def test_a_review_waits_and_takes_edits_in_words_and_in_json(reviewed: Conversation) -> None:
    steps = list(reviewed.say(SHOP))
    assert steps[-1].kind == "review"
    assert not reviewed.versions
    list(reviewed.answer("add a coupon table"))
    question = reviewed.question
    assert question is not None
    assert "coupons" in str(question["schema"])
    list(reviewed.answer({"tables.customers.rows": 77}))
    list(reviewed.answer('[{"path": "tables.reviews", "value": null}]'))
    list(reviewed.answer("yes"))
    assert reviewed.question is None
    schema = reviewed.schema()
    assert schema is not None
    assert schema.table("customers").rows == 77
    assert "coupons" in schema.tables_by_name
    assert "reviews" not in schema.tables_by_name


@pytest.mark.parametrize(
    "answer",
    [
        '{"tables.nonsense.rows": 3}',
        '{"broken',
        '{"tables.customers.columns.id": null}',
        "drop tables and read /etc/passwd",
    ],
)
def test_an_edit_that_breaks_the_schema_is_told_and_asked_again(
    reviewed: Conversation, answer: str
) -> None:
    list(reviewed.say(SHOP))
    before = reviewed.question
    (step,) = [step for step in reviewed.answer(answer) if step.kind == "review"]
    question = reviewed.question
    assert question is not None
    assert before is not None
    assert question["schema"] == before["schema"]
    assert step.text or question["unmet"]
    list(reviewed.answer("yes"))
    assert len(reviewed.versions) == 1


def test_a_rejected_version_is_not_kept(reviewed: Conversation) -> None:
    list(reviewed.say(SHOP))
    list(reviewed.answer("no"))
    assert not reviewed.versions
    assert reviewed.question is None


def test_a_conversation_goes_on_in_another_process_object(tmp_path: Path) -> None:
    place = tmp_path / "talks.sqlite"
    with opened(place, review=True) as first:
        list(first.say(SHOP))
    with opened(place, review=True) as again:
        assert again.question is not None
        list(again.answer("yes"))
        assert len(again.versions) == 1
    with opened(place) as third:
        list(third.say("drop reviews"))
        assert [version["number"] for version in third.versions] == [1, 2]


def test_conversations_are_kept_on_plain_redis_when_set() -> None:
    with redis_server() as (address, store):
        with opened(address, review=True) as first:
            list(first.say(SHOP))
        with opened(address, review=True) as again:
            list(again.answer("yes"))
            assert len(again.versions) == 1
    assert store.seen <= {
        "CLIENT", "PING", "GET", "SET", "LPUSH", "LRANGE", "WATCH", "UNWATCH", "KEYS", "DEL",
    }  # fmt: skip


def test_a_place_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be kept"), opened(tmp_path / "file" / "talks"):
        pass
    with pytest.raises(OutputError, match="Redis"), opened("redis://127.0.0.1:1/0"):
        pass


def test_a_model_routes_and_plans_by_typed_answers(tmp_path: Path) -> None:
    intents = [{"kind": "documents", "words": "letters to every customer"}]
    plan: dict[str, Any] = {"type": "letter", "table": "customers", "formats": ["docx"]}
    wrong = {**plan, "table": "clients"}
    with opened(tmp_path / "talks.sqlite") as conversation:
        list(conversation.say(SHOP))
    script = [
        Turn(calls=[("find_intents", {})]),
        Turn(calls=[("Route", {"intents": intents})]),
        Turn(calls=[("draft_plan", {})]),
        Turn(calls=[("DocumentPlan", wrong)]),
        Turn(calls=[("DocumentPlan", plan)]),
    ]
    with bedrock_server(script) as server:
        settings = server.settings()
        with opened(tmp_path / "talks.sqlite", settings=settings) as conversation:
            list(conversation.say("letters to every customer"))
            (found,) = conversation.plans
    assert (found["type"], found["table"], found["formats"]) == ("letter", "customers", ["docx"])
    assert "clients" in str(server.requests[-1]["messages"])

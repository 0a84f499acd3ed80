from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from dataforge.app.agentcore import application
from dataforge.app.settings import Settings

SHOP = "an online bookstore with 40 customers and their orders"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place: Path = tmp_path_factory.mktemp("state")
    app = application(Settings.read({"XDG_STATE_HOME": str(place)}))
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def invoke(address: str, payload: dict[str, Any], session: str) -> str:
    request = urllib.request.Request(
        f"{address}/invocations",
        json.dumps(payload).encode(),
        {
            "Content-Type": "application/json",
            "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": session,
        },
    )
    with urllib.request.urlopen(request) as response:
        text: str = response.read().decode()
        return text


def events(text: str) -> list[dict[str, Any]]:
    lines = [line for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_ping_is_answered(address: str) -> None:
    with urllib.request.urlopen(f"{address}/ping") as response:
        assert json.load(response)["status"] == "Healthy"


def test_steps_are_streamed_and_end_with_the_version(address: str) -> None:
    *steps, last = events(invoke(address, {"prompt": SHOP}, "streamed"))
    assert steps[0]["step"]["kind"] == "intent"
    assert last["kind"] == "result"
    assert last["version"]["number"] == 1


def test_a_session_goes_on_with_its_conversation(address: str) -> None:
    invoke(address, {"prompt": SHOP}, "kept")
    text = invoke(address, {"prompt": "add a coupon table", "stream": False}, "kept")
    found = json.loads(text)
    assert found["version"]["number"] == 2
    assert "+ tables.coupons" in str(found["version"]["changes"])
    other = json.loads(invoke(address, {"prompt": SHOP, "stream": False}, "another"))
    assert other["version"]["number"] == 1


def test_a_review_is_answered_by_the_next_invocation(address: str) -> None:
    asked = json.loads(invoke(address, {"prompt": SHOP, "review": True, "stream": False}, "rev"))
    assert asked["version"] is None
    assert asked["question"]["schema"]
    payload = {"answer": {"tables.customers.rows": 9}, "review": True, "stream": False}
    invoke(address, payload, "rev")
    done = json.loads(invoke(address, {"answer": "yes", "review": True, "stream": False}, "rev"))
    tables = {table["name"]: table for table in done["version"]["schema"]["tables"]}
    assert tables["customers"]["rows"] == 9


@pytest.mark.parametrize("payload", [{}, {"prompt": 3}, {"prompt": "  "}])
def test_what_cannot_be_done_is_an_event(address: str, payload: dict[str, Any]) -> None:
    (last,) = [each for each in events(invoke(address, payload, "bad")) if each["kind"] == "error"]
    assert last["code"] == "misused"

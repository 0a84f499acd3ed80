from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import zstandard

from dataforge.agents.tracing import masked
from dataforge.app.asking import Desk
from dataforge.app.settings import Settings

SECRET = "quokkas"
SHOP = f"a shop of {SECRET} with 40 customers"


@contextmanager
def langsmith_stub() -> Iterator[tuple[str, list[bytes]]]:
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: Any) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            limits = {
                "use_multipart_endpoint": False,
                "size_limit": 100,
                "size_limit_bytes": 20_000_000,
                "scale_up_nthreads_limit": 1,
                "scale_up_qsize_trigger": 1000,
                "scale_down_nempty_trigger": 4,
            }
            self._answer({"batch_ingest_config": limits})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "zstd":
                body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
            received.append(body)
            self._answer({})

        do_PATCH = do_POST  # noqa: N815 - the name the server looks for

        def _answer(self, value: Any) -> None:
            payload = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def describe(monkeypatch: pytest.MonkeyPatch, endpoint: str, tracing: str) -> None:
    environment = {
        "LANGSMITH_ENDPOINT": endpoint,
        "LANGSMITH_API_KEY": "nobody's",
        "LANGSMITH_TRACING": tracing,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    Desk.opened(Settings.read(environment)).describe(SHOP)


def test_traces_hold_no_word_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with langsmith_stub() as (endpoint, received):
        describe(monkeypatch, endpoint, "true")
    sent = b"".join(received)
    assert b"analyze_prompt" in sent
    assert b"<text of " in sent
    assert SECRET.encode() not in sent


def test_tracing_is_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    with langsmith_stub() as (endpoint, received):
        describe(monkeypatch, endpoint, "")
    assert not received


def test_masks_keep_shape_and_numbers_of_tokens() -> None:
    values = {"messages": [{"type": "human", "content": SECRET}], "input_tokens": 7, "x y": 1}
    assert masked(values) == {
        "messages": [{"type": "human", "content": "<text of 7 characters>"}],
        "input_tokens": 7,
        "<key>": "<int>",
    }

"""A server on the loopback that speaks the Bedrock Converse wire protocol, from a script of turns.

Bodies follow the API reference of Converse and ConverseStream; event stream frames follow
"Amazon event stream encoding": total length, header length, CRC of both, headers, payload, CRC.
"""

from __future__ import annotations

import json
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from dataforge.llm import ModelSettings

Request = dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """What the model says: text, tool calls by name, or an error of the service."""

    text: str = ""
    calls: Sequence[tuple[str, dict[str, Any]]] = ()
    error: tuple[int, str] | None = None
    raw: bytes | None = None
    delay_s: float = 0.0
    stop: str | None = None

    @property
    def stop_reason(self) -> str:
        return self.stop or ("tool_use" if self.calls else "end_turn")


THROTTLED = Turn(error=(429, "ThrottlingException"))
GARBLED = Turn(raw=b'{"output": {"mess')
REFUSAL = Turn(text="I can't help with that.", stop="refusal")

Script = Sequence[Turn] | Callable[[Request], Turn]


@dataclass
class BedrockServer:
    """``requests`` has the body of every call, ``paths`` its address."""

    script: Script
    requests: list[Request] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""

    def turn(self, body: Request) -> Turn:
        self.requests.append(body)
        if callable(self.script):
            return self.script(body)
        return self.script[min(len(self.requests), len(self.script)) - 1]

    def settings(self, **changes: Any) -> ModelSettings:
        facts: dict[str, Any] = {"name": "bedrock", "region": "eu-central-1", "attempts": 3}
        return ModelSettings(**facts | {"endpoint": self.address} | changes)


@contextmanager
def bedrock_server(script: Script) -> Iterator[BedrockServer]:
    state = BedrockServer(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_arguments: Any) -> None:
            """Keep quiet."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.paths.append(unquote(self.path))
            turn = state.turn(body)
            time.sleep(turn.delay_s)
            status, kind, payload = _answer(turn, streamed=self.path.endswith("-stream"))
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if turn.error is not None:
                    self.send_header("x-amzn-ErrorType", turn.error[1])
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
            except (BrokenPipeError, ConnectionResetError):
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(turn: Turn, *, streamed: bool) -> tuple[int, str, bytes]:
    if turn.error is not None:
        status, name = turn.error
        return status, "application/json", json.dumps({"message": name}).encode()
    if turn.raw is not None:
        return 200, "application/json", turn.raw
    if streamed:
        frames = b"".join(_frame(name, payload) for name, payload in _events(turn))
        return 200, "application/vnd.amazon.eventstream", frames
    return 200, "application/json", json.dumps(_message(turn)).encode()


def _blocks(turn: Turn) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = [{"text": turn.text}] if turn.text else []
    for at, (name, arguments) in enumerate(turn.calls):
        use = {"toolUseId": f"use-{id(turn)}-{at}", "name": name, "input": arguments}
        said.append({"toolUse": use})
    return said


def _usage(turn: Turn) -> dict[str, int]:
    written = 1 + len(json.dumps(_blocks(turn))) // 4
    return {"inputTokens": 100, "outputTokens": written, "totalTokens": 100 + written}


def _message(turn: Turn) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": _blocks(turn)}},
        "stopReason": turn.stop_reason,
        "usage": _usage(turn),
        "metrics": {"latencyMs": 1},
    }


def _events(turn: Turn) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "messageStart", {"role": "assistant"}
    for at, block in enumerate(_blocks(turn)):
        place = {"contentBlockIndex": at}
        if "text" in block:
            for part in _pieces(block["text"]):
                yield "contentBlockDelta", place | {"delta": {"text": part}}
        else:
            use = block["toolUse"]
            start = {"toolUse": {"toolUseId": use["toolUseId"], "name": use["name"]}}
            yield "contentBlockStart", place | {"start": start}
            for part in _pieces(json.dumps(use["input"])):
                yield "contentBlockDelta", place | {"delta": {"toolUse": {"input": part}}}
        yield "contentBlockStop", place
    yield "messageStop", {"stopReason": turn.stop_reason}
    yield "metadata", {"usage": _usage(turn), "metrics": {"latencyMs": 1}}


def _pieces(text: str, size: int = 7) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)] or [""]


def _frame(name: str, payload: dict[str, Any]) -> bytes:
    told = {
        ":event-type": name,
        ":content-type": "application/json",
        ":message-type": "event",
    }
    headers = b"".join(_header(key, value) for key, value in told.items())
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    head = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return head + struct.pack(">I", zlib.crc32(head))


def _header(name: str, value: str) -> bytes:
    return (
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value))
    ) + value.encode()

"""A server on the loopback that speaks enough of the Redis protocol for plain keys and lists.

Replies follow the RESP2 specification; MULTI and EXEC run their commands at once, under one lock.
"""

from __future__ import annotations

import fnmatch
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Store:
    """What is kept, and the commands on it."""

    def __init__(self) -> None:
        self.values: dict[bytes, Any] = {}
        self.lock = threading.Lock()
        self.seen: set[str] = set()

    def run(self, name: str, arguments: list[bytes]) -> Any:
        self.seen.add(name)
        match name, arguments:
            case "GET", [key]:
                return self.values.get(key)
            case "SET", [key, value, *_]:
                self.values[key] = value
                return "OK"
            case "LPUSH", [key, value]:
                self.values.setdefault(key, []).insert(0, value)
                return len(self.values[key])
            case "LRANGE", [key, first, last]:
                stop = int(last) + 1 or None
                return self.values.get(key, [])[int(first) : stop]
            case "KEYS", [pattern]:
                wanted = pattern.decode()
                return [key for key in self.values if fnmatch.fnmatch(key.decode(), wanted)]
            case "DEL", keys:
                return sum(self.values.pop(key, None) is not None for key in keys)
            case "EXPIRE", _:
                return 1
            case ("PING", _):
                return "PONG"
            case ("CLIENT" | "WATCH" | "UNWATCH" | "SELECT", _):
                return "OK"
        return ValueError(f"unknown command '{name}'")


def _reply(value: Any) -> bytes:
    match value:
        case None:
            return b"$-1\r\n"
        case str():
            return f"+{value}\r\n".encode()
        case bytes():
            return b"$%d\r\n%b\r\n" % (len(value), value)
        case int():
            return b":%d\r\n" % value
        case list():
            return b"*%d\r\n" % len(value) + b"".join(map(_reply, value))
    return f"-ERR {value}\r\n".encode()


@contextmanager
def redis_server() -> Iterator[tuple[str, Store]]:
    store = Store()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            queued: list[tuple[str, list[bytes]]] | None = None
            while head := self.rfile.readline():
                words = [self._word() for _ in range(int(head[1:]))]
                name, arguments = words[0].decode().upper(), words[1:]
                if name == "MULTI":
                    queued = []
                    reply = _reply("OK")
                elif name == "EXEC":
                    with store.lock:
                        reply = _reply([store.run(*each) for each in queued or []])
                    queued = None
                elif queued is not None and name not in {"WATCH", "UNWATCH"}:
                    queued.append((name, arguments))
                    reply = _reply("QUEUED")
                else:
                    with store.lock:
                        reply = _reply(store.run(name, arguments))
                self.wfile.write(reply)

        def _word(self) -> bytes:
            size = int(self.rfile.readline()[1:])
            return self.rfile.read(size + 2)[:-2]

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"redis://127.0.0.1:{server.server_address[1]}/0", store
        finally:
            server.shutdown()
            thread.join()

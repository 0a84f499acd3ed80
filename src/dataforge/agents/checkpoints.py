"""Where conversations are kept: SQLite by default, Redis or an AgentCore Memory when set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from dataforge.errors import OutputError, UsageError

# Each saver's library is loaded where it is asked for: two of them are extras.
# ruff: noqa: PLC0415

SCHEMES = ("redis://", "rediss://", "valkey://", "valkeys://")
AGENTCORE = "agentcore:"


@contextmanager
def saver(place: str | Path, region: str | None = None) -> Iterator[BaseCheckpointSaver[Any]]:
    """Open the place: a file, ``redis://…`` or ``agentcore:<memory id>``.

    UsageError names the extra that is missing, OutputError a file that cannot be opened.
    """
    text = str(place)
    try:
        if text.startswith(SCHEMES):
            with _redis(text) as found:
                yield found
        elif text.startswith(AGENTCORE):
            yield _memory(text.removeprefix(AGENTCORE), region)
        else:
            with _file(Path(place)) as found:
                yield found
    except ModuleNotFoundError as error:
        extra = "agents" if "sqlite" in str(error.name) else "redis"
        raise UsageError(
            f"conversations there need the package {error.name} "
            f"→ pip install 'dataforge-studio[{extra}]'"
        ) from None


@contextmanager
def _file(path: Path) -> Iterator[BaseCheckpointSaver[Any]]:
    import sqlite3

    from langgraph.checkpoint.sqlite import SqliteSaver

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with SqliteSaver.from_conn_string(str(path)) as found:
            found.setup()
            yield found
    except (OSError, sqlite3.OperationalError) as error:
        raise OutputError(f"conversations cannot be kept in {path}: {error}") from None


@contextmanager
def _redis(url: str) -> Iterator[BaseCheckpointSaver[Any]]:
    from langgraph_checkpoint_aws.checkpoint.valkey import ValkeySaver
    from valkey.exceptions import ValkeyError

    address = url.replace("redis", "valkey", 1)
    try:
        with ValkeySaver.from_conn_string(address) as found:
            found.client.ping()
            yield found
    except ValkeyError as error:
        kind = type(error).__name__
        raise OutputError(f"conversations cannot be kept in Redis: {kind}") from None


def _memory(identifier: str, region: str | None) -> BaseCheckpointSaver[Any]:
    from langgraph_checkpoint_aws import AgentCoreMemorySaver

    found: BaseCheckpointSaver[Any] = AgentCoreMemorySaver(identifier, region_name=region)
    return found

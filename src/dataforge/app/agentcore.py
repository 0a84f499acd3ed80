"""``python -m dataforge.app.agentcore``: the agents as an AgentCore runtime, here or in AWS.

Settings are the environment's; with DATAFORGE_AGENTCORE_MEMORY sessions are kept in that AgentCore
Memory, else where conversations are kept otherwise.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dataforge.app.settings import Settings
from dataforge.app.talking import talking
from dataforge.errors import DataForgeError, UsageError

if TYPE_CHECKING:
    from bedrock_agentcore import BedrockAgentCoreApp

    from dataforge.agents.orchestrator.conversation import Conversation

PORT = 8080
"""Where AgentCore expects a runtime."""


def application(settings: Settings) -> BedrockAgentCoreApp:
    """Return the application over the conversations of the settings."""
    try:
        from dataforge.agents.agentcore import application as over  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        remedy = "pip install 'dataforge-studio[agents,agentcore]'"
        raise UsageError(f"AgentCore needs the package {error.name} → {remedy}") from None

    @contextmanager
    def opened(session: str, review: bool) -> Iterator[Conversation]:  # noqa: FBT001 - its port
        with talking(session, settings, review=review) as (conversation, _desk):
            yield conversation

    return over(opened)


def main() -> None:
    """Serve on the loopback, or on every address inside a container."""
    try:
        application(Settings.read()).run(port=PORT)
    except DataForgeError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()

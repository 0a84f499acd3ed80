"""The entry point for Amazon Bedrock AgentCore: ``/invocations`` and ``/ping``, steps streamed.

The payload is ``{"prompt": words}`` or, while a version is under review, ``{"answer": …}`` (words,
or edits as JSON); ``"review": true`` asks before a schema is kept, ``"stream": false`` gives one
JSON document in place of server-sent events. The session of the request names the conversation.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from bedrock_agentcore import BedrockAgentCoreApp, RequestContext

from dataforge.agents.orchestrator.conversation import Conversation
from dataforge.errors import DataForgeError

Open = Callable[[str, bool], AbstractContextManager[Conversation]]
"""Opens the conversation of a session, with or without review."""

Fields = dict[str, Any]

NO_SESSION = "local"
_END: Fields = {}


def application(open_conversation: Open) -> BedrockAgentCoreApp:
    """Return the application; its runtime calls the entry point for each invocation."""
    app = BedrockAgentCoreApp()

    @app.entrypoint
    def invoke(payload: Fields, context: RequestContext) -> Iterator[Fields] | Fields:
        session = context.session_id or NO_SESSION
        steps = _in_a_thread(lambda tell: _turn(open_conversation, session, payload, tell))
        if payload.get("stream", True):
            return steps
        *earlier, last = steps
        return {**last, "steps": earlier}

    return app


def _turn(
    open_conversation: Open, session: str, payload: Fields, tell: Callable[[Fields], None]
) -> None:
    prompt, answer = payload.get("prompt"), payload.get("answer")
    if not isinstance(prompt, str) and answer is None:
        tell(_error("misused", "the payload has neither 'prompt' (text) nor 'answer'"))
        return
    try:
        with open_conversation(session, bool(payload.get("review"))) as conversation:
            steps = (
                conversation.answer(answer) if answer is not None else conversation.say(str(prompt))
            )
            for step in steps:
                tell({"kind": "step", "step": step.plain})
            tell(_result(conversation))
    except DataForgeError as error:
        tell(_error(error.code, str(error)))


def _result(conversation: Conversation) -> Fields:
    versions = conversation.versions
    return {
        "kind": "result",
        "version": versions[-1] if versions else None,
        "question": conversation.question,
        "plans": conversation.plans,
        "said": conversation.values.get("said", [])[-1:],
    }


def _error(code: str, message: str) -> Fields:
    return {"kind": "error", "code": code, "message": message}


def _in_a_thread(work: Callable[[Callable[[Fields], None]], None]) -> Iterator[Fields]:
    """Yield what ``work`` tells, while one thread does all of it.

    The server asks a generator for its values from changing threads, which the context variables
    of a run would not survive.
    """
    told: queue.Queue[Fields] = queue.Queue()

    def run() -> None:
        try:
            work(told.put)
        finally:
            told.put(_END)

    thread = threading.Thread(target=run, name="turn", daemon=True)
    thread.start()
    while (value := told.get()) is not _END:
        yield value
    thread.join()

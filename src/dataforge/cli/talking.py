"""The turns of a conversation at the terminal: lines in, steps on stderr, the schema on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dataforge.agents.steps import Step
from dataforge.app.asking import Desk, material
from dataforge.cli.output import remark, show
from dataforge.errors import DataForgeError, UsageError
from dataforge.schema import Schema, diff, write_schema
from dataforge.schema.diagram.terminal import terminal
from dataforge.schema.serialize import from_document

HELP = """\
/show [N]        draw the newest schema, or version N
/versions        list the versions
/diff [N]        what changed from version N (the one before, if left out) to the newest
/save FILE       write the newest schema as YAML or JSON
/generate [DIR]  make the data set and verify it
/attach FILE     give a text file to the next turn, as data
/plans           list plans for documents and replications
/quit            leave; the conversation is kept
Anything else is said to the agent."""

if TYPE_CHECKING:
    from dataforge.agents.orchestrator.conversation import Conversation

Command = Callable[["Conversation", str], None]


def turns(conversation: Conversation, desk: Desk) -> None:
    """Go on with the conversation until the input ends or /quit."""
    try:
        _heard(conversation.go_on())
    except DataForgeError as error:
        remark(f"error: {error}")
    if conversation.versions or conversation.question:
        remark(f"going on with {conversation.name!r}: version {len(conversation.versions)}")
        _ask_again(conversation)
    attached: list[Path] = []
    for line in _lines(conversation):
        if line == "/quit":
            break
        if line.startswith("/attach "):
            attached.append(Path(line.removeprefix("/attach ").strip()))
            continue
        try:
            _turn(conversation, line, attached)
        except (DataForgeError, OSError) as error:
            remark(f"error: {error}")
        attached.clear()
    if desk.bill:
        remark(desk.bill)


def told(step: Step) -> None:
    """Say a step on stderr."""
    lines = step.text.splitlines()
    if step.kind == "answer":
        click.echo(step.text)
    elif step.kind == "tool":
        remark(f"  · {step.name}")
    elif step.kind == "review":
        _each("error", lines[:1])
    elif step.kind in {"intent", "plan"}:
        remark(f"  · {step.name}: {step.text}")
    elif step.kind == "schema":
        remark(f"version {step.name}: {step.text}")
    else:
        _each("note", lines)


def _turn(conversation: Conversation, line: str, attached: list[Path]) -> None:
    if line.startswith("/"):
        name, _, rest = line.partition(" ")
        if name not in COMMANDS:
            raise UsageError(f"unknown command {name} → /help")
        COMMANDS[name](conversation, rest.strip())
        return
    before = conversation.schema()
    if conversation.question is not None:
        _heard(conversation.answer(line))
    else:
        _heard(conversation.say(line, [material(path) for path in attached]))
    _ask_again(conversation)
    after = conversation.schema()
    if after is not None and after != before:
        _drawn(conversation, before, after)


def _heard(steps: Iterable[Step]) -> None:
    """Say the steps; a version is announced when the turn is over and its checkpoint written."""
    versions = []
    for step in steps:
        if step.kind == "schema":
            versions.append(step)
        else:
            told(step)
    for step in versions:
        told(step)


def _ask_again(conversation: Conversation) -> None:
    """Draw what is under review, with what it changes."""
    question = conversation.question
    if question is None:
        return
    show(terminal(from_document(question["schema"])))
    _each("change", question["changes"])
    _each("assumed", question["assumptions"])
    _each("not honoured", question["unmet"])
    remark("keep this? [yes, no, what to change in words, or edits as JSON]")


def _drawn(conversation: Conversation, before: Schema | None, after: Schema) -> None:
    version = conversation.versions[-1]
    show(terminal(after))
    if before is not None:
        _each("change", (str(change) for change in diff(before, after)))
    _each("assumed", version["assumptions"])
    _each("not honoured", version["unmet"])


def _lines(conversation: Conversation) -> Iterator[str]:
    while True:
        if sys.stdin.isatty():
            click.echo("review> " if conversation.question else "you> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


def _newest(conversation: Conversation, number: str = "") -> Schema:
    if number and not (number.isdecimal() and 0 < int(number) <= len(conversation.versions)):
        raise UsageError(f"there is no version {number} → /versions")
    schema = conversation.schema(int(number) if number else None)
    if schema is None:
        raise UsageError("there is no schema yet: say what the data should be about")
    return schema


def _show(conversation: Conversation, number: str) -> None:
    show(terminal(_newest(conversation, number)))


def _versions(conversation: Conversation, _rest: str) -> None:
    for version in conversation.versions:
        click.echo(f"{version['number']}  {version['note']}")


def _diff(conversation: Conversation, number: str) -> None:
    older = number or str(max(1, len(conversation.versions) - 1))
    for change in diff(_newest(conversation, older), _newest(conversation)):
        click.echo(str(change))


def _save(conversation: Conversation, name: str) -> None:
    if not name:
        raise UsageError("name a file: /save shop.yaml")
    write_schema(_newest(conversation), name)
    remark(f"written to {name}")


def _generate(conversation: Conversation, name: str) -> None:
    from dataforge.cli.making import make

    schema = _newest(conversation)
    make(schema, name or f"{schema.name}-data")


def _plans(conversation: Conversation, _rest: str) -> None:
    for plan in conversation.plans:
        click.echo(f"{plan['agent']}: {plan.get('type', '')} {plan['reasons']}")


def _help(_conversation: Conversation, _rest: str) -> None:
    click.echo(HELP)


COMMANDS: dict[str, Command] = {
    "/show": _show,
    "/versions": _versions,
    "/diff": _diff,
    "/save": _save,
    "/generate": _generate,
    "/plans": _plans,
    "/help": _help,
}


def _each(noun: str, texts: Iterable[str]) -> None:
    for text in texts:
        remark(f"{noun}: {text}")

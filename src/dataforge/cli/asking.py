"""A request in words at the terminal: what was understood of it, and its review."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.steps import Step
from dataforge.app.asking import Desk, material
from dataforge.app.inputs import Reading
from dataforge.app.settings import Settings
from dataforge.cli.options import Wish
from dataforge.cli.output import counted, remark, show
from dataforge.errors import UsageError
from dataforge.schema import Schema, diff
from dataforge.schema.diagram.terminal import terminal

YES = frozenset({"y", "yes", "ok", "ja", "oui", "sí", "si", "sim", "是"})
NO = frozenset({"n", "no", "nein", "non", "não", "否"})


def understood(wish: Wish, base: Schema | None, *, as_json: bool) -> tuple[Reading, SchemaProposal]:
    """Ask for the schema, say on stderr what was understood, and review it where asked to."""
    told = _silent if as_json else _told
    desk = Desk.opened(
        Settings.read(), model=wish.model, budget=wish.budget, job="generate", on_step=told
    )
    materials = [material(path) for path in wish.attached]
    proposal = desk.describe(wish.words, base=base, materials=materials, on_step=told)
    if not as_json:
        explain(proposal)
    if wish.review:
        proposal = _reviewed(desk, proposal)
    if desk.bill and not as_json:
        remark(desk.bill)
    return Reading(proposal.schema_, proposal.schema_.name), proposal


def explain(proposal: SchemaProposal) -> None:
    """Say on stderr which tables there are, what they come from, what was assumed and is unmet."""
    tables = (
        f"{table.name} ({'by its parent' if table.rows is None else f'{table.rows:,}'})"
        for table in proposal.schema_.tables
    )
    remark(f"understood as {counted(len(proposal.schema_.tables), 'table')}: {', '.join(tables)}")
    for entry in proposal.trace:
        if entry.clauses:
            checks = f" [{'; '.join(entry.checks)}]" if entry.checks else ""
            remark(f"  {_short(entry.sentence.text)!r} → {', '.join(entry.clauses)}{checks}")
    _each("assumed", proposal.assumptions)
    _each("not honoured", proposal.unmet)


def _reviewed(desk: Desk, proposal: SchemaProposal) -> SchemaProposal:
    """Draw the schema and take changes in words until it is approved; Abort where it is not."""
    show(terminal(proposal.schema_))
    while True:
        answer = _asked("generate this? [yes, no, or what to change] ")
        if answer.casefold() in YES:
            return proposal
        if not answer or answer.casefold() in NO:
            raise click.Abort
        try:
            revised = desk.describe(answer, base=proposal.schema_, on_step=_told)
        except UsageError as error:
            remark(str(error))
            continue
        for change in diff(proposal.schema_, revised.schema_):
            remark(f"  {change}")
        _each("not honoured", revised.unmet)
        proposal = proposal.model_copy(
            update={"schema_": revised.schema_, "trace": (*proposal.trace, *revised.trace)}
        )


def _asked(question: str) -> str:
    click.echo(question, nl=False, err=True)
    return sys.stdin.readline().strip()


def _told(step: Step) -> None:
    if step.kind in {"note", "repair"}:
        remark(f"note: {step.text}")


def _silent(_step: Step) -> None:
    """Say nothing: the result goes to stdout as JSON."""


def _each(noun: str, texts: Iterable[str]) -> None:
    for text in texts:
        remark(f"{noun}: {text}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"

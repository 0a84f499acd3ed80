"""Write docs/reference.md, records.md, options.md and templates.md from models and commands.

``python tools/reference.py`` writes them; a test compares them with what it would write.
"""

# ruff: noqa: INP001, T201  - a script, not a package

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import click
import yaml
from pydantic_core import PydanticUndefined
from record_samples import records_page
from samples import hosts, samples
from template_list import templates_page

from dataforge.cli.main import COMMANDS, cli
from dataforge.schema import (
    CardinalityLaw,
    Column,
    DirtSpec,
    Distribution,
    Expectation,
    ForeignKey,
    Rule,
    Schema,
    Spec,
    Table,
    UniqueKey,
)
from dataforge.schema.type_text import parse_type

DOCS = Path(__file__).parents[1] / "docs"
NOTE = "<!-- Written by tools/reference.py: change the models or commands, not this page. -->"
INTRODUCTION = (
    "A schema file is YAML or JSON. Editors complete it with [schema.json](schema.json). "
    "Only names and types are needed; everything else has a default."
)
SPECS = (
    "A column without a spec gets one by its name and type. Foreign-key columns have none. "
    "Under each example stand its first ten values, and how its first 2,000 are spread: by "
    "value, by bins from the least to the greatest, or by length."
)
RECORDS = (
    "## Records and vocabularies\n\n[Every record and vocabulary](records.md) that the specs of "
    "these names draw from, with a row of each in three locales."
)
EXAMPLES = DOCS / "spec-examples.yaml"


def reference() -> str:
    """Return the page of the schema: parts, types, specs, distributions, laws, words."""
    parts = (Schema, Table, Column, UniqueKey, ForeignKey, Rule, Expectation)
    forms = (sys.modules[parse_type.__module__].__doc__ or "").split("\n\n", 1)[1].strip()
    lines = [
        "# Schema reference", NOTE,
        INTRODUCTION,
        "## Parts", *(block for part in parts for block in _model(part)),
        "## Types", f"```\n{forms}\n```",
        "## Specs",
        SPECS,
        *_specs(),
        "## Distributions", *(block for law in _members(Distribution) for block in _law(law)),
        "## Cardinality laws",
        "How many rows a parent has: `law` of a foreign key.",
        *(block for law in _members(CardinalityLaw) for block in _law(law)),
        "## Dirt",
        "What is done to finished rows: `dirt` of a table, a list. [dirt.md](dirt.md) tells more.",
        *(block for law in _members(DirtSpec) for block in _law(law)),
        RECORDS,
    ]  # fmt: skip
    return "\n\n".join(lines) + "\n"


def records() -> str:
    """Return the page of what records and vocabularies hold."""
    return records_page(NOTE)


def options() -> str:
    """Return the page of every command's help, 80 columns wide."""
    lines = ["# Every command and option", NOTE]
    with click.Context(cli, info_name="dataforge") as root:
        for name in COMMANDS:
            command = cli.get_command(root, name)
            assert command is not None  # noqa: S101 - the table names only commands
            lines += _help(command, click.Context(command, parent=root, info_name=name))
    return "\n\n".join(lines) + "\n"


def templates() -> str:
    """Return the page of the catalogue: every domain by group, with its tables."""
    return templates_page(NOTE)


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    context.terminal_width = context.max_content_width = 80
    yield f"## `{context.command_path}`"
    text = re.sub(r"(?m)[ \t]+$", "", command.get_help(context))
    yield f"```\n{text.strip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None  # noqa: S101 - as above
            yield from _help(inner, click.Context(inner, parent=context, info_name=name))


def _members(union: Any) -> tuple[type, ...]:
    return get_args(get_args(union)[0])


def _about(model: Any) -> str:
    """Return the docstring in Markdown: its first sentence is all that most need."""
    text = re.sub(r"\n\s+", "\n", model.__doc__ or "").strip()
    return text.replace("``", "`")


def _model(model: Any) -> Iterator[str]:
    yield f"### {model.__name__}"
    yield _about(model)
    yield ", ".join(_fields(model)) + "."


def _fields(model: Any) -> Iterable[str]:
    for name, field in model.model_fields.items():
        if name == "kind":
            continue
        default = field.default
        if default is PydanticUndefined:
            yield f"`{name}` (needed)"
        elif default is None or default == ():
            yield f"`{name}`"
        else:
            yield f"`{name}` = {_written(default)}"


def _written(value: Any) -> str:
    shown = value.model_dump(mode="json") if hasattr(value, "model_dump") else value
    return f"`{json.dumps(shown, default=str)}`"


def _specs() -> Iterator[str]:
    examples = yaml.safe_load(EXAMPLES.read_text("utf-8"))
    around = hosts()
    for spec in _members(Spec):
        kind = spec.model_fields["kind"].default  # type: ignore[attr-defined]
        flow = yaml.safe_dump(examples[kind], default_flow_style=True, sort_keys=False, width=66)
        assert yaml.safe_load(flow) == examples[kind]  # noqa: S101 - shown as it reads
        yield f"### {kind}"
        yield _about(spec)
        yield f"```yaml\nspec: {flow.strip().replace(chr(10), chr(10) + '  ')}\n```"
        yield from samples(kind, examples[kind], around)


def _law(model: Any) -> Iterator[str]:
    kind = model.model_fields["kind"].default
    fields = ", ".join(_fields(model))
    yield f"**{kind}**{': ' + fields if fields else ''}. {_about(model)}"


if __name__ == "__main__":
    for page in (reference, records, options, templates):
        text = page()
        (DOCS / f"{page.__name__}.md").write_text(text, "utf-8")
        print(f"docs/{page.__name__}.md: {len(text.splitlines())} lines")

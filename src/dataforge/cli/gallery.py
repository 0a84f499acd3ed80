"""The templates on stdout: what there is, by group."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

import click

from dataforge.app.inputs import Reading
from dataforge.cli.output import counted, print_json, terminal_width
from dataforge.domains import Domain, domain, known
from dataforge.errors import UnknownNameError

_INDENT = "    "


def reading_of(name: str) -> Reading:
    """Return a template as if it were read from a file; UnknownNameError names the nearest."""
    return Reading(domain(name).schema, name)


def print_gallery(group: str | None, *, as_json: bool) -> None:
    """Print the templates of every group, or of one; UnknownNameError names the nearest group."""
    found = by_group()
    groups = {each.group for each in found}
    if group is not None and group not in groups:
        raise UnknownNameError.of("group", group, groups)
    chosen = [each for each in found if group in (None, each.group)]
    if as_json:
        print_json([_facts(each) for each in chosen])
        return
    for name, members in groupby(chosen, attrgetter("group")):
        click.echo(name)
        for each in members:
            click.echo(f"  {each.name}: {each.titles['en']}")
            click.echo(click.wrap_text(", ".join(each.words), terminal_width(), _INDENT, _INDENT))
    click.echo(f"{counted(len(chosen), 'template')}: dataforge templates use NAME > NAME.yaml")


def by_group() -> list[Domain]:
    """Return every domain, ordered by group and name."""
    return sorted((domain(name) for name in known()), key=attrgetter("group", "name"))


def _facts(found: Domain) -> dict[str, object]:
    return {
        "name": found.name,
        "group": found.group,
        "titles": found.titles,
        "tables": list(found.words),
        "core": found.core,
    }

"""The page of templates: what the catalogue of domains holds."""

# ruff: noqa: INP001  - a script's module, not a package

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from dataforge.domains import Domain, domain, known

INTRODUCTION = """\
A template is a schema to start from: the tables of a trade with keys, relations, states, totals and
values as one meets them there. Each generates as it is and verifies.

```
dataforge templates list
dataforge templates show bookstore
dataforge templates use bookstore > bookstore.yaml
dataforge generate --schema bookstore.yaml --scale 10 --out bookstore-data
```

From Python, `dataforge.domains.domain("bookstore").schema` is the same schema. Row counts are
small, a few thousand in all; `--scale` multiplies them. Names, places and products follow
`--locale`; values that a template lists itself, such as states and kinds, are English."""


def templates_page(note: str) -> str:
    """Return the page: a table of templates for each group."""
    found = sorted((domain(name) for name in known()), key=attrgetter("group", "name"))
    tables = {table for each in found for table in each.words}
    lines = ["# Templates", note, INTRODUCTION]
    lines.append(f"There are {len(found)} templates with {len(tables)} different tables.")
    for group, members in groupby(found, attrgetter("group")):
        lines += [f"## {group.replace('_', ' ').capitalize()}", "\n".join(_rows(members))]
    return "\n\n".join(lines) + "\n"


def _rows(members: Iterator[Domain]) -> Iterator[str]:
    yield "| Template | What it is | Tables |\n|---|---|---|"
    for each in members:
        tables = ", ".join(f"`{table}`" for table in each.words)
        yield f"| `{each.name}` | {each.titles['en']} | {tables} |"

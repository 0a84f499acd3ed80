"""Records and vocabularies with what they hold: a row of every record in three locales.

Deterministic: the engine makes the values.
"""

# ruff: noqa: INP001  - a script's module, not a package

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dataforge.api import generate
from dataforge.corpora import vocabulary_names
from dataforge.engine.generators.records import RECORDS
from dataforge.schema.serialize import from_document

LOCALES = ("en_US", "de_DE", "ja_JP")
LONGEST = 44
WORDS, TRIED = 6, 200
INTRODUCTION = (
    "A `record` spec draws a thing whole and shows a field of it: all fields of one `group` in a "
    "row agree (the e-mail is made of the names, the postcode is the city's). A `vocabulary` spec "
    "draws a word by how common it is.\n\n"
    f"Here stands the first row of every record in {', '.join(LOCALES[:-1])} and {LOCALES[-1]}; an "
    "empty cell says that the value is the one to its left. [Locales](locales.md) has the others."
)


def records_page(note: str) -> str:
    """Return the page of records and vocabularies."""
    lines = ["# Records and vocabularies", note, INTRODUCTION, "## Records"]
    for name, fields in RECORDS.items():
        lines += [f"### {name}", _record(name, fields)]
    lines += ["## Vocabularies", _vocabularies()]
    return "\n\n".join(lines) + "\n"


def _record(name: str, fields: Iterable[str]) -> str:
    specs = {field: {"kind": "record", "record": name, "field": field} for field in fields}
    rows = [_rows(specs, locale, 1) for locale in LOCALES]
    lines = [f"| Field | {' | '.join(LOCALES)} |", "|---" * (len(LOCALES) + 1) + "|"]
    for field in specs:
        values = [row[field][0] for row in rows]
        shown = [_code(value) if value != before else ""
                 for value, before in zip(values, [None, *values], strict=False)]  # fmt: skip
        lines.append(f"| `{field}` | {' | '.join(shown)} |")
    return "\n".join(lines)


def _vocabularies() -> str:
    names = vocabulary_names()
    specs = {name: {"kind": "vocabulary", "vocabulary": name} for name in names}
    rows = _rows(specs, LOCALES[0], TRIED)
    lines = ["| Vocabulary | Some of its words |", "|---|---|"]
    for name in names:
        words = list(dict.fromkeys(rows[name]))[:WORDS]
        lines.append(f"| `{name}` | {', '.join(map(_code, words))} |")
    return "\n".join(lines)


def _rows(specs: Mapping[str, Any], locale: str, count: int) -> dict[str, list[Any]]:
    columns = [
        {"name": name, "type": "text", "nullable": False, "spec": spec}
        for name, spec in specs.items()
    ]
    table = {"name": "samples", "rows": count, "columns": columns}
    document = {"version": 1, "locale": locale, "tables": [table]}
    found: dict[str, list[Any]] = generate(from_document(document, "samples"))[
        "samples"
    ].to_arrow().to_pydict()  # fmt: skip
    return found


def _code(value: str) -> str:
    text = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    return f"`{text}`".replace("|", "\\|")

"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

from dataforge.app.sources import Source

DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "oracle")
FORMATS = ("csv", "tsv", "jsonl", "json", "parquet", "arrow", "xlsx", "sql")
COMPRESSIONS = ("gzip", "zstd", "snappy", "lz4", "none")

_COUNT = re.compile(r"(\d[\d_,]*)([kKmMgG]?)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgG]?)(i?)[bB]?")
_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON on stdout."
)
manifest_option = click.option(
    "--no-manifest",
    is_flag=True,
    help="Leave out the table dataforge_manifest, by which verify tells what was changed in a "
    "database since.",
)


class RowCount(click.ParamType[tuple[str, int]]):
    """``N`` for every table, or ``table=N`` for one; ``10k``, ``2M`` and ``1_000`` are numbers."""

    name = "N | table=N"

    def convert(
        self,
        value: str | tuple[str, int],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, int]:
        """Return the table (empty for all) and the count."""
        if isinstance(value, tuple):
            return value
        table, _, text = value.rpartition("=")
        found = _COUNT.fullmatch(text.strip())
        if found is None:
            self.fail(f"{value!r} is not N or table=N, as in 1000, 10k or orders=5000", param, ctx)
        return table.strip(), _number(found)


class Count(click.ParamType[int]):
    """A whole number above 0; ``10k``, ``2M`` and ``1_000`` are numbers."""

    name = "N"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number."""
        if isinstance(value, int):
            return value
        found = _COUNT.fullmatch(value.strip())
        count = 0 if found is None else _number(found)
        if count < 1:
            self.fail(f"{value!r} is not a number above 0, as in 1000 or 10k", param, ctx)
        return count


class Size(click.ParamType[int]):
    """A number of bytes: ``500k`` and ``128MB`` are decimal, ``64MiB`` is binary."""

    name = "SIZE"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the bytes."""
        if isinstance(value, int):
            return value
        found = _SIZE.fullmatch(value.strip())
        if found is None:
            self.fail(f"{value!r} is not a size, as in 128MB, 64MiB or 500k", param, ctx)
        power = "kmg".index(found[2].lower()) + 1 if found[2] else 0
        return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def _number(found: re.Match[str]) -> int:
    return int(found[1].replace("_", "").replace(",", "")) * _FACTORS[found[2].lower()]


def source_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where the schema comes from; the command gets a ``source``."""

    @functools.wraps(command)
    def packed(**options: Any) -> None:
        facts = {name: options.pop(name) for name in SOURCE_FIELDS}
        command(source=Source(**facts), **options)

    decorated: Callable[..., None] = packed
    for option in reversed(_SOURCE_OPTIONS):
        decorated = option(decorated)
    return decorated


SOURCE_FIELDS = tuple(field.name for field in fields(Source))

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_SOURCE_OPTIONS = (
    click.option("--schema", "schema_file", type=_FILE, help="A schema file, YAML or JSON."),
    click.option("--ddl", "ddl_file", type=_FILE, help="A file of SQL CREATE statements."),
    click.option(
        "--json-schema",
        "json_schema_file",
        type=_FILE,
        help="A JSON Schema of documents, as JSON or YAML: objects become tables.",
    ),
    click.option(
        "--like",
        "like_files",
        type=_FILE,
        multiple=True,
        help="Example documents: JSON, JSON Lines or CSV; may be repeated.",
    ),
    click.option(
        "--openapi",
        "openapi_file",
        type=_FILE,
        help="An OpenAPI document (2.0 to 3.1), JSON or YAML: its objects become tables.",
    ),
    click.option(
        "--database",
        metavar="URL",
        help="A live database to take tables, types and constraints from; no row is read.",
    ),
    click.option(
        "--rows-like-source",
        "count_rows",
        is_flag=True,
        help="As many rows as the database has, table by table; --scale multiplies them.",
    ),
    click.option(
        "--dialect",
        metavar="D",
        help=f"The DDL's dialect ({', '.join(DIALECTS)}); found out where not given.",
    ),
    click.option("--strict", is_flag=True, help="Fail on the first statement that cannot be read."),
    click.option(
        "--infer-keys",
        is_flag=True,
        help="Use the foreign keys that are plain from the names but not declared.",
    ),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A request in words as the command line has it."""

    words: str
    model: str | None
    budget: str | None
    review: bool
    attached: tuple[Path, ...]


def wish_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add PROMPT and what goes with it; the command gets a ``wish``, None where none is given."""

    @functools.wraps(command)
    def packed(prompt: str | None, **options: Any) -> None:
        facts = {name: options.pop(name) for name in ("model", "budget", "review", "attached")}
        if prompt is None and any(facts.values()):
            given = ", ".join(f"--{name}" for name, value in facts.items() if value)
            raise click.UsageError(f"{given}: give a PROMPT too")
        command(wish=None if prompt is None else Wish(prompt, **facts), **options)

    decorated: Callable[..., None] = packed
    for option in reversed(_WISH_OPTIONS):
        decorated = option(decorated)
    return decorated


model_option = click.option(
    "--model",
    metavar="M",
    help="Who reads the words: offline (the default, no network), bedrock[:ID], provider:model.",
)
budget_option = click.option(
    "--budget", metavar="B", help="The most that the model may spend: 50k (tokens) or $0.50."
)

_WISH_OPTIONS = (
    click.argument("prompt", required=False),
    model_option,
    budget_option,
    click.option("--review", is_flag=True, help="Show the schema and ask before rows are made."),
    click.option(
        "--attach",
        "attached",
        multiple=True,
        type=_FILE,
        help="A text file that the model may read beside PROMPT, as data; may be repeated.",
    ),
)


def row_counts(given: tuple[tuple[str, int], ...]) -> tuple[int | None, dict[str, int]]:
    """Split ``--rows`` values into the count for all tables and the counts by table."""
    general = [count for table, count in given if not table]
    if len(general) > 1:
        raise click.UsageError("--rows N is given twice; give one N, and table=N for exceptions")
    by_table = {table: count for table, count in given if table}
    return (general[0] if general else None), by_table

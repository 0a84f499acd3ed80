"""``dataforge schema``: look at schemas, check them, compare them, write them."""

from __future__ import annotations

from pathlib import Path

import click

from dataforge.app.sources import Source
from dataforge.cli.options import DIALECTS, json_option, source_options

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def schema() -> None:
    """Show, validate, compare and export schemas."""


@schema.command(
    epilog="""\b
Examples:
  dataforge schema show --ddl shop.sql
  dataforge schema show --ddl shop.sql --table orders
  dataforge schema show --schema shop.yaml --format svg > shop.svg
"""
)
@source_options
@click.option(
    "--format",
    "form",
    type=click.Choice(("terminal", "text", "mermaid", "dot", "svg")),
    default="terminal",
    show_default=True,
)
@click.option("--table", "tables", multiple=True, help="Only this table and those it touches.")
@json_option
def show(
    source: Source,
    form: str,
    tables: tuple[str, ...],
    as_json: bool,
) -> None:
    """Draw tables and their relations."""
    from dataforge.app.inputs import read_input
    from dataforge.cli import drawing

    reading = read_input(source)
    drawing.draw(reading, form, tables, as_json=as_json)


@schema.command(
    epilog="""\b
Examples:
  dataforge schema explain --ddl shop.sql
  dataforge schema explain --ddl shop.sql --table customers --json
Overrule a finding in the schema file: semantic: concept
"""
)
@source_options
@click.option("--table", "tables", multiple=True, help="Only this table.")
@json_option
def explain(
    source: Source,
    tables: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what each column's name was taken to mean, how surely, and why."""
    from dataforge.app.inputs import read_input
    from dataforge.cli import meaning

    reading = read_input(source)
    meaning.print_meanings(reading, tables, as_json=as_json)


@schema.command(
    epilog="""\b
Example:
  dataforge schema validate --schema shop.yaml
"""
)
@source_options
@json_option
def validate(
    source: Source,
    as_json: bool,
) -> None:
    """List every problem at once, each with its place and a remedy.

    Exit code 2 when there is an error; warnings alone are no failure.
    """
    from dataforge.app.inputs import read_input
    from dataforge.cli import judging

    reading = read_input(source)
    judging.validate_reading(reading, as_json=as_json)


@schema.command(
    epilog="""\b
Examples:
  dataforge schema diff old.yaml new.yaml
  dataforge schema diff old.sql new.sql --dialect mysql
"""
)
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--dialect", metavar="D", help="The dialect of DDL files.")
@json_option
def diff(old: Path, new: Path, dialect: str | None, as_json: bool) -> None:
    """Say what changed from OLD to NEW; each is a schema file or DDL (.sql, .ddl).

    Exit code 1 when they differ.
    """
    from dataforge.app.inputs import read_any
    from dataforge.cli import judging

    judging.compare(
        read_any(old, dialect=dialect).schema,
        read_any(new, dialect=dialect).schema,
        as_json=as_json,
    )


@schema.command(
    epilog="""\b
Examples:
  dataforge schema export --ddl shop.sql > shop.yaml
  dataforge schema export --database mysql://app@localhost/shop > shop.yaml
  dataforge schema export --schema shop.yaml --format ddl --to mysql
  dataforge schema export --format json-schema > dataforge.schema.json
"""
)
@source_options
@click.option(
    "--format",
    "form",
    type=click.Choice(("yaml", "json", "json-schema", "ddl")),
    default="yaml",
    show_default=True,
    help="json-schema is the description of schema files, for editors.",
)
@click.option(
    "--to",
    "target",
    type=click.Choice(DIALECTS),
    help="The dialect to write DDL in; the schema's own where not given.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def export(
    source: Source,
    form: str,
    target: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write a schema as YAML, JSON or DDL on stdout or into a file."""
    from dataforge.cli import exporting

    if form == "json-schema":
        exporting.export_json_schema(out)
        return
    from dataforge.app.inputs import read_input

    reading = read_input(source)
    if source.schema_file:
        target = target or source.dialect
    exporting.export_schema(reading, "json" if as_json else form, target, out)

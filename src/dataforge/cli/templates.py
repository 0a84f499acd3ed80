"""``dataforge templates``: schemas to start from, one for each of many trades."""

from __future__ import annotations

from pathlib import Path

import click

from dataforge.cli.options import json_option


@click.group(
    epilog="""\b
Example:
  dataforge templates use bookstore > bookstore.yaml
"""
)
def templates() -> None:
    """List, draw and take schemas to start from."""


@templates.command(
    "list",
    epilog="""\b
Examples:
  dataforge templates list
  dataforge templates list --group health
  dataforge templates list --json
""",
)
@click.option("--group", metavar="GROUP", help="Only this group: retail, health, finance, …")
@json_option
def list_templates(group: str | None, as_json: bool) -> None:
    """List the templates by group, each with its tables."""
    from dataforge.cli import gallery

    gallery.print_gallery(group, as_json=as_json)


@templates.command(
    epilog="""\b
Examples:
  dataforge templates show bookstore
  dataforge templates show hospital --table admissions
  dataforge templates show hotel --format svg > hotel.svg
"""
)
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(("terminal", "text", "mermaid", "dot", "svg")),
    default="terminal",
    show_default=True,
)
@click.option("--table", "tables", multiple=True, help="Only this table and those it touches.")
@json_option
def show(name: str, form: str, tables: tuple[str, ...], as_json: bool) -> None:
    """Draw a template's tables and their relations."""
    from dataforge.cli import drawing, gallery

    drawing.draw(gallery.reading_of(name), form, tables, as_json=as_json)


@templates.command(
    epilog="""\b
Examples:
  dataforge templates use bookstore > bookstore.yaml
  dataforge templates use bookstore --out bookstore.yaml
  dataforge generate --schema bookstore.yaml --scale 10 --out bookstore-data
"""
)
@click.argument("name")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of YAML.")
def use(name: str, out: Path | None, as_json: bool) -> None:
    """Write a template as a schema file, on stdout or into a file.

    What is written is a schema like any other: edit it, generate from it.
    """
    from dataforge.cli import exporting, gallery

    exporting.export_schema(gallery.reading_of(name), "json" if as_json else "yaml", None, out)

"""A schema as text, on stdout or in a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dataforge.app.inputs import Reading
from dataforge.cli.output import remark, remark_all
from dataforge.cli.readings import explain
from dataforge.schema import json_schema, normalize, to_json, to_yaml
from dataforge.sinks.atomic import write_bytes
from dataforge.sinks.ddl.writer import write_ddl

DEFAULT_DIALECT = "postgres"


def export_schema(reading: Reading, form: str, target: str | None, out: Path | None) -> None:
    """Write the schema as ``yaml``, ``json`` or ``ddl``."""
    explain(reading)
    if form == "ddl":
        schema = normalize(reading.schema)
        ddl = write_ddl(schema, target or schema.dialect or DEFAULT_DIALECT)
        remark_all(ddl.notes)
        _write(ddl.script(), out)
    else:
        _write((to_json if form == "json" else to_yaml)(reading.schema), out)


def export_json_schema(out: Path | None) -> None:
    """Write the JSON Schema of schema files."""
    _write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        write_bytes(out, text.encode())
        remark(f"wrote {out}")

"""A schema made into a directory of CSV and proven, with little said."""

from __future__ import annotations

from pathlib import Path

from dataforge.cli.output import show
from dataforge.cli.progress import display
from dataforge.schema import Schema
from dataforge.sinks.forms import Form
from dataforge.workflows.check import verify_target
from dataforge.workflows.generate import generate
from dataforge.workflows.prepare import prepare


def make(schema: Schema, name: str) -> None:
    """Generate into the directory ``name`` and say whether every promise is kept."""
    with display("generating", quiet=False) as on_event:
        manifest = generate(prepare(schema), Path(name), form=Form(format="csv"), on_event=on_event)
    certificate = verify_target(name)
    rows = sum(table.rows for table in manifest.tables)
    verdict, *_ = certificate.summary()
    show(f"{rows:,} rows in {name}/", verdict)

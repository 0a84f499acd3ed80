"""A generating run from the command line: the run itself, then what it made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.text import Text

from dataforge.agents.proposal import SchemaProposal
from dataforge.app.inputs import Reading, read_input
from dataforge.app.places import is_place_url, place_of
from dataforge.app.settings import Settings
from dataforge.app.sources import Source
from dataforge.cli.loading import print_loaded
from dataforge.cli.options import Wish
from dataforge.cli.output import (
    counted,
    grid,
    print_json,
    remark,
    remark_all,
    show,
    size_text,
    terminal_width,
)
from dataforge.cli.progress import display
from dataforge.cli.readings import explain, remarks_json
from dataforge.cli.samples import plain_rows, sample
from dataforge.cli.verifying import judge
from dataforge.schema import Schema
from dataforge.sinks.forms import Form
from dataforge.sinks.manifest import Manifest, TableEntry
from dataforge.sinks.objects.place import ObjectPlace
from dataforge.verification.certificate import Certificate
from dataforge.workflows.check import verify_target
from dataforge.workflows.generate import generate, generate_into
from dataforge.workflows.preview import preview

SAMPLED_TABLES = 2
SAMPLED_ROWS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, once the schema is prepared; ``understood`` where it was in words."""

    schema: Schema
    reading: Reading
    understood: SchemaProposal | None
    out: str
    form: Form
    workers: int | None
    settings: Settings
    clean_twin: bool
    resume: bool
    overwrite: bool
    manifest: bool
    as_json: bool


def read(
    wish: Wish | None, source: Source, *, as_json: bool
) -> tuple[Reading, SchemaProposal | None]:
    """Return the schema that words ask for, with how they were understood, or that of a file."""
    if wish is None:
        return read_input(source), None
    from dataforge.cli.asking import understood

    base = read_input(source).schema if source.given else None
    return understood(wish, base, as_json=as_json)


def run(request: Request) -> None:
    """Generate into a directory or a database and print what was made."""
    if not request.as_json:
        explain(request.reading)
    if "://" in request.out and not is_place_url(request.out):
        _into_database(request)
    else:
        _into_files(request)


def show_preview(schema: Schema, reading: Reading, rows: int, *, as_json: bool) -> None:
    """Print the first rows of every table."""
    tables = preview(schema, rows=rows)
    if as_json:
        print_json({"tables": plain_rows(tables), **remarks_json(reading)})
        return
    explain(reading)
    room = terminal_width()
    show(*(sample(name, table, room) for name, table in tables.items()))


def _into_database(request: Request) -> None:
    with display("loading", quiet=request.as_json) as on_event:
        report = generate_into(
            request.schema, request.out, manifest=request.manifest, on_event=on_event
        )
    print_loaded(report, request.out, on_event.notes, as_json=request.as_json)
    if request.understood is not None:
        certificate = verify_target(request.out, request.schema)
        judge(certificate, request.out, as_json=request.as_json)


def _into_files(request: Request) -> None:
    place = place_of(request.out, request.settings)
    with display("generating", quiet=request.as_json) as on_event:
        try:
            manifest = generate(
                request.schema,
                place,
                form=request.form,
                workers=request.workers or request.settings.workers,
                clean_twin=request.clean_twin,
                resume=request.resume,
                overwrite=request.overwrite,
                on_event=on_event,
            )
        except KeyboardInterrupt:
            remark(f"stopped; the same command with --resume makes what {place} still lacks")
            raise
    proven = None if request.understood is None else verify_target(place)
    if request.as_json:
        told = _told(request.understood, proven)
        print_json({**_result(manifest, place, on_event.notes, request.reading), **told})
    else:
        _print_result(manifest, place, request.schema, on_event.notes)
    if proven is not None:
        judge(proven, str(place), as_json=request.as_json)


def _told(understood: SchemaProposal | None, certificate: Certificate | None) -> dict[str, Any]:
    if understood is None or certificate is None:
        return {}
    return {
        "understood": understood.model_dump(mode="json", exclude={"schema_"}),
        "verified": certificate.passed,
    }


def _result(
    manifest: Manifest, place: Path | ObjectPlace, notes: list[str], reading: Reading
) -> dict[str, Any]:
    return {
        "directory": str(place),
        "format": manifest.format,
        "seed": manifest.seed,
        "rows": sum(table.rows for table in manifest.tables),
        "tables": [
            {
                "name": table.name,
                "rows": table.rows,
                "files": [part.path for part in table.parts],
                "size_bytes": sum(part.size_bytes for part in table.parts),
                "losses": table.losses,
            }
            for table in manifest.tables
        ],
        "notes": notes,
        **remarks_json(reading),
    }


def _print_result(
    manifest: Manifest, place: Path | ObjectPlace, schema: Schema, notes: list[str]
) -> None:
    show(_summary(manifest), "")
    largest = sorted(manifest.tables, key=_weight)[:SAMPLED_TABLES]
    rows = preview(schema, tables=[table.name for table in largest], rows=SAMPLED_ROWS)
    room = terminal_width()
    show(*(sample(name, table, room) for name, table in rows.items()))
    losses = [f"{table.name}: {loss}" for table in manifest.tables for loss in table.losses]
    remark_all(notes)
    remark_all(losses, noun=f"{manifest.format} does not keep everything")
    show(
        Text.assemble(
            "Files in ", (f"{place}/", "bold"), " (data, ddl.sql, schema.yaml, manifest.json)"
        ),
        Text.assemble("Prove it: ", (f"dataforge verify {place}", "bold")),
    )


def _weight(table: TableEntry) -> tuple[int, int]:
    """Order tables by rows, then by columns, the most first."""
    return -table.rows, -len(table.columns)


def _summary(manifest: Manifest) -> Any:
    sizes = {t.name: sum(part.size_bytes for part in t.parts) for t in manifest.tables}
    rows = [
        (t.name, f"{t.rows:,}", str(len(t.parts)), size_text(sizes[t.name]))
        for t in manifest.tables
    ]
    total = (
        counted(len(manifest.tables), "table"),
        f"{sum(t.rows for t in manifest.tables):,}",
        str(sum(len(t.parts) for t in manifest.tables)),
        size_text(sum(sizes.values())),
    )
    table = grid(("table", "rows", "files", "size"), rows, ("rows", "files", "size"))
    table.add_section()
    table.add_row(*(Text(cell, style="bold") for cell in total))
    return table

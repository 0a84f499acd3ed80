"""``dataforge verify``: written data proven against its schema."""

from __future__ import annotations

import click

from dataforge.app.sources import Source
from dataforge.cli.options import json_option, source_options

EPILOG = """\b
Examples:
  dataforge verify shop-data
  dataforge verify postgresql://localhost/shop
  dataforge verify postgresql://localhost/shop --schema shop-data/schema.yaml
  dataforge verify s3://bucket/shop
  dataforge verify shop-data --json
"""


@click.command(epilog=EPILOG)
@click.argument("target", metavar="DIR|URL")
@source_options
@json_option
def verify(
    target: str,
    source: Source,
    as_json: bool,
) -> None:
    """Prove row counts, types, keys, foreign keys, checks and rules from the written data.

    A data set, in a directory or an object store, brings its own schema and gets a certificate. So
    does a database that generate or load filled; another one needs --schema or --ddl. Exit code 1
    when a promise is broken or a cell was changed since.
    """
    from dataforge.app.inputs import read_input
    from dataforge.app.places import is_place_url, place_of
    from dataforge.app.settings import Settings
    from dataforge.cli.progress import display
    from dataforge.cli.verifying import report
    from dataforge.workflows.check import verify_target

    schema = None
    if source.given:
        schema = read_input(source).schema
    with display("verifying", quiet=as_json) as on_event:
        place = place_of(target, Settings.read()) if is_place_url(target) else target
        certificate = verify_target(place, schema, on_event)
    report(certificate, target, on_event.notes, as_json=as_json)

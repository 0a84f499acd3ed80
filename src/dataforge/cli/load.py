"""``dataforge load``: a generated directory into a database."""

from __future__ import annotations

from pathlib import Path

import click

from dataforge.cli.options import json_option

EPILOG = """\b
Examples:
  dataforge load shop-data postgresql://localhost/shop
  dataforge load shop-data mysql://app@localhost/shop
  dataforge load shop-data sqlite:///shop.db
  dataforge load shop-data duckdb:///shop.duckdb
"""


@click.command(epilog=EPILOG)
@click.argument(
    "directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.argument("url", metavar="DATABASE_URL")
@json_option
def load(directory: Path, url: str, as_json: bool) -> None:
    """Create the tables of DIR in a database, load their rows and switch every constraint on."""
    from dataforge.cli.loading import print_loaded
    from dataforge.cli.progress import display
    from dataforge.workflows.load import load as load_directory

    with display("loading", quiet=as_json) as on_event:
        loaded = load_directory(directory, url, on_event=on_event)
    print_loaded(loaded, url, on_event.notes, as_json=as_json)

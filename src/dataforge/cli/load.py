"""``dataforge load``: a generated data set into a database."""

from __future__ import annotations

import click

from dataforge.cli.options import json_option, manifest_option

EPILOG = """\b
Examples:
  dataforge load shop-data postgresql://localhost/shop
  dataforge load shop-data mysql://app@localhost/shop
  dataforge load shop-data sqlite:///shop.db
  dataforge load shop-data duckdb:///shop.duckdb
  dataforge load s3://bucket/shop postgresql://localhost/shop
"""


@click.command(epilog=EPILOG)
@click.argument("place", metavar="DIR|URL")
@click.argument("url", metavar="DATABASE_URL")
@manifest_option
@json_option
def load(place: str, url: str, no_manifest: bool, as_json: bool) -> None:
    """Create the tables of a data set in a database, load its rows, switch every constraint on.

    The data set is a directory, or the URL of one in an object store (s3://, gs://, az://).
    """
    from dataforge.app.places import place_of
    from dataforge.app.settings import Settings
    from dataforge.cli.loading import print_loaded
    from dataforge.cli.progress import display
    from dataforge.workflows.load import load as load_data

    source = place_of(place, Settings.read())
    with display("loading", quiet=as_json) as on_event:
        loaded = load_data(source, url, manifest=not no_manifest, on_event=on_event)
    print_loaded(loaded, url, on_event.notes, as_json=as_json)

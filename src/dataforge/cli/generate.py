"""``dataforge generate``: a data set from words, DDL or a schema file."""

from __future__ import annotations

import click

from dataforge.app.settings import Settings
from dataforge.app.sources import Source
from dataforge.cli.options import (
    COMPRESSIONS,
    FORMATS,
    Count,
    RowCount,
    Size,
    Wish,
    json_option,
    manifest_option,
    row_counts,
    source_options,
    wish_options,
)

EPILOG = """\b
Examples:
  dataforge generate "a bookstore: 5,000 customers, orders and reviews; 5% of orders are cancelled"
  dataforge generate "add a coupon table" --schema shop.yaml --review
  dataforge generate --ddl shop.sql --rows 10000 --out shop-data
  dataforge generate --ddl shop.sql --rows 1k --rows orders=50k --format parquet --out shop-data
  dataforge generate --schema shop.yaml --scale 10 --seed 7 --out postgresql://localhost/shop
  dataforge generate --ddl shop.sql --out duckdb:///shop.duckdb
  dataforge generate --ddl shop.sql --format parquet --out s3://bucket/shop
  dataforge generate --ddl shop.sql --format xlsx --out shop-data
  dataforge generate --ddl shop.sql --format csv --compression zstd --rows-per-file 1M
  dataforge generate --ddl shop.sql --format parquet --part-size 128MB
  dataforge generate --ddl shop.sql --format parquet --partition-by country_code
  dataforge generate --database postgresql://localhost/shop --rows-like-source --scale 0.1
  dataforge generate --like orders.json --like customers.csv --scale 10 --out orders
  dataforge generate --json-schema order.schema.json --format jsonl --out orders
  dataforge generate --openapi petstore.yaml --rows 500 --format jsonl --out pets
  dataforge generate --ddl shop.sql --preview 5
"""


@click.command(epilog=EPILOG)
@wish_options
@source_options
@click.option(
    "--rows",
    type=RowCount(),
    multiple=True,
    help="Rows of every table, or of one (table=N); may be repeated. 10k and 2M are numbers.",
)
@click.option(
    "--scale",
    metavar="X",
    type=click.FloatRange(min=0, min_open=True),
    help="Multiply every row count by X.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(0, 2**63 - 1), help="Another seed, other data."
)
@click.option(
    "--locale",
    metavar="L",
    help="Language and country of names: de_DE, or a mix by weight: de_DE:3,fr_FR:1.",
)
@click.option("--format", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option(
    "--sql-dialect", metavar="D", help="Dialect of SQL output; the schema's own where not given."
)
@click.option(
    "--compression",
    type=click.Choice(COMPRESSIONS),
    help="Pack csv, tsv, json, jsonl and sql (gzip, zstd); the codec of parquet and arrow.",
)
@click.option(
    "--rows-per-file",
    metavar="N",
    type=Count(),
    help="Cut tables into files of at most N rows (524,288 if left out).",
)
@click.option(
    "--part-size",
    metavar="SIZE",
    type=Size(),
    help="Cut tables into files of at most SIZE bytes: 128MB, 64MiB, 500k.",
)
@click.option(
    "--partition-by",
    metavar="COLUMN",
    multiple=True,
    help="A folder for each value (country=DE) of the tables that have COLUMN; may be repeated.",
)
@click.option(
    "--defuse-formulas",
    is_flag=True,
    help="Put an apostrophe before csv and tsv text that a spreadsheet would run.",
)
@click.option(
    "--out",
    metavar="DIR|URL",
    help="Where the data goes: a new directory, an object store (s3://, gs://, az://), a "
    "database. A directory named after the input if left out.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    help="Processes; one per core if left out.",
)
@click.option(
    "--clean-twin", is_flag=True, help="Write the rows without their dirt too, to DIR/clean."
)
@click.option("--resume", is_flag=True, help="Make only the parts that are missing.")
@click.option("--overwrite", is_flag=True, help="Replace what an earlier run left in DIR.")
@click.option(
    "--preview",
    is_flag=False,
    flag_value=10,
    type=click.IntRange(min=1),
    metavar="[N]",
    help="Print the first N (10) rows of every table and write nothing.",
)
@manifest_option
@json_option
def generate(
    wish: Wish | None,
    source: Source,
    rows: tuple[tuple[str, int], ...],
    scale: float | None,
    seed: int | None,
    locale: str | None,
    format: str,  # noqa: A002  - the option's name
    sql_dialect: str | None,
    compression: str | None,
    rows_per_file: int | None,
    part_size: int | None,
    partition_by: tuple[str, ...],
    defuse_formulas: bool,
    out: str | None,
    workers: int | None,
    clean_twin: bool,
    resume: bool,
    overwrite: bool,
    preview: int | None,
    no_manifest: bool,
    as_json: bool,
) -> None:
    """Make a data set that keeps every key and constraint of its schema.

    The same schema and seed give the same bytes, with any number of workers. The schema is what
    PROMPT asks for, in words of six languages; or it comes from --schema, --ddl, --json-schema,
    --openapi or --database, and PROMPT says what to change in it.
    """
    from dataforge.cli import generating
    from dataforge.sinks.forms import Form
    from dataforge.workflows.prepare import prepare

    _refuse(out, resume=resume, overwrite=overwrite)
    general, by_table = row_counts(rows)
    reading, understood = generating.read(wish, source, as_json=as_json)
    prepared = prepare(
        reading.schema, rows=general, table_rows=by_table, scale=scale, seed=seed, locale=locale
    )
    if preview is not None:
        generating.show_preview(prepared, reading, preview, as_json=as_json)
        return
    request = generating.Request(
        schema=prepared,
        reading=reading,
        understood=understood,
        out=out or f"{reading.stem}-data",
        form=Form(
            format=format,
            dialect=sql_dialect,
            compression=compression,
            defused=defuse_formulas,
            part_rows=rows_per_file,
            part_bytes=part_size,
            partition_by=partition_by,
        ),
        workers=workers,
        settings=Settings.read(),
        clean_twin=clean_twin,
        resume=resume,
        overwrite=overwrite,
        manifest=not no_manifest,
        as_json=as_json,
    )
    generating.run(request)


def _refuse(out: str | None, *, resume: bool, overwrite: bool) -> None:
    if resume and overwrite:
        raise click.UsageError("--resume keeps what is there, --overwrite replaces it: give one")
    if out is not None and not out.strip():
        raise click.UsageError("--out is empty: name a directory or a database, or leave it out")

"""The Python API: a thin door over the workflows. ``import dataforge`` hands out its names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataforge.agents.steps import OnStep, unheard
from dataforge.api.dataset import Dataset, Rows
from dataforge.api.picture import Picture
from dataforge.app.inputs import (
    is_ddl_text,
    read_any,
    read_database,
    read_ddl,
    read_ddl_text,
    read_json_schema,
    read_json_schema_text,
    read_like,
    read_openapi,
    read_openapi_text,
)
from dataforge.app.places import is_place_url, place_of
from dataforge.app.settings import Settings
from dataforge.schema import Schema, diff, read_schema, validate
from dataforge.sinks.forms import Form
from dataforge.workflows import generate as generating
from dataforge.workflows.check import verify_target
from dataforge.workflows.events import Listener, ignore
from dataforge.workflows.load import load as load_data
from dataforge.workflows.meaning import Finding, explain_meaning
from dataforge.workflows.prepare import prepare
from dataforge.workflows.preview import preview as first_rows
from dataforge.workflows.rows import open_rows, open_truth

if TYPE_CHECKING:
    from dataforge.verification.certificate import Certificate
    from dataforge.workflows.events import LoadReport

Source = Schema | str | Path
RowCounts = int | Mapping[str, int] | None

__all__ = [
    "Dataset",
    "Picture",
    "Rows",
    "diff",
    "explain",
    "from_database",
    "from_ddl",
    "from_examples",
    "from_json_schema",
    "from_openapi",
    "from_prompt",
    "generate",
    "load",
    "preview",
    "read_schema",
    "show",
    "validate",
    "verify",
]


def from_ddl(
    source: str | Path,
    *,
    dialect: str | None = None,
    strict: bool = False,
    infer_keys: bool = False,
) -> Schema:
    """Return the schema that SQL CREATE statements describe; ``source`` is a file or the text.

    ``dialect`` (postgres, mysql, sqlite, tsql, oracle) is found out where it is not given;
    ``strict`` makes a statement that cannot be read a ParseError; ``infer_keys`` adds foreign keys
    that are plain from the names.
    """
    if isinstance(source, str) and is_ddl_text(source):
        reading = read_ddl_text(source, dialect=dialect, strict=strict, infer_keys=infer_keys)
    else:
        reading = read_ddl(Path(source), dialect=dialect, strict=strict, infer_keys=infer_keys)
    return reading.schema


def from_database(url: str, *, rows_like_source: bool = False, infer_keys: bool = False) -> Schema:
    """Return the schema of a live PostgreSQL, MySQL/MariaDB, SQLite or DuckDB database.

    Tables, types, keys, constraints and comments come from its catalogue; rows are never read,
    only counted with ``rows_like_source``. DatabaseError where it cannot be asked.
    """
    reading = read_database(url, count_rows=rows_like_source, infer_keys=infer_keys)
    return reading.schema


def from_json_schema(source: str | Path | Mapping[str, Any], *, name: str = "document") -> Schema:
    """Return the schema for documents that a JSON Schema describes (drafts 4 to 2020-12).

    ``source`` is a file, the text or the parsed object; ``name`` names the table of a text or an
    object without a title. Objects become tables, arrays of objects child tables, small objects
    JSON columns.
    """
    if isinstance(source, Mapping):
        return read_json_schema_text(json.dumps(source), name=name).schema
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return read_json_schema_text(source, name=name).schema
    return read_json_schema(Path(source)).schema


def from_openapi(source: str | Path | Mapping[str, Any], *, name: str = "api") -> Schema:
    """Return the schema for the objects of an OpenAPI document (2.0, 3.0, 3.1).

    ``source`` is a file, the text or the parsed object. Named objects become tables once each,
    references between them foreign keys. Files that a file refers to are read below its folder.
    """
    if isinstance(source, Mapping):
        return read_openapi_text(json.dumps(source), name=name).schema
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return read_openapi_text(source, name=name).schema
    return read_openapi(Path(source)).schema


def from_prompt(
    text: str,
    *,
    model: str | None = None,
    budget: str | None = None,
    schema: Source | None = None,
    on_step: OnStep = unheard,
) -> Schema:
    """Return the schema that a request in words asks for, or that it makes of ``schema``.

    ``model`` is ``offline`` (the default: no network), ``bedrock[:ID]`` or ``provider:model``;
    ``budget`` the most that it may spend, ``50k`` (tokens) or ``$0.50``. ``on_step`` hears what
    the agent does. Raises UsageError for a request of which nothing can be made, ModelError and
    BudgetError for a model that fails or costs more.
    """
    from dataforge.app.asking import Desk

    desk = Desk.opened(
        Settings.read(), model=model, budget=budget, job="from_prompt", on_step=on_step
    )
    base = None if schema is None else _schema(schema)
    return desk.describe(text, base=base, on_step=on_step).schema_


def from_examples(*files: str | Path) -> Schema:
    """Return the schema of example documents: JSON, JSON Lines or delimited text with a header.

    Each kind of document is a table with as many rows as there are documents, arrays of objects
    are child tables; types, formats, ranges, short lists of values and the share of absent members
    come from the examples, other values never. Foreign keys that are plain from the names are
    used. Raises ParseError for what cannot be read, UsageError for a file that is not there.
    """
    return read_like([Path(file) for file in files]).schema


def generate(
    schema: Source,
    out: str | Path | None = None,
    *,
    rows: RowCounts = None,
    scale: float | None = None,
    seed: int | None = None,
    locale: str | None = None,
    format: str = "csv",  # noqa: A002  - the word users know it by
    compression: str | None = None,
    rows_per_file: int | None = None,
    part_size: int | None = None,
    partition_by: Sequence[str] = (),
    defuse_formulas: bool = False,
    workers: int | None = None,
    clean_twin: bool = False,
    resume: bool = False,
    overwrite: bool = False,
    manifest: bool = True,
    on_event: Listener = ignore,
) -> Dataset:
    """Return a data set that keeps every key and constraint of ``schema``.

    ``schema`` is a Schema or a file (YAML, JSON, SQL). ``out`` is a directory, the URL of a
    database or an object store, or None: then nothing is written. ``rows`` is a count for every
    table or a mapping of tables to counts. ``compression`` (gzip, zstd; codecs of parquet and
    arrow), ``rows_per_file``, ``part_size`` (bytes), ``partition_by`` and ``defuse_formulas``
    (csv, tsv) say how files are packed; ``manifest`` keeps in a database what it was filled with,
    by which ``verify`` tells later changes. The same schema and seed give the same rows, whatever
    else is asked for.
    Raises SchemaError, CapacityError or RuleConflictError for what cannot be kept, OutputError or
    DatabaseError where writing fails.
    """
    prepared = _prepared(schema, rows, scale=scale, seed=seed, locale=locale)
    directory = None
    settings = Settings.read()
    if isinstance(out, str) and "://" in out and not is_place_url(out):
        generating.generate_into(prepared, out, manifest=manifest, on_event=on_event)
    elif out is not None:
        place = place_of(str(out), settings)
        directory = place if isinstance(place, Path) else None
        generating.generate(
            prepared,
            place,
            form=Form(
                format=format,
                compression=compression,
                defused=defuse_formulas,
                part_rows=rows_per_file,
                part_bytes=part_size,
                partition_by=tuple(partition_by),
            ),
            workers=workers or settings.workers,
            clean_twin=clean_twin,
            resume=resume,
            overwrite=overwrite,
            on_event=on_event,
        )
    sources = open_rows(prepared)
    tables = {
        name: Rows(name, source.row_count, source.arrow_schema, source.batches)
        for name, source in sources.items()
    }
    truth = {name: source.read for name, source in open_truth(sources).items()}
    return Dataset(prepared, tables, directory, truth)


def preview(
    schema: Source,
    rows: int = 10,
    *,
    tables: Sequence[str] | None = None,
    seed: int | None = None,
    locale: str | None = None,
) -> Dataset:
    """Return the first ``rows`` rows of every table (or of ``tables``), without making the rest.

    Row counts are the schema's own; the rows are the same as in the whole data set.
    """
    prepared = _prepared(schema, None, seed=seed, locale=locale)
    found = first_rows(prepared, tables, rows)
    return Dataset(prepared, {name: Rows.of(name, table) for name, table in found.items()})


def verify(
    target: str | Path, schema: Source | None = None, *, on_event: Listener = ignore
) -> Certificate:
    """Prove from written data that every promise holds; ``target`` is a directory or a URL.

    A directory brings its own schema, as does a database that was filled with its manifest. The
    certificate names what is broken, if anything is.
    """
    wanted = None if schema is None else _schema(schema)
    text = str(target)
    place = place_of(text, Settings.read()) if is_place_url(text) else text
    return verify_target(place, wanted, on_event)


def load(
    directory: str | Path, url: str, *, manifest: bool = True, on_event: Listener = ignore
) -> LoadReport:
    """Load a generated data set into a database, with every constraint switched on.

    ``directory`` may be the URL of one in an object store. ``manifest`` keeps in the database what
    it was filled with, by which ``verify`` tells later changes.
    """
    place = place_of(str(directory), Settings.read())
    return load_data(place, url, manifest=manifest, on_event=on_event)


def explain(schema: Source) -> tuple[Finding, ...]:
    """Return what each column's name was taken to mean: concept, score in (0, 1] and reason.

    Overrule a finding with the column's ``semantic``.
    """
    return explain_meaning(_schema(schema))


def show(schema: Source) -> Picture:
    """Return the schema's picture: SVG in a notebook, boxes of text in a shell, or a file."""
    return Picture(_schema(schema))


def _schema(source: Source) -> Schema:
    return source if isinstance(source, Schema) else read_any(Path(source)).schema


def _prepared(source: Source, rows: RowCounts, **options: Any) -> Schema:
    general, by_table = (None, rows) if isinstance(rows, Mapping) else (rows, {})
    return prepare(_schema(source), rows=general, table_rows=by_table, **options)

"""From a file to a schema, the same for every door: what was read and what to say about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dataforge.addresses import parse_url
from dataforge.app.sources import Source
from dataforge.errors import ParseError, Problem, UsageError
from dataforge.parsers.examples import parse_examples
from dataforge.parsers.json_schema import parse_json_schema
from dataforge.parsers.live import reflect
from dataforge.parsers.meaning import LANGUAGE_NAMES, LOCALE_OF, languages_of
from dataforge.parsers.openapi import parse_openapi
from dataforge.parsers.sql import (
    KeyCandidate,
    ParsedDdl,
    find_candidates,
    parse_ddl,
    use_candidates,
)
from dataforge.parsers.sql import read_ddl as parse_file
from dataforge.schema import Schema, read_schema

SCHEMA_SUFFIXES = {".yaml", ".yml", ".json"}
JSON_SCHEMA_ENDINGS = (".schema.json", ".schema.yaml", ".schema.yml")

_DDL_WORDS = re.compile(r"\b(create|alter)\s+\w+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A schema and what its reader remarked.

    ``stem`` is the input's name without its ending. ``problems`` are statements that could not be
    read; ``passed_over`` counts statements that describe no table, by kind; ``candidates`` are
    foreign keys that are plain from the names but neither declared nor in use. ``language`` is
    that of the names where it is not English: the schema's locale then speaks it.
    """

    schema: Schema
    stem: str
    dialect: str | None = None
    problems: tuple[Problem, ...] = ()
    candidates: tuple[KeyCandidate, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)
    language: str | None = None


def read_input(source: Source) -> Reading:
    """Read the one input that is given; UsageError where there is none or there are two."""
    if len(source.given) > 1:
        raise UsageError(f"{' and '.join(source.given)} are given: give one of them")
    if source.count_rows and source.database is None:
        raise UsageError("--rows-like-source counts the rows of a database: give --database URL")
    if source.ddl_file is not None:
        return read_ddl(
            source.ddl_file,
            dialect=source.dialect,
            strict=source.strict,
            infer_keys=source.infer_keys,
        )
    if source.schema_file is not None:
        return Reading(read_schema(source.schema_file), source.schema_file.stem)
    if source.database is not None:
        return read_database(
            source.database,
            count_rows=source.count_rows,
            strict=source.strict,
            infer_keys=source.infer_keys,
        )
    if source.json_schema_file is not None:
        return read_json_schema(source.json_schema_file)
    if source.openapi_file is not None:
        return read_openapi(source.openapi_file)
    if source.like_files:
        return read_like(source.like_files)
    raise UsageError(
        "no input: give --ddl FILE (SQL), --schema FILE (YAML or JSON), --json-schema FILE, "
        "--openapi FILE, --like FILE or --database URL, or say what you need: "
        "dataforge generate 'a shop with 500 customers'"
    )


def read_like(paths: Sequence[Path]) -> Reading:
    """Read example documents (JSON, JSON Lines, CSV); foreign keys plain from names are used."""
    found = parse_examples(paths)
    schema = use_candidates(found.schema, find_candidates(found.schema))
    return Reading(
        schema=schema,
        stem=schema.name,
        problems=found.parsed.problems,
        passed_over=found.parsed.passed_over,
    )


def read_json_schema(path: Path) -> Reading:
    """Read a JSON Schema file; ParseError where it describes no object."""
    text = _text_of(path)
    stem = path.name.removesuffix(path.suffix).removesuffix(".schema") or path.stem
    return read_json_schema_text(text, name=stem, source=path.name)


def read_json_schema_text(text: str, *, name: str, source: str = "<schema>") -> Reading:
    """Read a JSON Schema from text."""
    parsed = parse_json_schema(text, name=name, source=source)
    return Reading(
        schema=parsed.schema, stem=name, problems=parsed.problems, passed_over=parsed.passed_over
    )


def read_openapi(path: Path) -> Reading:
    """Read an OpenAPI document and the files beside it; ParseError where it describes no object."""
    return read_openapi_text(_text_of(path), name=path.stem, source=path.name, folder=path.parent)


def read_openapi_text(
    text: str, *, name: str, source: str = "<document>", folder: Path | None = None
) -> Reading:
    """Read an OpenAPI document from text; without a folder it may refer to no file."""
    parsed = parse_openapi(text, name=name, source=source, folder=folder)
    return Reading(
        schema=parsed.schema, stem=name, problems=parsed.problems, passed_over=parsed.passed_over
    )


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ParseError(f"{path} is not UTF-8 text") from None


def read_database(
    url: str, *, count_rows: bool = False, strict: bool = False, infer_keys: bool = False
) -> Reading:
    """Read the schema of a live database; DatabaseError where it cannot be asked."""
    parsed = reflect(url, count_rows=count_rows, strict=strict)
    stem = Path(parse_url(url).database).stem or "database"
    return _reading(parsed, stem, infer_keys=infer_keys)


def read_any(path: Path, *, dialect: str | None = None) -> Reading:
    """Read a schema file (.yaml, .yml, .json), a JSON Schema (.schema.json) or else DDL."""
    if path.name.lower().endswith(JSON_SCHEMA_ENDINGS):
        return read_json_schema(path)
    if path.suffix.lower() in SCHEMA_SUFFIXES:
        return Reading(read_schema(path), path.stem)
    return read_ddl(path, dialect=dialect)


def read_ddl(
    path: Path, *, dialect: str | None = None, strict: bool = False, infer_keys: bool = False
) -> Reading:
    """Read a DDL file of any usual encoding; ParseError where it holds no table."""
    parsed = parse_file(path, dialect=dialect, strict=strict)
    return _reading(parsed, path.stem, infer_keys=infer_keys)


def read_ddl_text(
    text: str, *, dialect: str | None = None, strict: bool = False, infer_keys: bool = False
) -> Reading:
    """Read DDL from text; ParseError where it holds no table."""
    parsed = parse_ddl(text, dialect=dialect, strict=strict)
    return _reading(parsed, parsed.schema.name, infer_keys=infer_keys)


def is_ddl_text(source: str) -> bool:
    """Tell SQL text from the name of a file."""
    return "\n" in source or _DDL_WORDS.search(source) is not None


def _reading(parsed: ParsedDdl, stem: str, *, infer_keys: bool) -> Reading:
    schema = parsed.schema
    if infer_keys:
        schema = use_candidates(schema, parsed.candidates)
    spoken = next(iter(languages_of(schema)), None)
    if spoken is not None:
        schema = schema.model_copy(update={"locale": LOCALE_OF[spoken]})
    return Reading(
        schema=schema,
        stem=stem,
        dialect=parsed.dialect,
        problems=parsed.problems,
        candidates=() if infer_keys else parsed.candidates,
        passed_over=parsed.passed_over,
        language=None if spoken is None else LANGUAGE_NAMES[spoken],
    )

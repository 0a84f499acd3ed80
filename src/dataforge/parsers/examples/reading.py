"""Files of examples: one JSON document or many, JSON Lines, or delimited text with a header.

An array of objects, or a file of lines, is many documents of one kind; an object whose members
are all arrays of objects is a set of tables; any other object is one document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dataforge.errors import ParseError, UsageError
from dataforge.parsers.examples.inference import Json, infer
from dataforge.parsers.json_schema import ParsedJsonSchema, parse_json_schema
from dataforge.schema import Schema, Table

DELIMITED = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
LINES = (".jsonl", ".ndjson")
MOST_ROWS = 20_000
"""Rows of delimited text that are looked at; all of them are counted."""
_MOST_BYTES = 1 << 28
_FEWEST_ROWS = 2
_LINE = re.compile(r"(?i)\bline:? (\d+)")
_KEY = re.compile(r"(?i)(?:^|_|[a-z])(?:id|key|uuid|guid|code|number|no)$")


@dataclass(frozen=True, slots=True)
class ParsedExamples:
    """The schema, the JSON Schema that all examples keep to, and the reader's remarks."""

    parsed: ParsedJsonSchema
    json_schema: Json

    @property
    def schema(self) -> Schema:
        """The schema."""
        return self.parsed.schema


@dataclass(frozen=True, slots=True)
class _Documents:
    """Documents of one kind: ``count`` is how many there are, more than are looked at perhaps."""

    name: str
    documents: Sequence[Any]
    count: int


def parse_examples(paths: Sequence[Path]) -> ParsedExamples:
    """Return the schema of one or more files of examples.

    Each kind of document is a table with as many rows as there were documents; arrays of objects
    are tables of their own. Raises ParseError where a file cannot be read as what its name says,
    or holds no object, and UsageError where it cannot be opened.
    """
    kinds = [kind for path in paths for kind in _read(path)]
    schemas = {kind.name: infer(kind.documents) for kind in kinds}
    if not any("properties" in each for each in schemas.values()):
        names = ", ".join(path.name for path in paths)
        raise ParseError(
            f"{names}: no objects were found → give records, an array or lines of them"
        )
    whole: Json = {"$defs": schemas} if len(schemas) > 1 else next(iter(schemas.values()))
    source = ", ".join(path.name for path in paths)
    parsed = parse_json_schema(json.dumps(whole), name=kinds[0].name, source=source)
    by_name = {kind.name: kind for kind in kinds}
    tables = tuple(_counted(table, by_name.get(table.name)) for table in parsed.schema.tables)
    counted = parsed.schema.model_copy(update={"tables": tables, "name": _stem(paths[0])})
    return ParsedExamples(
        ParsedJsonSchema(counted, parsed.problems, parsed.passed_over),
        whole,
    )


def _counted(table: Table, kind: _Documents | None) -> Table:
    """Give a table of documents their number, and the key that tells them apart."""
    if kind is None:
        return table
    key = _key_of(kind.documents)
    if table.primary_key or key not in table.columns_by_name:
        return table.model_copy(update={"rows": kind.count})
    columns = tuple(
        c.model_copy(update={"nullable": False, "null_share": None}) if c.name == key else c
        for c in table.columns
    )
    return table.model_copy(update={"rows": kind.count, "columns": columns, "primary_key": (key,)})


def _key_of(documents: Sequence[Any]) -> str:
    """Return the first member named like a key whose values are all there and all different."""
    rows = [each for each in documents if isinstance(each, Mapping)]
    if len(rows) < _FEWEST_ROWS:
        return ""
    for name in rows[0]:
        values = [row.get(name) for row in rows]
        whole = all(isinstance(v, int | str) and not isinstance(v, bool) for v in values)
        if _KEY.search(str(name)) and whole and len(set(values)) == len(values):
            return str(name)
    return ""


def _read(path: Path) -> list[_Documents]:
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    if path.stat().st_size > _MOST_BYTES:
        most = _MOST_BYTES >> 20
        raise UsageError(f"{path.name} has more than {most} MB → give a part of it as an example")
    if path.name.lower().endswith(DELIMITED):
        return [_delimited(path)]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ParseError(f"{path.name} is not UTF-8 text") from None
    if path.suffix.lower() in LINES:
        documents = [
            _loaded(line, path, number)
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip()
        ]
        return [_Documents(_stem(path), documents, len(documents))]
    return _kinds(_loaded(text, path, 1), _stem(path))


def _kinds(found: Any, name: str) -> list[_Documents]:
    if isinstance(found, list):
        return [_Documents(name, found, len(found))]
    if isinstance(found, dict) and len(found) > 1 and all(map(_is_table, found.values())):
        return [_Documents(str(key), rows, len(rows)) for key, rows in found.items()]
    return [_Documents(name, [found], 1)]


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _loaded(text: str, path: Path, line: int) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise ParseError(f"{path.name} is nested too deeply") from None
    except json.JSONDecodeError as error:
        at = f"{path.name}:{line + error.lineno - 1}:{error.colno}"
        raise ParseError(f"{at}: this is not readable JSON: {error.msg}") from None


def _delimited(path: Path) -> _Documents:
    """Read delimited text as DuckDB makes it out: delimiter, header and types."""
    with duckdb.connect() as connection:
        try:
            rows = connection.read_csv(str(path), sample_size=MOST_ROWS)
            names = rows.columns
            ((count,),) = rows.aggregate("count(*)").fetchall()
            some = rows.limit(MOST_ROWS).fetchall()
        except duckdb.Error as error:
            # Its words may quote the file's contents, which no message shows.
            line = _LINE.search(str(error))
            at = f"{path.name}:{line[1]}" if line else path.name
            msg = f"{at}: no delimiter and header fit → give lines of equally many fields"
            raise ParseError(msg) from None
    documents = [dict(zip(names, map(_plain, row), strict=True)) for row in some]
    return _Documents(_stem(path), documents, int(count))


def _plain(value: Any) -> Any:
    """Return a value of DuckDB's as JSON has it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _stem(path: Path) -> str:
    return path.name.split(".")[0] or "document"

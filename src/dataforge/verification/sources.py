"""The written files of a table as one DuckDB relation, row order kept, whatever their format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from dataforge.schema import ColumnType, DecimalType, JsonType, Table
from dataforge.verification.cells import Cell, Mode, cell
from dataforge.verification.fields import PLAIN, plain_text, postgres_value
from dataforge.verification.sql_text import ident, literal

DELIMITERS = {"csv": ",", "tsv": "\t"}
JSON_LAYOUTS = {"json": "array", "jsonl": "newline_delimited"}
FORMATS = (*DELIMITERS, *JSON_LAYOUTS, "parquet", "arrow", "xlsx", "sql")
FIELD_KINDS = ("copied", "inserted")
"""What the rows of SQL files are read as: fields of COPY text that were in such statements."""
CASTING = frozenset({*DELIMITERS, *FIELD_KINDS})
"""Kinds of text whose reader casts, and is refused as a whole when one cell does not fit."""
MAX_LINE_BYTES = 1 << 28
_EXACT_DIGITS = 15
_DEFUSED = "^'+[=+@\t\r-]"


@dataclass(frozen=True, slots=True)
class Source:
    """A table's files, ready to be read.

    ``raw`` is SQL for a relation with a column ``stored(i)`` for each of ``names``; ``cells`` say
    what becomes of them, ``extra`` is a further condition that is true of malformed rows.
    """

    names: tuple[str, ...]
    raw: str
    cells: tuple[Cell, ...]
    extra: str = ""

    def stored_of(self, name: str) -> str:
        """Return SQL for the value of a column as it stands in the file."""
        return stored(self.names.index(name))

    def typed(self, *, numbered: bool = False) -> str:
        """Return SQL for the rows as stored and as values; ``numbered`` adds ``__row``."""
        values = [f"{c.value} AS {ident(n)}" for c, n in zip(self.cells, self.names, strict=True)]
        number = ["row_number() OVER () - 1 AS __row"] if numbered else []
        return f"SELECT *, {', '.join([*values, *number])} FROM ({self.raw})"


def stored(position: int) -> str:
    """Return the name under which the raw relation has the column at ``position``."""
    return f"__stored_{position}"


def open_source(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    table: Table,
    names: Sequence[str],
    paths: Sequence[Path],
    *,
    quick: bool = True,
    defused: bool = False,
    order: Path | None = None,
) -> Source:
    """Return the relation over ``paths`` with the columns ``names``, in this order.

    ``quick`` reads delimited text with types, and reading fails where a cell has another;
    ``defused`` text has an apostrophe before what a spreadsheet would run. The rows of workbooks
    come as Parquet files of text (``workbooks``), those of SQL as files of fields (``statements``).
    ``order`` is a Parquet file of the number that each row of the files has in the table
    (``orders``); without it they are in order.
    Raises ``duckdb.Error``, ``pyarrow.ArrowException`` or ``OSError`` for files that cannot be
    opened; broken contents come out when the relation is read.
    """
    source = _opened(connection, kind, table, names, paths, quick=quick, defused=defused)
    return source if order is None else replace(source, raw=_sorted(source.raw, order))


def _sorted(raw: str, order: Path) -> str:
    """Return SQL for the rows of ``raw`` in the order of the table."""
    numbers = f"read_parquet({literal(str(order))}, file_row_number = true)"
    return (
        "SELECT f.* EXCLUDE (__place) FROM "
        f"(SELECT *, row_number() OVER () - 1 AS __place FROM ({raw})) f "
        f"LEFT JOIN {numbers} o ON o.file_row_number = f.__place ORDER BY o.row"
    )


def _opened(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    table: Table,
    names: Sequence[str],
    paths: Sequence[Path],
    *,
    quick: bool,
    defused: bool,
) -> Source:
    if kind in DELIMITERS:
        mode: Mode = "typed" if quick else "text"
        return _delimited(DELIMITERS[kind], table, names, paths, mode, defused=defused)
    if kind in FIELD_KINDS:
        return _fields(kind, table, names, paths, "typed" if quick else "text")
    if kind in JSON_LAYOUTS:
        return _json(JSON_LAYOUTS[kind], table, names, paths)
    if kind == "xlsx":
        return _as_text(table, names, f"read_parquet({_files(paths)})")
    if kind == "arrow":
        relation = _arrow(connection, table, paths)
    else:
        relation = f"read_parquet({_files(paths)})"
    return _native(connection, table, names, relation)


def delimited_reader(
    delimiter: str, types: Sequence[str], paths: Sequence[Path], options: str = ""
) -> str:
    """Return SQL that reads delimited files with a header into columns of ``types``."""
    columns = ", ".join(f"{literal(stored(i))}: {literal(kind)}" for i, kind in enumerate(types))
    return (
        f"read_csv({_files(paths)}, auto_detect=false, header=true, delim={literal(delimiter)}, "
        "quote='\"', escape='\"', new_line='\\n', nullstr='', allow_quoted_nulls=false, "
        f"max_line_size={MAX_LINE_BYTES}, columns={{{columns}}}{options})"
    )


def fields_reader(types: Sequence[str], paths: Sequence[Path]) -> str:
    """Return SQL that reads files of fields; a lone column has an empty one beside it."""
    columns = ", ".join(f"{literal(stored(i))}: {literal(kind)}" for i, kind in enumerate(types))
    beside = ", '__beside': 'VARCHAR'" if len(types) == 1 else ""
    return (
        f"read_csv({_files(paths)}, auto_detect=false, header=true, delim='\t', quote='', "
        "escape='', new_line='\\n', nullstr='\\N', "
        f"max_line_size={MAX_LINE_BYTES}, columns={{{columns}{beside}}})"
    )


def json_lines_reader(paths: Sequence[Path]) -> str:
    """Return SQL that reads each line as a text ``json``.

    Not ``read_json_objects``: with several threads DuckDB 2.0 sometimes drops a cut last line
    without an error. Control characters, which JSON text escapes, stand for the field separator
    and null.
    """
    return (
        f"read_csv({_files(paths)}, auto_detect=false, header=false, delim='\x01', quote='', "
        "escape='', new_line='\\n', nullstr='\x02', "
        f"max_line_size={MAX_LINE_BYTES}, columns={{'json': 'VARCHAR'}})"
    )


def _delimited(
    delimiter: str,
    table: Table,
    names: Sequence[str],
    paths: Sequence[Path],
    mode: Mode,
    *,
    defused: bool,
) -> Source:
    cells = tuple(cell(_logical(table, name), stored(i), mode) for i, name in enumerate(names))
    reader = delimited_reader(delimiter, [c.stored for c in cells], paths)
    text = [stored(i) for i, c in enumerate(cells) if defused and c.stored == "VARCHAR"]
    bare = f" REPLACE ({', '.join(f'{_armed(each)} AS {each}' for each in text)})" if text else ""
    return Source(tuple(names), f"SELECT *{bare} FROM {reader}", cells)


def _fields(
    kind: str, table: Table, names: Sequence[str], paths: Sequence[Path], mode: Mode
) -> Source:
    types = [_logical(table, name) for name in names]
    cells = tuple(cell(logical, stored(i), mode) for i, logical in enumerate(types))
    taken = []
    escaping = any(path.suffix != PLAIN for path in paths)
    for i, each in enumerate(cells):
        text = plain_text(stored(i)) if escaping and each.stored == "VARCHAR" else stored(i)
        taken.append(f"{text} AS {stored(i)}")
    raw = f"SELECT {', '.join(taken)} FROM {fields_reader([c.stored for c in cells], paths)}"
    if kind == "copied":
        own = [
            f"{value} AS {stored(i)}"
            for i, logical in enumerate(types)
            if (value := postgres_value(logical, stored(i))) != stored(i)
        ]
        raw = f"SELECT * REPLACE ({', '.join(own)}) FROM ({raw})" if own else raw
    return Source(tuple(names), raw, cells)


def _armed(raw: str) -> str:
    """Return SQL for a text without the apostrophe that defusing put before it."""
    defused = f"regexp_matches({raw}, {literal(_DEFUSED)})"
    return f"CASE WHEN {defused} THEN substr({raw}, 2) ELSE {raw} END"


def _as_text(table: Table, names: Sequence[str], relation: str) -> Source:
    """Judge every cell by its text; the relation has the columns in this order."""
    cells = tuple(cell(_logical(table, name), stored(i), "text") for i, name in enumerate(names))
    taken = ", ".join(f"{ident(f'c{i}')} AS {stored(i)}" for i in range(len(names)))
    return Source(tuple(names), f"SELECT {taken} FROM {relation}", cells)


def _json(layout: str, table: Table, names: Sequence[str], paths: Sequence[Path]) -> Source:
    """Take the members out of each object as text."""
    pointers = ", ".join(literal(_pointer(name)) for name in names)
    taken = ", ".join(
        f"{_member(_logical(table, name), name, i)} AS {stored(i)}" for i, name in enumerate(names)
    )
    reader = (
        json_lines_reader(paths)
        if layout == "newline_delimited"
        else (
            f"read_json_objects({_files(paths)}, format={literal(layout)}, "
            f"maximum_object_size={MAX_LINE_BYTES})"
        )
    )
    raw = (
        f"SELECT json AS __json, {taken} FROM (SELECT json, "
        f"json_extract_string(json, [{pointers}]) AS __members FROM {reader})"
    )
    listed = ", ".join(map(literal, sorted(names)))
    extra = f"list_sort(json_keys(__json)) IS DISTINCT FROM [{listed}]"
    cells = tuple(cell(_logical(table, name), stored(i), "text") for i, name in enumerate(names))
    return Source(tuple(names), raw, cells, extra)


def _member(logical: ColumnType, name: str, position: int) -> str:
    """Return SQL for the text of a member.

    DuckDB holds numbers with a fraction in binary, so the digits of long decimals are taken from
    the text itself.
    """
    member = f"__members[{position + 1}]"
    match logical:
        case JsonType():
            return f"nullif(CAST(json_extract(json, {literal(_pointer(name))}) AS VARCHAR), 'null')"
        case DecimalType() if logical.precision > _EXACT_DIGITS:
            pattern = rf"[{{,]\s*{_escaped(name)}\s*:\s*(-?[0-9]+(?:\.[0-9]+)?)"
            digits = f"nullif(regexp_extract(json, {literal(pattern)}, 1), '')"
            return f"CASE WHEN {member} IS NOT NULL THEN coalesce({digits}, {member}) END"
        case _:
            return member


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _escaped(name: str) -> str:
    """Return a pattern for a quoted member name."""
    special = "\\.+*?()|[]{}^$"
    return '"' + "".join(f"\\{c}" if c in special else c for c in name) + '"'


def _arrow(connection: duckdb.DuckDBPyConnection, table: Table, paths: Sequence[Path]) -> str:
    """Register the batches of Arrow files under a name of their own; they stay on disk."""
    maps = [pa.ipc.open_file(pa.memory_map(str(path))) for path in paths]
    batches = [each.get_batch(i) for each in maps for i in range(each.num_record_batches)]
    name = f"__arrow_{table.name}"
    connection.register(name, pa.Table.from_batches(batches, maps[0].schema))
    return ident(name)


def _native(
    connection: duckdb.DuckDBPyConnection, table: Table, names: Sequence[str], relation: str
) -> Source:
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    kinds = {
        str(name): str(kind).replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
        for name, kind, *_ in described
    }
    cells = tuple(
        cell(_logical(table, name), stored(i), "native", kinds[name])
        for i, name in enumerate(names)
    )
    taken = ", ".join(f"{ident(name)} AS {stored(i)}" for i, name in enumerate(names))
    return Source(tuple(names), f"SELECT {taken} FROM {relation}", cells)


def _logical(table: Table, name: str) -> ColumnType:
    return table.column(name).type


def _files(paths: Sequence[Path]) -> str:
    return f"[{', '.join(literal(_unglobbed(path)) for path in paths)}]"


def _unglobbed(path: Path) -> str:
    """Keep DuckDB from reading pattern characters in a file's own name."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))

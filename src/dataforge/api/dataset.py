"""What the Python API hands back: tables that are made when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from dataforge.errors import UnknownNameError, UsageError
from dataforge.schema import Schema
from dataforge.schema.arrow_types import arrow_schema_of
from dataforge.schema.truth import TRUTH_TABLE

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Read = Callable[[int, int], Iterator[pa.RecordBatch]]
ReadTruth = Callable[[int, int], pa.Table]
TRUTH_SCHEMA = arrow_schema_of(TRUTH_TABLE)

SHOWN_ROWS = 5


class Rows:
    """The rows of one table, read on demand in any range.

    Any library that speaks the Arrow C stream interface takes it as it is, for example
    ``polars.DataFrame(rows)`` or ``pyarrow.table(rows)``.
    """

    def __init__(self, name: str, count: int, arrow_schema: pa.Schema, read: Read) -> None:
        """``read(start, stop)`` yields the batches of rows [start, stop) of ``arrow_schema``."""
        self.name = name
        self.arrow_schema = arrow_schema
        self._count = count
        self._read = read

    @classmethod
    def of(cls, name: str, table: pa.Table) -> Rows:
        """Wrap rows that are in memory already."""
        return cls(name, table.num_rows, table.schema, lambda a, b: iter(table[a:b].to_batches()))

    def __len__(self) -> int:
        """Count the rows, without making them."""
        return self._count

    @property
    def columns(self) -> list[str]:
        """The columns' names in order."""
        return list(self.arrow_schema.names)

    def batches(self, start: int = 0, stop: int | None = None) -> Iterator[pa.RecordBatch]:
        """Yield rows [start, stop) as Arrow record batches, in bounded memory."""
        yield from self._read(*slice(start, stop).indices(self._count)[:2])

    def to_arrow(self, start: int = 0, stop: int | None = None) -> pa.Table:
        """Return rows [start, stop) as a ``pyarrow.Table``."""
        return pa.Table.from_batches(self.batches(start, stop), self.arrow_schema)

    def to_polars(self, start: int = 0, stop: int | None = None) -> pl.DataFrame:
        """Return rows [start, stop) as a Polars DataFrame (extra ``polars``)."""
        try:
            import polars as pl
        except ImportError:
            raise _missing("polars") from None
        return pl.DataFrame(self.to_arrow(start, stop))

    def to_pandas(self, start: int = 0, stop: int | None = None) -> pd.DataFrame:
        """Return rows [start, stop) as a pandas DataFrame (extra ``pandas``)."""
        try:
            import pandas as pd  # noqa: F401  - pyarrow's message would not say what to install
        except ImportError:
            raise _missing("pandas") from None
        frame: pd.DataFrame = self.to_arrow(start, stop).to_pandas()
        return frame

    def head(self, count: int = SHOWN_ROWS) -> pa.Table:
        """Return the first rows as a ``pyarrow.Table``."""
        return self.to_arrow(0, count)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Stream the rows to another library (Arrow PyCapsule interface)."""
        reader = pa.RecordBatchReader.from_batches(self.arrow_schema, self.batches())
        return reader.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        """Name the table, its size and its columns."""
        return f"<Rows {self.name}: {len(self):,} rows, columns {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(value)}</td>' for value in row.values())}</tr>"
            for row in self.head().to_pylist()
        )
        title = f"<b>{escape(self.name)}</b>: {len(self):,} rows"
        return (
            f"<div>{title}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


class Dataset(Mapping[str, Rows]):
    """A generated data set: table name → rows.

    ``directory`` is where its files are, None where nothing was written there. Rows are made when
    they are read, and are the same as the written ones: a cell depends on the schema and the
    seed alone.
    """

    def __init__(
        self,
        schema: Schema,
        tables: Mapping[str, Rows],
        directory: Path | None = None,
        truth: Mapping[str, ReadTruth] | None = None,
    ) -> None:
        """Hold the tables of ``schema``; ``truth`` reads what was done to dirty ones."""
        self.schema = schema
        self.directory = directory
        self._tables = dict(tables)
        self._truth = dict(truth or {})

    def __getitem__(self, name: str) -> Rows:
        """Return a table's rows; UnknownNameError (a KeyError) names the nearest table."""
        try:
            return self._tables[name]
        except KeyError:
            raise NoSuchTableError.of("table", name, self._tables) from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the tables' names."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._tables)

    def truth(self, table: str, start: int = 0, stop: int | None = None) -> pa.Table:
        """Return every difference of rows [start, stop) of a dirty table from its clean twin.

        A row for each changed cell (``column``, ``kinds``, ``clean_value``, ``dirty_value``), each
        duplicate (``duplicate_of``) and each row that is out of order. A table without dirt has no
        row. UnknownNameError names the nearest table; UsageError where rows are a preview.
        """
        rows = self[table]
        if table not in self._truth:
            if any(each.dirt for each in self.schema.tables if each.name == table):
                raise UsageError("a preview has no truth table → dataforge.generate(schema)")
            return TRUTH_SCHEMA.empty_table()
        return self._truth[table](*slice(start, stop).indices(len(rows))[:2])

    def to_arrow(self) -> dict[str, pa.Table]:
        """Return every table as a ``pyarrow.Table``."""
        return {name: rows.to_arrow() for name, rows in self.items()}

    def to_polars(self) -> dict[str, pl.DataFrame]:
        """Return every table as a Polars DataFrame (extra ``polars``)."""
        return {name: rows.to_polars() for name, rows in self.items()}

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return every table as a pandas DataFrame (extra ``pandas``)."""
        return {name: rows.to_pandas() for name, rows in self.items()}

    def __repr__(self) -> str:
        """List the tables with their counts."""
        place = f" in {self.directory}" if self.directory else ""
        tables = "".join(f"\n  {name}: {len(rows):,} rows" for name, rows in self.items())
        return f"<Dataset {self.schema.name}{place}{tables}>"

    def _repr_html_(self) -> str:
        """List the tables in a notebook."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td style='text-align:right'>{len(found):,}</td></tr>"
            for name, found in self.items()
        )
        return f"<table><thead><tr><th>table</th><th>rows</th></tr></thead>{rows}</table>"


class NoSuchTableError(UnknownNameError, KeyError):
    """A data set has no table of that name; also a KeyError, so that ``in`` and ``get`` work."""

    __str__ = UnknownNameError.__str__


def _missing(library: str) -> UsageError:
    return UsageError(
        f"{library} is not installed; install it with: pip install 'dataforge-studio[{library}]'"
    )


def _shown(value: Any) -> str:
    return "<i>null</i>" if value is None else escape(str(value))

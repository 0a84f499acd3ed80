"""The SQL files of a data set, and their rows as files of fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pyarrow as pa

from dataforge.errors import UsageError
from dataforge.schema import Schema, Table, dirtied, normalize
from dataforge.sinks.ddl.names import Names
from dataforge.sinks.manifest import Manifest
from dataforge.verification.fields import PLAIN
from dataforge.verification.statements.blocks import blocks_of
from dataforge.verification.statements.copied import checked_rows
from dataforge.verification.statements.layout import columns_listed, layout_of
from dataforge.verification.statements.literals import literal_of
from dataforge.verification.statements.malformed import MalformedError
from dataforge.verification.statements.values import Form, fields_of

_BEGINNING_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class SqlFiles:
    """The parts of a data set in SQL; ``folder`` takes the files that are made of them."""

    names: Names
    folder: Path
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    def of(cls, manifest: Manifest, schema: Schema, folder: Path) -> SqlFiles:
        """Take the dialect from the manifest, else the schema, as the writer does."""
        dialect = manifest.dialect or schema.dialect or "postgres"
        folder.mkdir(exist_ok=True)
        return cls(Names.of(dirtied(normalize(schema)), dialect), folder)

    @property
    def kind(self) -> str:
        """The kind of text that the fields of spooled files are in (``sources.FIELD_KINDS``)."""
        return "copied" if self.names.dialect.name == "postgres" else "inserted"

    def columns(self, path: Path, table: Table, expected: Sequence[str]) -> list[str]:
        """Return the columns that a part's statements name; UsageError where there are none.

        A part of INSERT statements has none where it has no rows: then they are as ``expected``.
        """
        layout = layout_of(self.names, table, expected)
        with pa.input_stream(str(path), compression="detect") as stream:
            beginning = stream.read(_BEGINNING_BYTES)
        if beginning.startswith(layout.opening) or beginning in layout.without_rows:
            return list(expected)
        listed = columns_listed(self.names, table, beginning.decode(errors="replace"))
        if listed is None:
            opening = layout.opening.decode()[:120]
            raise UsageError(f"line 1: does not begin with {opening!r}")
        return listed

    def spooled(self, path: Path, table: Table, columns: Sequence[str]) -> Path:
        """Write the rows of a part as fields; MalformedError where it is anything else.

        The file's name ends in ``PLAIN`` where no field has an escape. May run in threads.
        """
        made = self.folder / f"{next(self.numbers)}.fields"
        try:
            escaping = self._write(made, path, table, columns, counting=False)
        except MalformedError:
            escaping = self._write(made, path, table, columns, counting=True)
        return made if escaping else made.rename(made.with_suffix(PLAIN))

    def _write(
        self, made: Path, path: Path, table: Table, columns: Sequence[str], *, counting: bool
    ) -> bool:
        layout = layout_of(self.names, table, columns)
        form = None if layout.copied else self._form(table, columns)
        end = b"\t\n" if len(columns) == 1 else b"\n"
        escaping = False
        with made.open("wb") as file:
            file.write(b"\t".join([b"-"] * max(len(columns), 2)) + b"\n")
            for block in blocks_of(path, layout, counting=counting):
                rows, escapes = (
                    checked_rows(block, columns) if form is None else fields_of(block, form)
                )
                file.write(rows if end == b"\n" else rows.replace(b"\n", end))
                escaping |= escapes
        return escaping

    def _form(self, table: Table, columns: Sequence[str]) -> Form:
        dialect = self.names.dialect.name
        literals = tuple(literal_of(table.column(name).type, dialect) for name in columns)
        return Form(tuple(columns), literals, escaping=dialect == "mysql")

    def clear(self) -> None:
        """Remove what was made."""
        for made in self.folder.iterdir():
            made.unlink()

"""What stands around the rows of a table in a dialect's SQL text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dataforge.schema import Table
from dataforge.sinks.ddl.names import Names

END_OF_COPY = b"\\.\n"


@dataclass(frozen=True, slots=True)
class Layout:
    r"""The bytes of a part but for its rows.

    ``opening`` comes before the first row, ``closing`` after the last. Rows of INSERT statements
    are in parentheses and end in ``,\n`` or, the last of a statement, in ``;\n``; ``between`` is
    that and the next statement up to its first row. It has ``head_lines`` lines of its own. Rows
    of a COPY block end in ``\n`` alone and have nothing between them.
    """

    copied: bool
    opening: bytes
    closing: bytes
    between: bytes = b""
    head_lines: int = 0

    @property
    def without_rows(self) -> frozenset[bytes]:
        """What a part without rows may be."""
        if self.copied:
            return frozenset({self.opening + self.closing})
        switched_on = self.opening[: self.opening.find(b"INSERT INTO ")]
        return frozenset({switched_on + self.closing})


def layout_of(names: Names, table: Table, columns: Sequence[str]) -> Layout:
    """Return the layout of a part that holds ``columns`` in this order."""
    target, listed = names.table(table.name), names.column_list(table.name, columns)
    dialect = names.dialect.name
    if dialect == "postgres":
        opening = f"COPY {target} ({listed}) FROM stdin;\n".encode()
        return Layout(copied=True, opening=opening, closing=END_OF_COPY)
    head = f"INSERT INTO {target} ({listed}) VALUES{' ' if dialect == 'oracle' else chr(10)}"
    switched = dialect == "tsql" and any(column.identity for column in table.columns)
    switch = f"SET IDENTITY_INSERT {target} " if switched else ""
    return Layout(
        copied=False,
        opening=f"{switch}ON;\n{head}".encode() if switched else head.encode(),
        closing=f"{switch}OFF;\n".encode() if switched else b"",
        between=f";\n{head}".encode(),
        head_lines=head.count("\n"),
    )


def columns_listed(names: Names, table: Table, beginning: str) -> list[str] | None:
    """Return the columns that the first statement names, None where it is none for ``table``.

    ``beginning`` is the file's text as far as it was read. Columns that the schema does not have
    keep the name that they have there.
    """
    target = names.table(table.name)
    for word in ("COPY", "INSERT INTO"):
        _, found, rest = beginning.partition(f"{word} {target} (")
        if found:
            known = {there: name for name, there in names.columns[table.name].items()}
            quoted = _quoted_list(rest, names.dialect.quotes)
            return None if quoted is None else [known.get(name, name) for name in quoted]
    return None


def _quoted_list(text: str, quotes: tuple[str, str]) -> list[str] | None:
    """Return the bare names of a list of quoted ones that ends in a parenthesis."""
    opening, closing = quotes
    found: list[str] = []
    place = 0
    while text.startswith(opening, place):
        end = place + 1
        while (end := text.find(closing, end)) >= 0 and text.startswith(closing, end + 1):
            end += 2
        if end < 0:
            return None
        found.append(text[place + 1 : end].replace(closing * 2, closing))
        if text.startswith(")", end + 1):
            return found
        place = end + 3  # past the quote, a comma and a space
    return None

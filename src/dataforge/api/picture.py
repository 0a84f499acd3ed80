"""A schema's picture, as a notebook, a terminal or a file wants it."""

from __future__ import annotations

from pathlib import Path

from dataforge.errors import OutputError, UnknownNameError
from dataforge.schema import Schema
from dataforge.schema.diagram.dot import dot
from dataforge.schema.diagram.mermaid import mermaid
from dataforge.schema.diagram.svg import svg

WRITERS = {".svg": svg, ".mmd": mermaid, ".dot": dot}


class Picture:
    """Tables as boxes and foreign keys as lines: SVG in a notebook, boxes of text in a shell."""

    def __init__(self, schema: Schema) -> None:
        """Draw ``schema`` when it is asked for."""
        self.schema = schema

    def save(self, path: str | Path) -> Path:
        """Write the picture; the file's ending (.svg, .mmd, .dot) says how. Returns the path."""
        place = Path(path)
        if place.suffix not in WRITERS:
            raise UnknownNameError.of("kind of picture", place.suffix, WRITERS)
        try:
            place.write_text(WRITERS[place.suffix](self.schema), encoding="utf-8")
        except OSError as fault:
            raise OutputError(f"cannot write {place}: {fault.strerror or fault}") from None
        return place

    def __repr__(self) -> str:
        """Draw with characters."""
        from dataforge.schema.diagram.terminal import text

        return text(self.schema)

    def _repr_svg_(self) -> str:
        return svg(self.schema)

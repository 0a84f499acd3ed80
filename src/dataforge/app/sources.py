"""What a schema may be read from, as doors collect it; loads no reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One of the places that a schema comes from, and how it is read.

    ``database`` is a URL; ``count_rows`` takes over the row counts that are there. ``dialect`` and
    ``strict`` are about DDL, ``infer_keys`` about foreign keys that nobody declared.
    """

    schema_file: Path | None = None
    ddl_file: Path | None = None
    database: str | None = None
    json_schema_file: Path | None = None
    like_files: tuple[Path, ...] = ()
    openapi_file: Path | None = None
    dialect: str | None = None
    strict: bool = False
    infer_keys: bool = False
    count_rows: bool = False

    @property
    def given(self) -> tuple[str, ...]:
        """The options that name an input."""
        places = {
            "--schema": self.schema_file,
            "--ddl": self.ddl_file,
            "--database": self.database,
            "--json-schema": self.json_schema_file,
            "--openapi": self.openapi_file,
        }
        files = ("--like",) if self.like_files else ()
        return (*(option for option, place in places.items() if place is not None), *files)

"""Where vocabularies are kept between jobs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class VocabularyStore(Protocol):
    """Keeps lists of values under a key."""

    def get(self, key: str) -> tuple[str, ...] | None:
        """Return what is kept, None where nothing is."""
        ...

    def put(self, key: str, values: tuple[str, ...]) -> None:
        """Keep values."""
        ...


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A JSON file for each key; a folder that cannot be written keeps nothing."""

    folder: Path

    def get(self, key: str) -> tuple[str, ...] | None:
        """Read a file; None where there is none, or none that can be read."""
        try:
            found = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        told = isinstance(found, list) and all(isinstance(value, str) for value in found)
        return tuple(found) if told else None

    def put(self, key: str, values: tuple[str, ...]) -> None:
        """Write a file; it takes its name when it is whole."""
        place = self.folder / f"{key}.json"
        draft = place.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
            draft.replace(place)
        except OSError:
            return

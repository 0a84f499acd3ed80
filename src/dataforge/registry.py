"""Name → implementation, explicit and per instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from dataforge.errors import UnknownNameError

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """An immutable mapping whose misses name the nearest known entry."""

    def __init__(self, noun: str, entries: Mapping[str, T]) -> None:
        """Hold ``entries``; ``noun`` names their kind in messages."""
        self._noun = noun
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> T:
        """Return the implementation or raise ``UnknownNameError``."""
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownNameError.of(self._noun, name, self._entries) from None

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such an entry."""
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in registration order."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._entries)

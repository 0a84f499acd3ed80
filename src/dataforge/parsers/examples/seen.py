"""What was seen at one place of the examples: kinds, members, items, bounds and values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MOST_VALUES = 1_000
"""Different texts that are remembered at a place; more are only counted."""


@dataclass(slots=True)
class Seen:
    """Counts over every value that stood at a place.

    ``texts`` and ``numbers`` count different values up to ``_MOST_VALUES``; ``crowded`` says that
    there were more. ``bounds``, ``lengths`` and ``sizes`` are the least and the greatest number,
    the shortest and the longest text, the fewest and the most items of an array.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    members: dict[str, Seen] = field(default_factory=dict)
    items: Seen | None = None
    sizes: tuple[int, int] | None = None
    texts: Counter[str] = field(default_factory=Counter)
    numbers: Counter[float] = field(default_factory=Counter)
    bounds: tuple[float, float] | None = None
    lengths: tuple[int, int] | None = None
    crowded: bool = False

    @property
    def count(self) -> int:
        """How many values there were, nulls included."""
        return self.kinds.total()

    def add(self, value: Any) -> None:
        """Take in a value and what is inside it."""
        match value:
            case None:
                self.kinds["null"] += 1
            case bool():
                self.kinds["boolean"] += 1
            case int():
                self._number("integer", value)
            case float():
                self._number("number", value)
            case str():
                self._text(value)
            case Mapping():
                self.kinds["object"] += 1
                for name, member in value.items():
                    self.members.setdefault(str(name), Seen()).add(member)
            case Sequence():
                self._array(value)
            case _:
                self._text(str(value))

    def _number(self, kind: str, value: float) -> None:
        self.kinds[kind] += 1
        low, high = self.bounds or (value, value)
        self.bounds = (min(low, value), max(high, value))
        if len(self.numbers) < _MOST_VALUES or value in self.numbers:
            self.numbers[value] += 1
        else:
            self.crowded = True

    def _text(self, value: str) -> None:
        self.kinds["string"] += 1
        low, high = self.lengths or (len(value), len(value))
        self.lengths = (min(low, len(value)), max(high, len(value)))
        if len(self.texts) < _MOST_VALUES or value in self.texts:
            self.texts[value] += 1
        else:
            self.crowded = True

    def _array(self, values: Sequence[Any]) -> None:
        self.kinds["array"] += 1
        self.items = self.items or Seen()
        size = len(values)
        for value in values:
            self.items.add(value)
        low, high = self.sizes or (size, size)
        self.sizes = (min(low, size), max(high, size))

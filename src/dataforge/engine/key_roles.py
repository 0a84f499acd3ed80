"""What the keys of a table decide of its columns and foreign keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dataforge.engine.cells import Domain
from dataforge.engine.permutation import Permutation
from dataforge.engine.references import Ranks
from dataforge.errors import Problem

WIDEST = 2**62


@dataclass(frozen=True, slots=True)
class Unit:
    """A foreign key (``reference`` is its index) or a plain column of a key."""

    name: str
    reference: int | None = None


Sized = tuple[Unit, int, Domain | None]


@dataclass(slots=True)
class KeyRoles:
    """What the keys of a table decide: ranks by unit, and how many rows they allow.

    ``sequences`` are single-column keys that count rows, ``ordinals`` count within the owner,
    ``trusted`` are distinct as their own generators make them; ``capacity`` bounds the table's
    rows, ``capacity_per_owner`` those of each owning parent.
    """

    sequences: set[str] = field(default_factory=set)
    ordinals: set[str] = field(default_factory=set)
    columns: dict[str, tuple[Domain, Ranks]] = field(default_factory=dict)
    suffixed: dict[str, tuple[Domain, Permutation]] = field(default_factory=dict)
    references: dict[int, Ranks] = field(default_factory=dict)
    trusted: set[str] = field(default_factory=set)
    capacity: int = WIDEST
    capacity_key: tuple[str, ...] = ()
    capacity_per_owner: int = WIDEST
    problems: list[Problem] = field(default_factory=list)

    def bound(self, unit: Unit) -> bool:
        """Tell whether a unit's ranks are decided."""
        if unit.reference is not None:
            return unit.reference in self.references
        return unit.name in self.decided

    @property
    def decided(self) -> set[str]:
        """The plain columns whose values the keys decide."""
        return (
            self.sequences
            | self.ordinals
            | self.columns.keys()
            | self.suffixed.keys()
            | self.trusted
        )

    def limit(self, capacity: int, key: Sequence[str]) -> None:
        """Lower the capacity, remembering the key that did."""
        if capacity < self.capacity:
            self.capacity, self.capacity_key = capacity, tuple(key)

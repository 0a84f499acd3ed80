"""Giving every primary and unique key its columns' ranks, so that no two rows share a key.

A key is made of units: foreign keys (as a whole) and plain columns. For each key, in order:

1. nothing to do if a unit of it is already distinct, or an earlier key is part of it;
2. a single unit gets distinct ranks: a permutation of the row numbers;
3. a key that contains the owning foreign key needs its other units distinct within each parent:
   an ordinal, or the ordinals spread over the units' product;
4. other keys spread the row numbers over the product of their units.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dataforge.engine.cells import Domain
from dataforge.engine.key_roles import WIDEST, KeyRoles, Sized, Unit
from dataforge.engine.matching import MatchedPairs
from dataforge.engine.permutation import Permutation
from dataforge.engine.references import (
    OffDiagonal,
    OrderedSide,
    OwnedPart,
    OwnerRank,
    PairSide,
    PermutedRows,
    ProductPart,
    Ranks,
)
from dataforge.errors import Problem
from dataforge.schema import (
    DecimalType,
    FloatType,
    ForeignKey,
    IntegerType,
    OrdinalSpec,
    Table,
)
from dataforge.schema.steps import is_stepwise
from dataforge.streams import derive_key

# A counting column with room for this many rows carries a composite key alone.
AMPLE = 10**6


@dataclass(frozen=True)
class KeySolver:
    """Solves the keys of one table.

    ``domain`` gives the values that a column may be ranked over (None if it cannot be), with a
    flag that says whether numbered repeats may follow; ``parent_rows`` counts a table's rows;
    ``distinct`` tells columns whose generator repeats no value in its first ``room`` rows;
    ``first`` is the number that a counting column starts with; ``pairs`` are the rows of two
    references' parents that agree in the columns that both references have; ``orderings`` are
    pairs of references to one table that rules put in order.
    """

    table: Table
    seed_key: int
    domain: Callable[[str], tuple[Domain | None, bool]]
    counts_rows: Callable[[str], bool]
    parent_rows: Callable[[str], int]
    distinct: Callable[[str], bool]
    room: Callable[[str], int | None]
    first: Callable[[str], int]
    pairs: Callable[[int, int], MatchedPairs | None]
    orderings: Sequence[tuple[str, str]] = ()

    def solve(self) -> KeyRoles:
        """Return the roles of all keys of the table."""
        roles = KeyRoles()
        distinct: list[frozenset[str]] = []
        for key in self.table.keys:
            if not any(done <= set(key) for done in distinct):
                self._solve_key(roles, key, distinct)
            distinct.append(frozenset(key))
        return roles

    def _solve_key(
        self, roles: KeyRoles, key: tuple[str, ...], distinct: list[frozenset[str]]
    ) -> None:
        units = self._units(key)
        owner = self.table.owner
        if owner is not None and set(owner.columns) <= set(key):
            rest = [unit for unit in self._apart(units) if not self._is_owner(unit)]
            self._distinct_within_owner(roles, key, rest)
        elif len(units) == 1:
            self._distinct_alone(roles, key, units[0], distinct)
        else:
            pair = self._overlapping(roles, units)
            if pair is None:
                self._distinct_product(roles, key, self._apart(units))
            else:
                self._distinct_pairs(roles, key, units, pair)

    def _units(self, key: tuple[str, ...]) -> list[Unit]:
        units: list[Unit] = []
        left = list(key)
        for index, reference in self._references_by_size():
            if set(reference.columns) <= set(left):
                units.append(Unit(reference.label, index))
                left = [name for name in left if name not in reference.columns]
        # Part of a foreign key is not a unit of its own: the whole reference decides it.
        for name in left:
            covering = next(
                (i for i, each in self._references_by_size() if name in each.columns), None
            )
            unit = Unit(name, covering)
            if covering is None or all(other.reference != covering for other in units):
                units.append(unit)
        return units

    def _apart(self, units: list[Unit]) -> list[Unit]:
        """Leave out references that share columns with the owner or with an earlier unit.

        Their rows depend on what the others picked; the key is distinct without them.
        """
        owner = self.table.owner
        taken = set(owner.columns) if owner is not None else set()
        kept = []
        for unit in units:
            mine = unit.reference is not None and self.table.foreign_keys[unit.reference]
            columns = set(mine.columns) if mine else {unit.name}
            if not mine or mine.owning or not columns & taken:
                kept.append(unit)
                taken |= columns
        return kept

    def _must_agree(self, unit: Unit) -> bool:
        """Tell whether other references share columns with a unit: it is better left to draw."""
        keys, mine = self.table.foreign_keys, unit.reference
        return mine is not None and any(
            index != mine
            and key.parent != self.table.name
            and set(key.columns) & set(keys[mine].columns)
            and not set(key.columns) <= set(keys[mine].columns)
            for index, key in enumerate(keys)
        )

    def _references_by_size(self) -> list[tuple[int, ForeignKey]]:
        indexed = list(enumerate(self.table.foreign_keys))
        return sorted(indexed, key=lambda pair: (not pair[1].owning, -len(pair[1].columns)))

    def _is_owner(self, unit: Unit) -> bool:
        return unit.reference is not None and self.table.foreign_keys[unit.reference].owning

    def _is_ordinal(self, unit: Unit) -> bool:
        if unit.reference is not None:
            return False
        return isinstance(self.table.column(unit.name).spec, OrdinalSpec)

    def _trusts_step(self, roles: KeyRoles, units: list[Unit], *, within_owner: bool) -> bool:
        """Leave a key to the moments of a series, which never repeat, where it has them."""
        for unit in units:
            if unit.reference is None and is_stepwise(
                self.table, unit.name, within_owner=within_owner
            ):
                roles.trusted.add(unit.name)
                return True
        return False

    def _distinct_alone(
        self, roles: KeyRoles, key: tuple[str, ...], unit: Unit, distinct: list[frozenset[str]]
    ) -> None:
        if unit.reference is None and (
            self.distinct(unit.name) or is_stepwise(self.table, unit.name, within_owner=False)
        ):
            roles.trusted.add(unit.name)
            room = self.room(unit.name)
            roles.limit(WIDEST if room is None else room, key)
        elif roles.bound(unit):
            # Bound as a part of a wider key: alone it must be distinct too, so it counts rows.
            self._rebind(roles, key, unit)
        elif unit.reference is not None:
            self._one_to_one(roles, key, unit.reference)
        elif self.counts_rows(unit.name):
            roles.sequences.add(unit.name)
            roles.limit(self._sequence_capacity(unit.name), key)
        else:
            self._permute_column(roles, key, unit.name)
        distinct.append(frozenset(key))

    def _rebind(self, roles: KeyRoles, key: tuple[str, ...], unit: Unit) -> None:
        if unit.reference is not None:
            self._one_to_one(roles, key, unit.reference)
            return
        roles.columns.pop(unit.name, None)
        roles.ordinals.discard(unit.name)
        if self.counts_rows(unit.name):
            roles.sequences.add(unit.name)
        else:
            self._permute_column(roles, key, unit.name)

    def _one_to_one(self, roles: KeyRoles, key: tuple[str, ...], index: int) -> None:
        reference = self.table.foreign_keys[index]
        if reference.parent == self.table.name:
            return
        size = self.parent_rows(reference.parent)
        roles.limit(size, key)
        if size:
            order = Permutation(self._key("one-to-one", reference.label), size)
            roles.references[index] = PermutedRows(order)

    def _permute_column(self, roles: KeyRoles, key: tuple[str, ...], name: str) -> None:
        domain, may_repeat = self.domain(name)
        if domain is None:
            self._refuse(roles, key, name)
            return
        order = Permutation(self._key("unique", name), domain.size)
        if may_repeat:
            roles.suffixed[name] = (domain, order)
        else:
            roles.columns[name] = (domain, PermutedRows(order))
            roles.limit(domain.size, key)

    def _distinct_within_owner(
        self, roles: KeyRoles, key: tuple[str, ...], units: list[Unit]
    ) -> None:
        free = [unit for unit in units if not roles.bound(unit)]
        if any(unit.name in roles.ordinals | roles.sequences for unit in units):
            return
        stated = next((unit for unit in free if self._is_ordinal(unit)), None)
        if stated is not None:
            roles.ordinals.add(stated.name)
            return
        if not units:
            roles.capacity_per_owner = min(roles.capacity_per_owner, 1)
            return
        if self._trusts_step(roles, free, within_owner=True):
            return
        counting = [unit for unit in free if unit.reference is None and self.counts_rows(unit.name)]
        if counting and len(free) - len(counting) == 0:
            roles.ordinals.add(counting[-1].name)
            most = self._sequence_capacity(counting[-1].name)
            roles.capacity_per_owner = min(roles.capacity_per_owner, most)
            return
        sized = self._sized(free)
        if not sized:
            self._refuse(roles, key, ", ".join(key))
        owner = self.table.owner
        sized, twins = self._without_oneself(sized, {owner.parent: owner.label} if owner else {})
        product = math.prod(size for _, size, _ in sized)
        roles.capacity_per_owner = min(roles.capacity_per_owner, product)
        parts: dict[str, Ranks] = {owner.label: OwnerRank()} if owner else {}
        divisor = 1
        for unit, size, domain in sized:
            shuffle = self._shuffle(unit, domain, size)
            stream = self._key("within", *key)
            part: Ranks = OwnedPart(stream, max(product, 1), divisor, size, shuffle)
            if unit.name in twins:
                part = OffDiagonal(parts[twins[unit.name]], part)
            parts[unit.name] = part
            self._bind(roles, unit, domain, part)
            divisor *= size

    def _distinct_product(self, roles: KeyRoles, key: tuple[str, ...], units: list[Unit]) -> None:
        free = [unit for unit in units if not roles.bound(unit)]
        if self._trusts_step(roles, free, within_owner=False):
            return
        counting = [unit for unit in free if unit.reference is None and self.counts_rows(unit.name)]
        references = [unit for unit in free if unit.reference is not None]
        if counting and all(map(self._must_agree, references)):
            widest = max(reversed(counting), key=lambda unit: self._sequence_capacity(unit.name))
            capacity = self._sequence_capacity(widest.name)
            if capacity >= AMPLE or len(counting) == len(free):
                roles.sequences.add(widest.name)
                roles.limit(capacity, key)
                return
        sized = self._sized(free)
        if not sized:
            self._refuse(roles, key, ", ".join(key))
            return
        sized, earlier_of = self._ordered_pairs(sized)
        sized, twins = self._without_oneself(sized, {})
        product = math.prod(size for _, size, _ in sized)
        roles.limit(product, key)
        if product == 0:
            return
        permutation = Permutation(self._key("product", *key), product)
        parts: dict[str, Ranks] = {}
        divisor = 1
        for unit, size, domain in sized:
            part: Ranks = ProductPart(permutation, divisor, size, self._shuffle(unit, domain, size))
            if unit.name in twins:
                part = OffDiagonal(parts[twins[unit.name]], part)
            if unit.name in earlier_of:
                earlier = earlier_of[unit.name]
                self._bind(roles, earlier, None, OrderedSide(part, later=False))
                part = OrderedSide(part, later=True)
            parts[unit.name] = part
            self._bind(roles, unit, domain, part)
            divisor *= size

    def _overlapping(
        self, roles: KeyRoles, units: list[Unit]
    ) -> tuple[Unit, Unit, MatchedPairs] | None:
        """Return the first two undecided references that share columns, with their pairs."""
        for place, unit in enumerate(units):
            for other in units[place + 1 :]:
                one, two = unit.reference, other.reference
                if one is None or two is None or roles.bound(unit) or roles.bound(other):
                    continue
                keys = self.table.foreign_keys
                if set(keys[one].columns) & set(keys[two].columns):
                    found = self.pairs(one, two)
                    return None if found is None else (unit, other, found)
        return None

    def _distinct_pairs(
        self,
        roles: KeyRoles,
        key: tuple[str, ...],
        units: list[Unit],
        pair: tuple[Unit, Unit, MatchedPairs],
    ) -> None:
        """Spread the rows over the pairs of two references times the units beside them."""
        first, second, pairs = pair
        apart = self._apart([first, *(u for u in units if u not in (first, second))])
        sized = self._sized([unit for unit in apart[1:] if not roles.bound(unit)])
        room = max(WIDEST // max(pairs.size, 1), 1)
        if math.prod(size for _, size, _ in sized) > room:
            sized = [(unit, max(min(size, room), 1), domain) for unit, size, domain in sized[:1]]
        product = pairs.size * math.prod(size for _, size, _ in sized)
        roles.limit(product, key)
        if product == 0:
            return
        permutation = Permutation(self._key("product", *key), product)
        whole = ProductPart(permutation, 1, pairs.size)
        self._bind(roles, first, None, PairSide(pairs, whole, second=False))
        self._bind(roles, second, None, PairSide(pairs, whole, second=True))
        divisor = pairs.size
        for unit, size, domain in sized:
            part = ProductPart(permutation, divisor, size, self._shuffle(unit, domain, size))
            self._bind(roles, unit, domain, part)
            divisor *= size

    def _ordered_pairs(self, sized: list[Sized]) -> tuple[list[Sized], dict[str, Unit]]:
        """Merge two references to one table that a rule orders: they are ranked as pairs.

        Returned are the sizes without the earlier unit of each pair, and it by the later's name.
        """
        units = {self._single_column(unit): unit for unit, _, _ in sized}
        earlier_of: dict[str, Unit] = {}
        for low, high in self.orderings:
            if low in units and high in units and units[high].name not in earlier_of:
                earlier_of[units[high].name] = units[low]
        merged = {unit.name for unit in earlier_of.values()}
        return [
            (unit, size * (size - 1) // 2 if unit.name in earlier_of else size, domain)
            for unit, size, domain in sized
            if unit.name not in merged
        ], earlier_of

    def _single_column(self, unit: Unit) -> str:
        if unit.reference is None:
            return ""
        columns = self.table.foreign_keys[unit.reference].columns
        return columns[0] if len(columns) == 1 else ""

    def _without_oneself(
        self, sized: list[Sized], seen: dict[str, str]
    ) -> tuple[list[Sized], dict[str, str]]:
        """Pair references to one table: the second leaves out the row that the first took.

        ``seen`` maps tables to the unit that took one; returned is each second unit's first.
        """
        kept: list[Sized] = []
        twins: dict[str, str] = {}
        for unit, size, domain in sized:
            shrunk = size
            if unit.reference is not None:
                parent = self.table.foreign_keys[unit.reference].parent
                first = seen.setdefault(parent, unit.name)
                if first != unit.name and size > 1 and unit.name not in twins:
                    twins[unit.name], shrunk = first, size - 1
            kept.append((unit, shrunk, domain))
        return kept, twins

    def _sized(self, units: list[Unit]) -> list[Sized]:
        """Return the units that can be ranked, with sizes whose product fits 62 bits."""
        sized: list[Sized] = []
        for unit in units:
            if unit.reference is None:
                domain, _ = self.domain(unit.name)
                if domain is not None:
                    sized.append((unit, domain.size, domain))
            elif self.table.foreign_keys[unit.reference].parent != self.table.name:
                parent = self.table.foreign_keys[unit.reference].parent
                sized.append((unit, self.parent_rows(parent), None))
        sizes = [size for _, size, _ in sized]
        while math.prod(sizes) > WIDEST:
            widest = sizes.index(max(sizes))
            sizes[widest] = max(sizes[widest] >> 8, 1)
        return [(unit, size, domain) for (unit, _, domain), size in zip(sized, sizes, strict=True)]

    def _shuffle(self, unit: Unit, domain: Domain | None, size: int) -> Permutation | None:
        if domain is None or domain.size == size:
            return None
        return Permutation(self._key("shuffle", unit.name), domain.size)

    def _bind(self, roles: KeyRoles, unit: Unit, domain: Domain | None, ranks: Ranks) -> None:
        if unit.reference is not None:
            roles.references[unit.reference] = ranks
        elif domain is not None:
            roles.columns[unit.name] = (domain, ranks)

    def _sequence_capacity(self, name: str) -> int:
        match self.table.column(name).type:
            case IntegerType() as whole:
                most = 1 << (whole.bits - int(whole.signed))
            case DecimalType() as exact:
                most = int(10 ** (exact.precision - exact.scale))
            case FloatType() as inexact:
                most = 1 << (24 if inexact.bits == 32 else 53)
            case _:
                return WIDEST
        return min(most - self.first(name), WIDEST)

    def _refuse(self, roles: KeyRoles, key: tuple[str, ...], name: str) -> None:
        roles.problems.append(
            Problem(
                f"tables.{self.table.name}.keys.({', '.join(key)})",
                f"{name} is made by a spec that cannot promise distinct values",
                "give a column of the key a sequence, uuid, pattern, number, date or vocabulary "
                "spec, or drop the key",
            )
        )

    def _key(self, purpose: str, *names: str) -> int:
        return derive_key(self.seed_key, purpose, *names)

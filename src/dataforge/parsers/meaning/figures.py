"""The numbers of a row, what their names say of each other, and what is derived from what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.matching import TableNames
from dataforge.parsers.meaning.numbers import capacity
from dataforge.parsers.meaning.roles import Role, role_of
from dataforge.parsers.meaning.words import Words, expanded, pieces
from dataforge.schema import (
    CategoricalSpec,
    Column,
    DecimalType,
    ExpressionSpec,
    FloatType,
    IntegerType,
    NumberSpec,
    OffsetSpec,
    RecordSpec,
    ShareSpec,
    Spec,
    Table,
)
from dataforge.schema.references import row_columns

_NUMBERS = (IntegerType, DecimalType, FloatType)
# Numbers that name things, count time or say where: no amounts.
_NAMING = frozenset(
    """id key code zip postcode year month day week quarter lat lon lng latitude longitude version
    port line sequence seq ordinal position rank pid phone fax index""".split()
)
_UNTOLD = 1e6
_CENTS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a row: its column, words, what they say, what it means and holds so far."""

    column: Column
    words: Words
    role: Role
    concept: str
    spec: Spec | None

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def quoted(self) -> str:
        """The column's name in SQL."""
        return '"' + self.name.replace('"', '""') + '"'

    @property
    def term(self) -> str:
        """The number in SQL, 0 where it may be null."""
        return f"COALESCE({self.quoted}, 0)" if self.column.nullable else self.quoted

    @property
    def is_whole(self) -> bool:
        """Whether it counts something."""
        kind = self.column.type
        return isinstance(kind, IntegerType) or (isinstance(kind, DecimalType) and not kind.scale)


@dataclass(slots=True)
class Figures:
    """The numbers of a table's rows, and the specs that were derived for some of them."""

    own: frozenset[str]
    all: list[Figure]
    specs: Mapping[str, Spec | None]
    found: dict[str, Spec] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        table: Table,
        names: TableNames,
        words: Mapping[str, Words | None],
        specs: Mapping[str, Spec | None],
        concepts: Mapping[str, str],
        bounds: Bounds,
    ) -> Figures:
        """Read the numbers that may be related: no keys, none that rules tie to others."""
        keyed = {name for key in table.keys for name in key} | bounds.tied
        found = [
            Figure(column, read, role_of(read, names.own), concepts.get(name, ""), specs.get(name))
            for column in table.columns
            for name in (column.name,)
            if isinstance(column.type, _NUMBERS) and name in words and name not in keyed
            for read in (_words(name, words[name]),)
            if not _NAMING & {read[-1] if read else "", concepts.get(name, "")}
        ]
        return cls(names.own, found, specs)

    def with_roles(self, *roles: str) -> Iterator[Figure]:
        """Yield the numbers of some roles, in the table's order."""
        return (each for each in self.all if each.role.name in roles)

    def is_free(self, each: Figure) -> bool:
        """Tell whether nothing has been derived for a number."""
        kinds = (NumberSpec, CategoricalSpec, RecordSpec)
        return each.name not in self.found and (each.spec is None or isinstance(each.spec, kinds))

    def share(
        self, each: Figure, base: Figure, low: float, high: float, above: Figure | None = None
    ) -> bool:
        """Make a number a share of another, where it is free and holds it; tell whether it is."""
        if not self._may(each, base, high) or (above and self._leads(above, each.name)):
            return False
        self.found[each.name] = ShareSpec(
            column=base.name,
            above=None if above is None else above.name,
            minimum=low,
            maximum=high,
            decimals=_decimals(each, base),
        )
        return True

    def offset(self, each: Figure, base: Figure, low: float, high: float) -> bool:
        """Put a number above another, where it is free; tell whether it is."""
        if not self._may(each, base, 2):
            return False
        self.found[each.name] = OffsetSpec(column=base.name, minimum=low, maximum=high)
        return True

    def compute(self, each: Figure, text: str, *bases: Figure) -> bool:
        """Make a number an expression over others, where it is free; tell whether it is."""
        if not all(self._may(each, base, 1) for base in bases):
            return False
        self.found[each.name] = ExpressionSpec(expression=text)
        return True

    def put(self, each: Figure, spec: Spec) -> None:
        """Replace the spec that was derived for a number."""
        self.found[each.name] = spec

    def _may(self, each: Figure, base: Figure, high: float) -> bool:
        if each is base or not self.is_free(each) or self._leads(base, each.name):
            return False
        if each.column.type == base.column.type and high <= 1:
            return True
        room = capacity(each.column.type)
        return room is None or self.most(base) * max(high, 1) <= room[1]

    def most(self, base: Figure) -> float:
        """Return the greatest value of a number, as far as it is known."""
        spec, room = base.spec, capacity(base.column.type)
        if isinstance(spec, NumberSpec) and spec.maximum is not None and self.is_free(base):
            return float(spec.maximum)
        return _UNTOLD if room is None else min(room[1], _UNTOLD)

    def _leads(self, base: Figure, name: str) -> bool:
        """Tell whether a number is computed from the column ``name``, however far."""
        waiting, seen = [base.name], set()
        while waiting:
            each = waiting.pop()
            if each == name:
                return True
            spec = self.found.get(each) or self.specs.get(each)
            if each not in seen and spec is not None:
                seen.add(each)
                waiting.extend(row_columns(spec))
        return False


def _words(name: str, understood: Words | None) -> Words:
    return expanded(pieces(name), frozenset()) if understood is None else understood


def _decimals(each: Figure, base: Figure) -> int | None:
    """Return the decimals of what a number is a share of, where its own type has more."""
    kind, spec = each.column.type, base.spec
    if isinstance(kind, IntegerType):
        return None
    if isinstance(spec, NumberSpec) and spec.decimals is not None:
        return spec.decimals
    fine = isinstance(kind, FloatType) or kind.scale > _CENTS  # type: ignore[union-attr]
    coarse = not isinstance(base.column.type, DecimalType) or base.column.type.scale <= _CENTS
    return _CENTS if fine and coarse else None

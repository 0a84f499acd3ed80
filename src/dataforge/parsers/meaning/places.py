"""Addresses that lie where a key points to: a city in its country, a street in its city."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dataforge.parsers.meaning.groups import group_of
from dataforge.parsers.meaning.words import classes_of, pieces
from dataforge.schema import (
    Bound,
    Column,
    ForeignKey,
    RecordSpec,
    Schema,
    Spec,
    StringType,
    Table,
    TextType,
    VocabularySpec,
)

Specs = Mapping[str, Mapping[str, Spec | None]]

_PLACES = frozenset({"place", "state", "country", "region"})
_PLACE_WORDS = frozenset({"address", "addresses", "location", "locations", "geography"})
# Fields of an address that belong to a town, the surest first.
_OF_TOWN = ("city", "postcode", "street_address", "full_address", "street", "time_zone")
_COUNTRIES = frozenset({"country", "country_code", "country_code3"})
# Countries that somebody comes from rather than lives in.
_ELSEWHERE = frozenset({"birth", "origin", "manufacture", "made", "nationality", "citizenship"})
_TELEPHONES = frozenset({"phone", "mobile", "fax"})
_WIDE_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Where:
    """A key to a row that says where something is, and how exactly: 0 town, 1 region, 2 country."""

    key: ForeignKey
    column: str
    rank: int
    group: str

    @property
    def bound(self) -> Bound:
        """The parent's column as a spec names it."""
        return Bound(column=self.column, foreign_key=self.key.label)


def in_their_places(
    schema: Schema, specs: Specs, tied: Mapping[str, Collection[str]]
) -> dict[str, dict[str, Spec]]:
    """Return specs by table and column for addresses and telephones that a key places.

    Columns of keys and those in ``tied`` stay as they are. A key that would make a place depend on
    itself is left out: tables are taken in the schema's order.
    """
    found: dict[str, dict[str, Spec]] = {}
    parents: dict[str, set[str]] = {}
    for table in schema.tables:
        keys = sorted(_keys(schema, table, specs), key=lambda each: each.rank)
        keys = [each for each in keys if not _reaches(parents, each.key.parent, table.name)]
        fixed = {*tied.get(table.name, ()), *(name for key in table.keys for name in key)}
        made = {**specs[table.name], **_countries(specs[table.name], fixed)}
        town = _own_town(table, specs[table.name])
        for name, spec in made.items():
            placed = None if name in fixed else _placed(table.column(name), spec, keys)
            if town is not None and name not in fixed:
                placed = _in_town(spec, town, table.name) or placed
            if placed is None and spec is not None and spec is not specs[table.name][name]:
                found.setdefault(table.name, {})[name] = spec
            if placed is not None:
                found.setdefault(table.name, {})[name] = placed[0]
                parents.setdefault(table.name, set()).add(placed[1])
    return found


def _own_town(table: Table, specs: Mapping[str, Spec | None]) -> str | None:
    """Return the column of a town that a key makes unique, so that nothing else decides it."""
    for name in (key[0] for key in table.keys if len(key) == 1):
        spec = specs.get(name)
        if isinstance(spec, RecordSpec) and (spec.record, spec.field) == ("address", "city"):
            return name
    return None


def _in_town(spec: Spec | None, town: str, table: str) -> tuple[Spec, str] | None:
    """Return the spec of another part of the address in the town that the row names."""
    if not isinstance(spec, RecordSpec) or spec.record != "address" or spec.group:
        return None
    return spec.model_copy(update={"place": Bound(column=town)}), table


def _countries(specs: Mapping[str, Spec | None], fixed: Collection[str]) -> dict[str, RecordSpec]:
    """Return the countries of addresses for columns that would name any country beside a town."""
    towns = {
        spec.group
        for spec in specs.values()
        if isinstance(spec, RecordSpec) and spec.record == "address" and spec.field in _OF_TOWN
    }
    return {
        name: RecordSpec(record="address", field=spec.vocabulary)
        for name, spec in specs.items()
        if isinstance(spec, VocabularySpec)
        and spec.vocabulary in _COUNTRIES
        and "" in towns
        and name not in fixed
        and not _ELSEWHERE & set(pieces(name))
    }


def _keys(schema: Schema, table: Table, specs: Specs) -> Iterator[Where]:
    for key in table.foreign_keys:
        parent = schema.tables_by_name.get(key.parent)
        if parent is None or parent.name == table.name:
            continue
        words = pieces(parent.name)
        if not (classes_of(words) & _PLACES or _PLACE_WORDS & set(words)):
            continue
        named = _naming(specs[parent.name])
        if named is not None:
            own = frozenset(pieces(table.name))
            role = next((group_of("address", pieces(name), own) for name in key.columns), "")
            yield Where(key, *named, role)


def _naming(specs: Mapping[str, Spec | None]) -> tuple[str, int] | None:
    """Return the column of a row that says best where it is, and how exactly it does."""
    ranked = [(_rank(spec), name) for name, spec in specs.items()]
    known = [(rank, name) for rank, name in ranked if rank is not None]
    if not known:
        return None
    (rank, _), name = min(known, key=lambda each: each[0])
    return name, rank


def _rank(spec: Spec | None) -> tuple[int, int] | None:
    match spec:
        case RecordSpec(record="address", field=field) if field in _OF_TOWN:
            return 0, _OF_TOWN.index(field)
        case RecordSpec(record="address" | "state", field="state" | "name"):
            return 1, 0
        case RecordSpec(record="address" | "state", field="state_code" | "code"):
            return 1, 1
        case RecordSpec(record="address" | "country", field=field):
            return (2, 0) if field in {"name", "country", "code", "code3", "country_code"} else None
        case VocabularySpec(vocabulary=name) if name in _COUNTRIES:
            return 2, 1
        case _:
            return None


def _placed(column: Column, spec: Spec | None, keys: list[Where]) -> tuple[Spec, str] | None:
    """Return the spec of a column at the place of the first key for its role, and the parent."""
    if not isinstance(spec, RecordSpec) or spec.labels or spec.place is not None:
        return None
    spec = _of_address(spec)
    telephone = spec.record in {"person", "company"} and spec.field in _TELEPHONES
    if spec.record != "address" and not telephone:
        return None
    own = [each for each in keys if each.group == spec.group] or [e for e in keys if not e.group]
    if not own:
        return None
    update: dict[str, object] = {"place": own[0].bound}
    if telephone and _is_wide(column):
        update["field"] = f"{spec.field}_international"
    return spec.model_copy(update=update), own[0].key.parent


def _of_address(spec: RecordSpec) -> RecordSpec:
    """Let the rows of a table of regions be any country's."""
    if spec.record != "state" or spec.field not in {"name", "code"}:
        return spec
    field = {"name": "state", "code": "state_code"}[spec.field]
    return RecordSpec(record="address", field=field, group=spec.group)


def _is_wide(column: Column) -> bool:
    if isinstance(column.type, TextType):
        return True
    size = column.type.max_length if isinstance(column.type, StringType) else 0
    return size is None or size >= _WIDE_NUMBER


def _reaches(parents: Mapping[str, set[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(parents.get(name, ()))
    return False

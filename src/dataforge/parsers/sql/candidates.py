"""Foreign keys that nobody declared but that the names make plain.

Every candidate says what speaks for it. Only those of at least ``THRESHOLD`` are offered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataforge.parsers.sql.prefixes import prefixed_candidates
from dataforge.parsers.sql.result import KeyCandidate
from dataforge.parsers.sql.wording import singular, stem, words
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.relations import ForeignKey
from dataforge.schema.types import (
    ColumnType,
    DecimalType,
    EnumType,
    IntegerType,
    StringType,
    TextType,
    UuidType,
)

THRESHOLD = 0.6

_ID_WORDS = frozenset({"id", "key", "uuid", "guid", "fk", "ref", "sk"})
_CODE_WORDS = frozenset({"code", "no", "nr", "num", "number", "cd"})
_GLUED = ("uuid", "guid", "code", "key", "id")
_GENERIC = frozenset({"id", "code", "name", "key", "uuid", "guid", "type", "no", "number", "value"})
_PEOPLE = ("user", "account", "member", "person", "employee", "staff", "admin")
_PERSON_WORDS = frozenset(
    {
        "owner",
        "author",
        "creator",
        "updater",
        "editor",
        "assignee",
        "reviewer",
        "approver",
        "submitter",
        "sender",
        "recipient",
        "reporter",
        "modifier",
    }
)
_SELF_WORDS = frozenset({"parent", "ancestor", "predecessor", "superior"})
_BOSSES = frozenset({"manager", "supervisor", "boss"})
_STAFF = frozenset({"employee", "user", "staff", "person", "worker", "member", "associate"})


def find_candidates(schema: Schema) -> tuple[KeyCandidate, ...]:
    """Return the undeclared foreign keys of ``schema`` of at least ``THRESHOLD``, by table."""
    finder = _Finder(schema)
    found: list[KeyCandidate] = []
    prefixed = prefixed_candidates(schema, family)
    for table in schema.tables:
        taken = {name for key in table.foreign_keys for name in key.columns}
        wide = [c for c in prefixed.get(table.name, ()) if taken.isdisjoint(c.columns)]
        found += wide
        taken |= {name for candidate in wide for name in candidate.columns}
        for column in table.columns:
            if column.name in taken or column.generated:
                continue
            best = max(finder.of(table, column), key=lambda c: c.score, default=None)
            if best is not None and best.score >= THRESHOLD:
                found.append(best)
    return tuple(found)


def use_candidates(schema: Schema, candidates: Iterable[KeyCandidate]) -> Schema:
    """Return ``schema`` with the candidates as foreign keys (``inferred=True``).

    One that would close a cycle in which no column is nullable is left out, best scores first,
    because no data could satisfy it; so is one whose columns have a foreign key already.
    """
    tables = dict(schema.tables_by_name)
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.table, c.columns)):
        table = tables[candidate.table]
        taken = {name for key in table.foreign_keys for name in key.columns}
        if not taken.isdisjoint(candidate.columns) or _closes_cycle(tables, candidate):
            continue
        tables[table.name] = _with_key(table, candidate)
    ordered = tuple(tables[table.name] for table in schema.tables)
    return schema.model_copy(update={"tables": ordered})


def _with_key(table: Table, candidate: KeyCandidate) -> Table:
    key = ForeignKey(
        columns=candidate.columns,
        parent=candidate.parent,
        parent_columns=candidate.parent_columns,
        inferred=True,
    )
    columns = tuple(
        c.model_copy(update={"spec": None}) if c.name in candidate.columns else c
        for c in table.columns
    )
    return table.model_copy(update={"foreign_keys": (*table.foreign_keys, key), "columns": columns})


def _closes_cycle(tables: dict[str, Table], candidate: KeyCandidate) -> bool:
    if candidate.parent == candidate.table or not _required(
        tables[candidate.table], candidate.columns
    ):
        return False
    reached, waiting = set(), [candidate.parent]
    while waiting:
        name = waiting.pop()
        if name == candidate.table:
            return True
        if name not in reached:
            reached.add(name)
            keys = tables[name].foreign_keys
            waiting += [k.parent for k in keys if _required(tables[name], k.columns)]
    return False


def _required(table: Table, columns: tuple[str, ...]) -> bool:
    return not any(table.column(name).nullable for name in columns)


def family(kind: ColumnType) -> str:
    """Types whose values may refer to each other share a family; others have none in common."""
    if isinstance(kind, IntegerType) or (isinstance(kind, DecimalType) and kind.scale == 0):
        return "whole number"
    if isinstance(kind, StringType | TextType):
        return "text"
    return "uuid" if isinstance(kind, UuidType) else f"{kind.kind} (no key)"


@dataclass(frozen=True, slots=True)
class _Target:
    table: Table
    column: Column


class _Finder:
    def __init__(self, schema: Schema) -> None:
        self._by_stem: dict[tuple[str, ...], list[_Target]] = defaultdict(list)
        self._by_glued: dict[str, list[_Target]] = defaultdict(list)
        self._by_key_name: dict[str, list[_Target]] = defaultdict(list)
        for table in schema.tables:
            for target in _targets(table):
                self._by_stem[stem(table.name)].append(target)
                self._by_glued["".join(stem(table.name))].append(target)
                if table.primary_key == (target.column.name,):
                    self._by_key_name[target.column.name.lower()].append(target)

    def of(self, table: Table, column: Column) -> Iterator[KeyCandidate]:
        """Every way to read ``column`` as a reference, with its score."""
        if table.primary_key == (column.name,) and column.identity:
            return
        if _is_polymorphic(table, column):
            return
        parts = words(column.name)
        for target, score, evidence in self._readings(table, column, parts):
            same = target.table is table and target.column.name == column.name
            if same or family(target.column.type) != family(column.type):
                continue
            if score >= THRESHOLD:
                yield KeyCandidate(
                    table.name,
                    (column.name,),
                    target.table.name,
                    (target.column.name,),
                    evidence,
                    score,
                )

    def _readings(
        self, table: Table, column: Column, parts: tuple[str, ...]
    ) -> Iterator[tuple[_Target, float, str]]:
        if len(parts) > 1 and parts[-1] in _ID_WORDS | _CODE_WORDS:
            yield from self._named_after_table(table, column, parts)
            yield from self._self_reference(table, column, parts)
            yield from self._person(column, parts)
        elif len(parts) == 1:
            yield from self._glued(column, parts[0])
        elif parts[-1:] == ("by",):
            yield from self._people(column, 0.7, "names who did it")
        elif parts == ("reports", "to"):
            yield from self._own(table, 0.75, "names a superior in the same table")
        yield from self._same_name(table, column)

    def _named_after_table(
        self, table: Table, column: Column, parts: tuple[str, ...]
    ) -> Iterator[tuple[_Target, float, str]]:
        base = parts[:-1]
        if base == stem(table.name):
            return
        for start in range(len(base)):
            wanted = (*base[start:-1], singular(base[-1]))
            targets = self._by_stem.get(wanted) or self._by_glued.get("".join(wanted)) or []
            for target in targets:
                if not _suffix_fits(parts[-1], target):
                    continue
                score = (0.95 if parts[-1] in _ID_WORDS else 0.85) if start == 0 else 0.8
                if start and len(base) - start == 1 and target.table is table:
                    score = 0.75
                ending = f"the name of table {target.table.name!r} and {parts[-1]!r}"
                yield target, score, f"{column.name!r} ends in {ending}"
            if targets:
                return

    def _self_reference(
        self, table: Table, column: Column, parts: tuple[str, ...]
    ) -> Iterator[tuple[_Target, float, str]]:
        base = parts[:-1]
        own = stem(table.name)
        if base[-1] in _SELF_WORDS or (base[0] in _SELF_WORDS and base[1:] == own):
            score = 0.85 if len(base) == 1 or set(base) & set(own) else 0.7
            yield from self._own(table, score, f"{column.name!r} names a parent in the same table")
        elif base[-1] in _BOSSES and own and own[-1] in _STAFF:
            yield from self._own(table, 0.75, f"{column.name!r} names a superior in the same table")

    def _own(
        self, table: Table, score: float, evidence: str
    ) -> Iterator[tuple[_Target, float, str]]:
        if len(table.primary_key) == 1:
            yield _Target(table, table.column(table.primary_key[0])), score, evidence

    def _person(
        self, column: Column, parts: tuple[str, ...]
    ) -> Iterator[tuple[_Target, float, str]]:
        if parts[-2] in _PERSON_WORDS or parts[-2] == "by":
            yield from self._people(column, 0.65, "names a person's role")

    def _people(
        self, column: Column, score: float, why: str
    ) -> Iterator[tuple[_Target, float, str]]:
        for person in _PEOPLE:
            targets = [t for t in self._by_stem.get((person,), []) if _is_primary(t)]
            for target in targets:
                evidence = f"{column.name!r} {why}; {target.table.name!r} keeps the people"
                yield target, score, evidence
            if targets:
                return

    def _glued(self, column: Column, word: str) -> Iterator[tuple[_Target, float, str]]:
        """``countrycode`` is ``country`` + ``code``."""
        for ending in _GLUED:
            base = word.removesuffix(ending)
            if base in {word, ""}:
                continue
            for target in self._by_glued.get(singular(base), []):
                if _suffix_fits(ending, target):
                    evidence = (
                        f"{column.name!r} is the name of table {target.table.name!r} and {ending!r}"
                    )
                    yield target, 0.85, evidence

    def _same_name(self, table: Table, column: Column) -> Iterator[tuple[_Target, float, str]]:
        name = column.name.lower()
        targets = self._by_key_name.get(name, [])
        if name in _GENERIC or not targets or table.primary_key == (column.name,):
            return
        named = [t for t in targets if set(stem(t.table.name)) & set(words(name))]
        sure = len(targets) == 1 or len(named) == 1
        for target in named or targets:
            yield (
                target,
                0.9 if sure else 0.5,
                f"{column.name!r} is the primary key of table {target.table.name!r}",
            )


def _targets(table: Table) -> Iterator[_Target]:
    """Columns that a reference may point to: a single-column primary or unique key."""
    for key in table.keys:
        if len(key) == 1:
            yield _Target(table, table.column(key[0]))


def _is_primary(target: _Target) -> bool:
    return target.table.primary_key == (target.column.name,)


def _suffix_fits(ending: str, target: _Target) -> bool:
    """``_id`` means the primary key; ``_code`` a key that is called so."""
    name = words(target.column.name)
    if ending in _ID_WORDS:
        return _is_primary(target)
    return bool(name) and (name[-1] == ending or target.column.name.lower().endswith(ending))


def _is_polymorphic(table: Table, column: Column) -> bool:
    """``owner_id`` beside a text column ``owner_type`` points to several tables."""
    parts = words(column.name)
    if len(parts) < 2 or parts[-1] not in _ID_WORDS:
        return False
    wanted = (*parts[:-1], "type")
    return any(
        words(other.name) == wanted and isinstance(other.type, StringType | TextType | EnumType)
        for other in table.columns
    )

"""Primary keys and UNIQUE: no values twice.

A key whose values rise from row to row is proven in one pass; others are grouped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dataforge.schema import IntegerType
from dataforge.verification.certificate import Check, Kind
from dataforge.verification.scope import Place, Question, Scope, ask, passed
from dataforge.verification.sql_text import all_of

_SAMPLE_ROWS = 4096


@dataclass(slots=True)
class Proven:
    """What is known for sure: unique columns, and integer keys that have every value of a range."""

    unique: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    ranges: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def covers(self, table: str, columns: tuple[str, ...]) -> bool:
        """Whether some subset of ``columns`` is proven unique, and so are they."""
        return any(name == table and set(known).issubset(columns) for name, known in self.unique)


def key_checks(scope: Scope, place: Place, proven: Proven, *, in_order: bool) -> Iterator[Check]:
    """Check the keys of a table; ``in_order`` says that its relation keeps the files' order."""
    table = place.table
    kinds: list[tuple[Kind, tuple[str, ...], str]] = []
    if table.primary_key:
        kinds.append(("primary_key", table.primary_key, ""))
    kinds += [("unique", key.columns, key.name or "") for key in table.unique_keys]
    for kind, columns, name in sorted(kinds, key=lambda entry: len(entry[1])):
        if not place.has(columns):
            continue
        question = duplicates(place, kind, columns, name)
        known = proven.covers(table.name, columns) or (in_order and _rising(scope, place, columns))
        check = passed(question) if known else ask(scope.session, question)
        if check.verdict == "passed":
            proven.unique.add((table.name, columns))
            _note_range(scope, place, columns, proven)
        yield check


def duplicates(place: Place, kind: Kind, columns: tuple[str, ...], name: str) -> Question:
    """Ask for the rows whose key an earlier row has; rows with a null in it are exempt.

    Without row numbers, which row came first is unknown and all that share a key are named.
    """
    cells = place.of("s", columns)
    named = [f"{cell} AS k{n}" for n, cell in enumerate(cells)]
    first = [f"min(s.{place.identity[0]}) AS first_row"] if place.numbered else []
    groups = (
        f"SELECT {', '.join([*named, *first])} FROM {place.relation} s "
        f"WHERE {all_of(f'{cell} IS NOT NULL' for cell in cells)} "
        f"GROUP BY {', '.join(cells)} HAVING count(*) > 1"
    )
    own = place.of("t", columns)
    joined = [f"{cell} = d.k{n}" for n, cell in enumerate(own)]
    later = [f"t.{place.identity[0]} > d.first_row"] if place.numbered else []
    broken = f"{place.relation} t JOIN ({groups}) d ON {all_of([*joined, *later])}"
    return Question(kind, place, columns, name, broken, tuple(own))


def _rising(scope: Scope, place: Place, columns: tuple[str, ...]) -> bool:
    """Tell whether the key rises strictly from each row to the next, all of it not null."""
    for limit in (f" LIMIT {_SAMPLE_ROWS}", ""):
        if place.row_count <= _SAMPLE_ROWS and limit:
            continue
        cells = [place.columns[name] for name in columns]
        pairs = [f"{c} AS c{n}, lag({c}) OVER () AS p{n}" for n, c in enumerate(cells)]
        source = f"SELECT * FROM {place.relation}{limit}" if limit else place.relation
        number = "row_number() OVER () AS n"
        (count,) = scope.session.rows(
            f"SELECT count(*) FROM (SELECT {number}, {', '.join(pairs)} FROM "
            f"{f'({source})' if limit else source}) "
            f"WHERE n > 1 AND ({_above(len(cells))}) IS NOT TRUE"
        )[0]
        if count:
            return False
    return True


def _above(width: int) -> str:
    """Return SQL for (c0, c1, …) > (p0, p1, …), compared from the left."""
    above = f"c{width - 1} > p{width - 1}"
    for n in reversed(range(width - 1)):
        above = f"c{n} > p{n} OR (c{n} = p{n} AND ({above}))"
    return above


def _note_range(scope: Scope, place: Place, columns: tuple[str, ...], proven: Proven) -> None:
    """Remember the range of a unique integer key that leaves no number out."""
    if len(columns) != 1 or not isinstance(place.table.column(columns[0]).type, IntegerType):
        return
    cell = place.columns[columns[0]]
    low, high, count = scope.session.rows(
        f"SELECT min({cell}), max({cell}), count({cell}) FROM {place.relation}"
    )[0]
    if isinstance(low, int) and isinstance(high, int) and high - low + 1 == count:
        proven.ranges[place.table.name, columns[0]] = (low, high)

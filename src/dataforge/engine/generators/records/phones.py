"""Telephone numbers that are valid in the row's place.

Every number is a completion of a template of the locale's ``phones.tsv``, all of whose completions
are valid there. Fixed numbers have the area code of the row's town. Where a regulator keeps
numbers for fiction (``555-01xx``, London ``7946 0xxx``, the French ``01 99 00``), they are taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.corpora import joint_table
from dataforge.corpora.files import sections
from dataforge.engine import fixed_width
from dataforge.engine.fixed_width import ByteMatrix
from dataforge.engine.generators.records import places
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Lists,
    Made,
    MakeField,
    Ranked,
    Text,
)
from dataforge.locales import WORLD
from dataforge.streams import IntArray, below

_TEN = np.int64(10)
_FREE = "#"
_HOME = "en_US"


class Writer:
    """Writes numbers into templates: ``(212) 555-01##`` and 7 become ``(212) 555-0107``."""

    __slots__ = ("characters", "lengths", "longest", "places", "sizes")

    def __init__(self, templates: Sequence[str]) -> None:
        """Hold the templates as bytes (uint8, (t, w + 1)); the last column is never shown."""
        self.longest = max(map(len, templates))
        padded = "".join(each.ljust(self.longest + 1) for each in templates).encode("ascii")
        self.characters: ByteMatrix = np.frombuffer(padded, dtype=np.uint8).reshape(
            len(templates), self.longest + 1
        )
        self.lengths = np.array([len(each) for each in templates], dtype=np.int64)
        free = [[at for at, mark in enumerate(each) if mark == _FREE][::-1] for each in templates]
        most = max(map(len, free))
        self.places = np.array([f + [self.longest] * (most - len(f)) for f in free])
        self.sizes = 10 ** np.array([len(f) for f in free], dtype=np.int64)

    def write(self, codes: Codes, numbers: IntArray) -> pa.Array:
        """Return template ``codes[i]`` with the last digits of ``numbers[i]``, for each i."""
        matrix = self.characters[codes]
        rows, rest = np.arange(len(codes)), numbers
        for place in range(self.places.shape[1]):
            rest, digit = np.divmod(rest, _TEN)
            matrix[rows, self.places[codes, place]] = digit + ord("0")
        return fixed_width.strings(matrix, self.lengths[codes])


@dataclass(frozen=True)
class Plan:
    """The templates of a locale in several forms, and which of them a town may have.

    ``dashed`` are numbers without the country code, ``line`` and ``short`` those without the area.
    """

    national: Writer
    bare: Writer
    dashed: Writer
    line: Writer
    short: Writer
    international: Writer
    e164: Writer
    first: dict[str, npt.NDArray[np.int64]]
    count: dict[str, npt.NDArray[np.int64]]
    wide: IntArray

    def drawn(self, kind: str, record: str, purpose: str, locale: str) -> Choose:
        """Return what draws template and number of a kind for the town of each row."""
        cities = places.city_codes(locale)
        share = float(sections(locale, places.FORMS)["mobile_share"][0])
        sizes = self.national.sizes
        alike = bool((sizes == sizes[0]).all())

        def choose(draw: Draw) -> tuple[Codes, IntArray]:
            town = cities(draw)
            first, count = self._of(kind, draw, record, purpose, share, town)
            codes = first + (draw.next(record, purpose) * count >> 16)
            words = draw.bits(record, purpose)
            return codes, below(words, int(sizes[0]) if alike else sizes[codes])

        return choose

    def _of(
        self, kind: str, draw: Draw, record: str, purpose: str, share: float, town: Codes
    ) -> tuple[IntArray, IntArray]:
        if kind != "any" or share == 0:
            known = "fixed" if kind == "any" else kind
            return self.first[known][town], self.count[known][town]
        mobile = draw.unit(record, f"{purpose} kind") < share
        first = np.where(mobile, self.first["mobile"][town], self.first["fixed"][town])
        count = np.where(mobile, self.count["mobile"][town], self.count["fixed"][town])
        return first, count


Choose = Callable[[Draw], tuple[Codes, IntArray]]


@cache
def plan(locale: str) -> Plan:
    """Return the telephone numbers of a locale."""
    table = joint_table("phone", locale).columns
    kinds = list(zip(table["kind"], table["area_code"], strict=True))
    runs = _runs(kinds)
    cities = joint_table("city", locale).columns
    areas = cities["country_code" if locale == WORLD else "area_code"]
    spans = {kind: [_span(runs, kind, area) for area in areas] for kind in ("fixed", "mobile")}
    e164 = ["+" + _digits(each) for each in table["international"]]
    dashed = [each.partition(" ")[2] for each in table["international"]]
    line = [each.partition("-")[2] or each for each in dashed]
    mobile = [at for at, (kind, _) in enumerate(kinds) if kind in {"any", "mobile"}]
    return Plan(
        national=Writer(table["national"]),
        bare=Writer([_digits(each) for each in table["national"]]),
        dashed=Writer(dashed),
        line=Writer(line),
        short=Writer([_digits(each) for each in line]),
        international=Writer(table["international"]),
        e164=Writer(e164),
        first={kind: np.array([first for first, _ in each]) for kind, each in spans.items()},
        count={kind: np.array([count for _, count in each]) for kind, each in spans.items()},
        wide=np.array(mobile),
    )


def _runs(kinds: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return where the templates of each kind and area begin, and their number."""
    first = {each: at for at, each in reversed(list(enumerate(kinds)))}
    return {each: (first[each], count) for each, count in Counter(kinds).items()}


def _span(runs: dict[tuple[str, str], tuple[int, int]], kind: str, area: str) -> tuple[int, int]:
    """Return where the templates of a kind begin, and their number: the area's or everybody's."""
    found = [runs[each] for each in {(kind, area), (kind, "")} if each in runs]
    return min(first for first, _ in found), sum(count for _, count in found)


def _digits(template: str) -> str:
    return "".join(mark for mark in template if mark.isdigit() or mark == _FREE)


def _ranked(writer: Writer, rows: IntArray) -> Ranked:
    """Return the completions of some templates, addressed by rank."""
    ends = np.cumsum(writer.sizes[rows])

    def decode(ranks: IntArray) -> pa.Array:
        which = np.searchsorted(ends, ranks, side="right")
        return writer.write(rows[which], ranks - (ends - writer.sizes[rows])[which])

    return Ranked(int(writer.lengths[rows].max()), int(ends[-1]), decode)


def _text(kind: str, record: str, purpose: str, locale: str, forms: tuple[str, ...]) -> Text:
    numbers = plan(locale)
    if locale == _HOME and forms == NATIONAL:
        forms = ("national", "dashed", "bare", "line", "short")
    writers: list[Writer] = [getattr(numbers, form) for form in forms]
    choose = numbers.drawn(kind, record, purpose, locale)

    def made(writer: Writer) -> Made:
        return Made(writer.longest, lambda draw: writer.write(*choose(draw)))

    unique: list[Lists | Ranked] = [_ranked(writer, numbers.wide) for writer in writers]
    if locale == _HOME and forms[0] == "national":
        unique = [_extensions(), *unique[:3]]
    return Text(tuple(made(writer) for writer in writers), unique=tuple(unique))


def _extensions() -> Lists:
    """Return fictitious numbers with extensions, which are as many as anybody may need."""
    areas = dict.fromkeys(joint_table("city", _HOME).columns["area_code"])
    lines = pa.array([f"{line:02}" for line in range(100)])
    extensions = pa.array([f" x{number:05}" for number in range(100_000)])
    return pa.array([f"({area}) 555-01" for area in areas]), lines, extensions


def _field(kind: str, record: str, purpose: str, *forms: str) -> MakeField:
    return lambda locale: _text(kind, record, purpose, locale, forms)


NATIONAL = ("national", "bare")
INTERNATIONAL = ("international", "e164", *NATIONAL)
E164 = ("e164", "bare")


def fields(record: str, kinds: dict[str, str]) -> dict[str, MakeField]:
    """Return the fields of a record: each name's number as people write it, with +, as E.164."""
    made: dict[str, MakeField] = {}
    for name, kind in kinds.items():
        made[name] = _field(kind, record, name, *NATIONAL)
        made[f"{name}_international"] = _field(kind, record, name, *INTERNATIONAL)
        made[f"{name}_e164"] = _field(kind, record, name, *E164)
    return made


PERSON = fields("person", {"phone": "any", "mobile": "mobile", "fax": "fixed"})
COMPANY = fields("company", {"phone": "fixed", "fax": "fixed"})

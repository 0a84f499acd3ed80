"""What a company is called: a stem, a trade and a legal form in the shape of its country.

A shape such as ``{stem} {trade} {form}`` is drawn first; ``{partner}`` is a second name, ``{city}``
a place, ``{stem's}`` the stem in the genitive. What stands before and after the stem is listed in
full once, so that a row costs one gather for each side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from dataforge.corpora import JointTable, joint_table, latin, slot_table, slug, vocabulary
from dataforge.corpora.files import sections
from dataforge.engine.generators.records.company_numbers import city_codes
from dataforge.engine.generators.records.fields import Codes, Draw, Part, Slots

FILE = "companies.txt"
# Names in these scripts bring their Latin forms along; elsewhere families give companies names.
OTHER_SCRIPTS = frozenset({"ja_JP", "zh_CN", "ko_KR", "hi_IN", "ar_SA"})
COINED_SHARE = 0.25
PARTNERS = 150
_PARTS = ("trade", "form", "partner", "city")
_UNGENITIVE = ("s", "x", "z")


@dataclass(frozen=True)
class Names:
    """The lists of a locale and the draws that choose from them; ``only`` one shape, if given."""

    locale: str
    only: str = ""

    @cached_property
    def stems(self) -> dict[str, str]:
        """First words of names, by their form in an address of the internet."""
        coined = [line.split("\t") for line in self.section("stem")]
        if self.locale in OTHER_SCRIPTS:
            return {name: slug(written) for name, written in coined}
        families = vocabulary("last_name", self.locale).values.to_pylist()
        names = dict.fromkeys([*(name for name, *_ in coined or self._brands()), *families])
        return {name: address for name in names if (address := latin(name, self.locale))}

    def _brands(self) -> list[list[str]]:
        heads, tails = (
            vocabulary(f"brand_{part}", self.locale).values.to_pylist()
            for part in ("prefix", "suffix")
        )
        return [[head + tail] for head, tail in product(heads, tails)]

    @cached_property
    def stem(self) -> Slots:
        """The code of the stem: an invented word in a quarter of the rows, else a family."""
        coined = len(self.section("stem")) or len(self._brands())
        weights = np.ones(len(self.stems))
        families = len(weights) - coined
        if families > 0:
            weights[coined:] *= (1 - COINED_SHARE) / COINED_SHARE * coined / families
        return Slots("company", "stem", slot_table(len(weights), weights))

    @cached_property
    def partners(self) -> list[str]:
        """Second names."""
        families = list(self.stems)[:: max(1, len(self.stems) // PARTNERS)]
        known = vocabulary("last_name", self.locale).values.to_pylist()
        return families if self.locale in OTHER_SCRIPTS else known[:PARTNERS]

    @cached_property
    def trades(self) -> JointTable:
        """Trades with their industry."""
        return joint_table("company_field", self.locale)

    @cached_property
    def trade(self) -> Slots:
        """The code of the trade."""
        return Slots("company", "field", slot_table(len(self.trades), self.trades.weights))

    @cached_property
    def trade_addresses(self) -> list[str]:
        """The trades as they stand in an address of the internet."""
        columns = self.trades.columns
        return [latin(word, self.locale) for word in columns.get("latin", columns["word"])]

    @cached_property
    def forms(self) -> list[str]:
        """Legal forms."""
        return list(vocabulary("legal_form", self.locale).values.to_pylist())

    @cached_property
    def form(self) -> Slots:
        """The code of the legal form."""
        return Slots("company", "form", vocabulary("legal_form", self.locale).slots)

    @cached_property
    def shapes(self) -> list[str]:
        """How the parts stand together."""
        return [line.partition("\t")[0] for line in self._shapes()]

    def _shapes(self) -> tuple[str, ...]:
        return (f"{self.only}\t1",) if self.only else self.section("shape")

    @cached_property
    def shape(self) -> Slots:
        """The code of the shape."""
        weights = np.array([float(line.partition("\t")[2]) for line in self._shapes()])
        return Slots("company", "shape", slot_table(len(weights), weights))

    def section(self, name: str) -> tuple[str, ...]:
        """Return a list of the locale's file, empty where it has none of that name."""
        return sections(self.locale, FILE).get(name, ())

    def words(self, part: str) -> list[str]:
        """Return the list that a part of a shape is taken from."""
        lists = {
            "trade": list(self.trades.columns["word"]),
            "form": self.forms,
            "partner": self.partners,
            "city": [line.partition("\t")[0] for line in self.section("city")],
        }
        return lists[part]

    def codes(self, part: str, draw: Draw) -> Codes:
        """Return the row's choice from that list."""
        match part:
            case "trade":
                return self.trade(draw)
            case "form":
                return self.form(draw)
            case "city":
                return city_codes(draw)
            case _:
                return draw.below("company", part, self.count(part))

    def count(self, part: str) -> int:
        """Count the entries of that list."""
        return len(self.words(part))

    def part(self, *, before: bool) -> Part:
        """Return what stands before, or after, the stem."""
        sides = [_side(shape, before=before) for shape in self.shapes]
        texts: list[str] = []
        starts, factors = [], np.zeros((len(_PARTS), len(sides)), dtype=np.int64)
        for at, side in enumerate(sides):
            used = [part for part in _PARTS if f"{{{part}}}" in side]
            starts.append(len(texts))
            size = 1
            for part in reversed(used):
                factors[_PARTS.index(part), at] = size
                size *= self.count(part)
            texts += [
                side.format(**dict(zip(used, words, strict=True)))
                for words in product(*(self.words(part) for part in used))
            ]
        needed = [part for at, part in enumerate(_PARTS) if factors[at].any()]
        return Part(texts, Side(self, np.array(starts), factors, tuple(needed)))

    def stem_part(self, written: str = "{}") -> Part:
        """Return the stems, in the genitive where the shape wants it."""
        stems = list(self.stems)
        genitive = np.array(["{stem's}" in shape for shape in self.shapes])
        own = [stem if stem.endswith(_UNGENITIVE) else f"{stem}s" for stem in stems]
        values = [written.format(name) for name in (stems + own if genitive.any() else stems)]
        if not genitive.any():
            return Part(values, self.stem)
        return Part(values, lambda d: self.stem(d) + len(stems) * genitive[self.shape(d)])


@dataclass(frozen=True, slots=True)
class Side:
    """Codes of one side of the names: a start for each shape, and factors of its parts' codes."""

    names: Names
    starts: npt.NDArray[np.int64]
    factors: npt.NDArray[np.int64]
    needed: tuple[str, ...]

    def __call__(self, draw: Draw) -> Codes:
        """Return the codes of the rows."""
        shape = self.names.shape(draw)
        codes = self.starts[shape]
        for part in self.needed:
            codes += self.factors[_PARTS.index(part)][shape] * self.names.codes(part, draw)
        return codes


def _side(shape: str, *, before: bool) -> str:
    head, _, tail = shape.replace("{stem's}", "{stem}").partition("{stem}")
    return head if before else tail


@cache
def names(locale: str) -> Names:
    """Return the names of a locale."""
    return Names(locale)

"""Names of people: given names by generation, family names by frequency, and their readings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dataforge.corpora.files import lines
from dataforge.corpora.text import latin

# The birth years that the files of given names speak of.
ANCHORS = (1940, 1960, 1980, 2000)


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Given names of one sex; ``shares`` (float64, anchors x names) is their frequency by age."""

    names: tuple[str, ...]
    readings: tuple[str, ...]
    shares: npt.NDArray[np.float64]

    def born_in(self, year: int) -> npt.NDArray[np.float64]:
        """Return the frequencies among those born around ``year``, between the nearest anchors."""
        at = float(np.interp(year, ANCHORS, range(len(ANCHORS))))
        low = min(int(at), len(ANCHORS) - 2)
        between: npt.NDArray[np.float64] = self.shares[low] * (low + 1 - at) + self.shares[
            low + 1
        ] * (at - low)
        return between


@dataclass(frozen=True, slots=True)
class FamilyNames:
    """Family names as men and as women bear them, their readings, their frequency."""

    names: tuple[str, ...]
    feminine: tuple[str, ...]
    readings: tuple[str, ...]
    weights: npt.NDArray[np.float64]


@cache
def given_names(locale: str, sex: str) -> GivenNames:
    """Return the given names of ``female`` or ``male`` people.

    Lines: value, weight, reading in lower-case ASCII, then a share for each anchor.
    """
    rows = [line.split("\t") for line in lines(locale, f"first_name_{sex}.txt")]
    shares = np.array([[float(share) for share in row[3:]] for row in rows]).T
    return GivenNames(tuple(row[0] for row in rows), tuple(row[2] for row in rows), shares)


@cache
def family_names(locale: str) -> FamilyNames:
    """Return the family names; lines: value, weight, and where needed reading and feminine form."""
    rows = [line.split("\t") for line in lines(locale, "last_name.txt")]
    names = tuple(row[0] for row in rows)
    return FamilyNames(
        names,
        tuple(row[3] if len(row) > 3 else row[0] for row in rows),
        tuple(row[2] if len(row) > 2 else latin(row[0], locale) for row in rows),
        np.array([float(row[1]) for row in rows]),
    )

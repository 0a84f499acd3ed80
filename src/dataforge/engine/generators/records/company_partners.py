"""Names that no other company has: the row number chooses who stands beside the first name."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.generators.records.company_names import Names
from dataforge.engine.generators.records.domains import distinct
from dataforge.engine.generators.records.fields import Draw, Made, join

# How a second name is joined to the first.
MARKS = {"ja_JP": "・", "zh_CN": "", "ko_KR": "&", "ar_SA": " و"}
_COMPANY = "& Co."
STEPS = (389, 397, 401, 409, 419, 1)


@dataclass(frozen=True, slots=True)
class Partnerships:
    """Distinct names, longest first, and in how many rows they are."""

    names: tuple[Made, ...]
    room: int


def second_names(own: Names) -> list[str]:
    """Return names to stand second, distinct without case and accents; Chinese of one length."""
    mark = MARKS.get(own.locale, " & ")
    found = distinct(pa.array([stem for stem in own.stems if mark or len(stem) == 2]))
    return [f"{mark}{stem}" for stem in found.to_pylist()]


def _with_commas(names: pa.Array, ends: pa.Array) -> pa.Array:
    """Write Peck, Solarcore Solar & Co. rather than join names with the same mark twice."""
    listed = pc.replace_substring(names, " & ", ", ")
    return pc.if_else(pc.match_substring(ends, _COMPANY), listed, names)


def partnerships(own: Names) -> Partnerships:
    """Return names of the row's stem, trade and form with a second, later a third, name.

    Narrower columns have the names alone.
    """
    shape = next(s for s in own.shapes if all(p in s for p in ("{stem}", "{trade}", "{form}")))
    alone = Names(own.locale, shape)
    before, stem, after = alone.part(before=True), alone.stem_part(), alone.part(before=False)
    seconds = second_names(own)
    thirds = pa.array(["", *seconds])
    count = len(seconds)
    step = next(step for step in STEPS if gcd(step, count) == 1)
    partners = pa.array(seconds)

    def named(draw: Draw) -> pa.Array:
        rest, place = np.divmod(draw.cells.rows, count)
        second = partners.take(pa.array(place * step % count))
        third = thirds.take(pa.array(rest % len(thirds)))
        return join(stem.make(draw), second, third)

    def whole(draw: Draw) -> pa.Array:
        names, end = named(draw), after.make(draw)
        if own.locale.startswith("en_"):
            names = _with_commas(names, end)
        return join(before.make(draw), names, end)

    short = stem.longest + 2 * max(map(len, seconds))
    longest = before.longest + short + after.longest
    return Partnerships((Made(longest, whole), Made(short, named)), count * len(thirds))

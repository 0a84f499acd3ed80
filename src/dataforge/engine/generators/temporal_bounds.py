"""Moments between others that the row knows: an order after its customer signed up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Site
from dataforge.engine.generators.keyed import frame_of
from dataforge.engine.generators.moments import microseconds
from dataforge.engine.generators.temporal import (
    ProfiledGenerator,
    Span,
    is_shaped,
    profiled,
    span_of,
)
from dataforge.engine.generators.temporal_forms import DAY_US, Form, form_of
from dataforge.schema import DatetimeSpec
from dataforge.streams import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Known:
    """A column of the row itself, or of the parent of a reference."""

    reference: int | None
    column: str

    def values(self, cells: Cells) -> pa.Array:
        """Return the column's values for the rows of ``cells``."""
        if self.reference is None:
            return cells.column(self.column)
        return frame_of(cells).parent_column(self.reference, self.column)


@dataclass(frozen=True)
class BoundedGenerator:
    """The law of a span, cut to what lies after and before each row's bounds.

    ``profile`` shapes it; None is even. ``closed`` says that a rule ends the span, so that even a
    later bound does not lead out of it.
    """

    span: Span
    form: Form
    profile: ProfiledGenerator | None
    after: tuple[Known, ...]
    before: Known | None
    closed: bool
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Draw from the part of the law that each row's bounds leave."""
        low, high = self._bounds(cells)
        unit = cells.uniform()
        if self.profile is None:
            units = low + (unit * (high - low)).astype(np.int64)
            return self.form.write(np.minimum(units, high - 1) * self.span.unit_us)
        return self.form.write(self._shaped(self.profile, low, high, unit, cells))

    def _bounds(self, cells: Cells) -> tuple[IntArray, IntArray]:
        """Return the units [low, high) that are left to each row; one at the least."""
        size, unit_us = cells.rows.size, self.span.unit_us
        low, high = np.full(size, self.span.low), np.full(size, self.span.high)
        for each in self.after:
            moments, absent = microseconds(each.values(cells))
            low = np.where(absent, low, np.maximum(low, -(-moments // unit_us)))
        if self.before is not None:
            moments, absent = microseconds(self.before.values(cells))
            high = np.where(absent, high, np.minimum(high, moments // unit_us + 1))
        if self.closed:
            low = np.minimum(low, self.span.high - 1)
        return low, np.maximum(high, low + 1)

    def _shaped(
        self,
        profile: ProfiledGenerator,
        low: IntArray,
        high: IntArray,
        unit: FloatArray,
        cells: Cells,
    ) -> IntArray:
        unit_us = self.span.unit_us
        low_us, high_us = low * unit_us, high * unit_us
        begin, end = profile.share_before(low_us), profile.share_before(high_us)
        share = np.minimum(begin + unit * (end - begin), 1.0 - 2.0**-53)
        days = profile.days.place(share) + profile.first_day
        days = np.clip(days, low_us // DAY_US, (high_us - 1) // DAY_US)
        if unit_us >= DAY_US:
            return days * DAY_US
        within = profile.within_days(days, low_us, high_us, cells.uniform("time"))
        units: IntArray = np.clip((days * DAY_US + within) // unit_us, low, high - 1)
        return units * unit_us


def build(
    spec: DatetimeSpec, site: Site, after: tuple[Known, ...], before: Known | None
) -> BoundedGenerator:
    """Build the generator; ``after`` and ``before`` are the spec's bounds, found in the plan."""
    form = form_of(site)
    span = span_of(spec, site, form)
    profile = profiled(spec, span, form) if is_shaped(spec, site) else None
    known = after if before is None else (*after, before)
    needs = tuple(each.column for each in known if each.reference is None)
    closed = site.limits.maximum is not None
    return BoundedGenerator(span, form, profile, after, before, closed, needs)

"""A column that follows another at a gap: updated after created, maximum above minimum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.engine.generators.kin import compressed
from dataforge.engine.generators.temporal import moment_us
from dataforge.engine.generators.temporal_bounds import Known
from dataforge.engine.generators.temporal_forms import DAY_US
from dataforge.engine.nulls import plain
from dataforge.engine.quantiles import compile_distribution
from dataforge.engine.rules.cast import cast_to
from dataforge.schema import OffsetSpec, TimestampType
from dataforge.schema.arrow_types import arrow_type
from dataforge.streams import FloatArray, IntArray

_MICROSECONDS = 1_000_000
_FALLBACK_DAYS = 1825
_DIGITS = 9  # how many decimals a gap has at most


@dataclass(frozen=True)
class Offset:
    """``column`` plus a gap, a multiple of ``step``; where it is null, a moment of the past.

    ``reference`` says whose column it is: the row's own, or that of the reference's parent. The
    gap begins at the greatest of it and of the row's own columns ``after`` that are not null.
    With ``past`` moments stay before ``latest``, the tick of ``now``, where the column does.
    """

    column: str
    reference: int | None
    past: bool
    type: pa.DataType
    unit: int
    step: float
    quantile: Callable[[FloatArray], FloatArray]
    minimum: float
    maximum: float
    now: pa.Scalar
    latest: int
    after: tuple[str, ...]
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Add the gaps in the column's own unit."""
        span = self.maximum - self.minimum
        gaps = self.quantile(cells.uniform()) * span + self.minimum
        base = self._base(cells)
        if pa.types.is_temporal(self.type):
            return self._moved(base, gaps, cells)
        if pa.types.is_floating(self.type):
            wide = base.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
            return cast_to(pa.array(wide + gaps), self.type)
        return self._added(base, gaps)

    def _base(self, cells: Cells) -> pa.Array:
        base = plain(Known(self.reference, self.column).values(cells))
        if not self.after and not pa.types.is_temporal(self.type):
            return base
        others = [plain(cells.column(name)) for name in self.after]
        wanted = [cast_to(each, self.type) for each in (base, *others)]
        if not others:
            return wanted[0]
        if not pa.types.is_timestamp(self.type):
            return pc.max_element_wise(*wanted)
        # Arrow compares moments of a zone only as the numbers that they are.
        ticks = [each.view(pa.int64()) for each in wanted]
        return pc.max_element_wise(*ticks).view(self.type)

    def _added(self, base: pa.Array, gaps: FloatArray) -> pa.Array:
        """Add in whole units of the type's last digit, so that large numbers lose none."""
        scale = self.type.scale if pa.types.is_decimal(self.type) else 0
        digits = min(scale, _DIGITS)
        steps = np.rint(gaps * 10**digits).astype(np.int64)
        if pa.types.is_integer(self.type) or self.type.precision <= 18:
            units = unscaled(cast_to(base, pa.decimal128(38, scale)))
            units = units + steps * 10 ** (scale - digits)
            return cast_to(decimal_array(units, pa.decimal128(38, scale)), self.type)
        wide = pa.decimal256(75, scale)
        gap = decimal_array(steps, pa.decimal128(19, digits)).cast(wide)
        return cast_to(pc.add(cast_to(base, wide).fill_null(Decimal(0)), gap), self.type)

    def _moved(self, base: pa.Array, gaps: FloatArray, cells: Cells) -> pa.Array:
        if base.null_count:
            base = pc.if_else(base.is_valid(), base, self._past(cells))
        storage = pa.int32() if pa.types.is_date32(self.type) else pa.int64()
        ticks: IntArray = base.cast(storage).to_numpy(zero_copy_only=False).astype(np.int64)
        apart = np.rint(gaps / self.step).astype(np.int64) * round(self.unit * self.step)
        if self.past:
            step = round(self.unit * self.step)
            apart = compressed(apart, self.latest - ticks) // step * step
        moved = ticks + apart
        if pa.types.is_time(self.type):
            moved %= 86_400 * _MICROSECONDS
        return pa.array(moved).cast(storage).cast(self.type)

    def _past(self, cells: Cells) -> pa.Array:
        seconds = (cells.uniform("missing") * (_FALLBACK_DAYS * 86_400)).astype(np.int64) + 1
        ago = pa.array(seconds * _MICROSECONDS).cast(pa.duration("us"))
        return cast_to(pc.subtract(self.now, ago), self.type)


def build(spec: OffsetSpec, site: Site, reference: int | None = None) -> Generator:
    """Build the generator of an offset; gaps are distributed over [minimum, maximum].

    ``reference`` is the place of the foreign key whose parent has the column, if it has.
    """
    kind = arrow_type(site.column.type)
    unit, step = 1, 1.0
    if isinstance(site.column.type, TimestampType):
        unit, step = _MICROSECONDS, 10.0**-site.column.type.precision
    if pa.types.is_time(kind):
        unit = _MICROSECONDS
    quantile = compile_distribution(spec.distribution)
    if spec.distribution.kind not in {"uniform", "beta"}:
        quantile = Capped(quantile, max(spec.maximum - spec.minimum, 1e-9))
    tick_us = DAY_US if pa.types.is_date(kind) else 1
    return Offset(
        spec.column,
        reference,
        spec.past and pa.types.is_temporal(kind) and not pa.types.is_time(kind),
        kind,
        unit,
        step,
        quantile,
        spec.minimum,
        spec.maximum,
        pa.scalar(site.schema.now, pa.timestamp("us")),
        moment_us(site.schema.now) // tick_us,
        spec.after,
        spec.after if reference is not None else (spec.column, *spec.after),
    )


@dataclass(frozen=True, slots=True)
class Capped:
    """A quantile function in the gap's own unit, brought to [0, 1] of its span."""

    quantile: Callable[[FloatArray], FloatArray]
    span: float

    def __call__(self, unit: FloatArray) -> FloatArray:
        """Scale and clip."""
        return np.clip(self.quantile(unit) / self.span, 0.0, 1.0)

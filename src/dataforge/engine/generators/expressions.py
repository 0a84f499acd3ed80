"""Columns computed from other columns of the same row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.nulls import scatter
from dataforge.engine.rules.cast import cast_to
from dataforge.engine.rules.evaluate import evaluate
from dataforge.schema import ConditionalSpec, ExpressionSpec, SegmentSpec, Spec
from dataforge.schema.arrow_types import arrow_type
from dataforge.schema.expressions import Expr, columns_of, parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from dataforge.streams import BitArray, FloatArray, IntArray


@dataclass(frozen=True)
class Computed:
    """A SQL expression over the row."""

    expr: Expr
    now: datetime
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Evaluate on Arrow arrays."""
        return evaluate(self.expr, cells.column, len(cells.rows), self.now)


@dataclass(frozen=True)
class Branch:
    """A condition and what makes the value where it is the first to hold."""

    condition: Expr
    generator: Generator


@dataclass(frozen=True)
class Conditional:
    """The first branch whose condition holds, else ``otherwise``; branches draw apart."""

    branches: tuple[Branch, ...]
    otherwise: Generator
    type: pa.DataType
    now: datetime
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Evaluate the conditions, then make each branch's rows only."""
        pending: IntArray = np.arange(len(cells.rows))
        parts: list[tuple[IntArray, pa.Array]] = []
        for number, branch in enumerate(self.branches):
            part = SomeCells(cells, pending, f"branch{number}")
            answer = evaluate(branch.condition, part.column, pending.size, self.now)
            holds = answer.fill_null(fill_value=False).to_numpy(zero_copy_only=False)
            parts.append(self._made(branch.generator, cells, pending[holds], number))
            pending = pending[~holds]
        parts.append(self._made(self.otherwise, cells, pending, len(self.branches)))
        return scatter(parts, len(cells.rows))

    def _made(
        self, generator: Generator, cells: Cells, places: IntArray, number: int
    ) -> tuple[IntArray, pa.Array]:
        made = generator.make(SomeCells(cells, places, f"branch{number}"))
        return places, cast_to(made, self.type)


@dataclass(frozen=True)
class Segmented:
    """A generator for each value of the column ``by``; ``segments`` are these values as text.

    The last generator is for all others, None for nulls.
    """

    by: str
    segments: pa.Array
    generators: tuple[Generator | None, ...]
    type: pa.DataType
    needs: tuple[str, ...]

    def make(self, cells: Cells) -> pa.Array:
        """Make each segment's rows only."""
        texts = cells.column(self.by).cast(pa.string())
        codes = pc.index_in(texts, self.segments).fill_null(len(self.segments)).to_numpy()
        parts: list[tuple[IntArray, pa.Array]] = []
        for code in np.flatnonzero(np.bincount(codes)).tolist() or [0]:
            places = np.flatnonzero(codes == code)
            parts.append((places, self._made(code, cells, places)))
        return scatter(parts, len(cells.rows))

    def _made(self, code: int, cells: Cells, places: IntArray) -> pa.Array:
        generator = self.generators[code]
        if generator is None:
            return pa.nulls(places.size, self.type)
        name = self.segments[code].as_py() if code < len(self.segments) else ""
        return cast_to(generator.make(SomeCells(cells, places, f"segment {name}")), self.type)


@dataclass(frozen=True, slots=True)
class SomeCells:
    """Some of the cells of a column, with draws of their own."""

    cells: Cells
    places: IntArray
    purpose: str

    @property
    def rows(self) -> IntArray:
        """Row numbers of these cells."""
        return self.cells.rows[self.places]

    def bits(self, purpose: str = "") -> BitArray:
        """Return bits of the whole column's stream at these places."""
        return self.cells.bits(f"{self.purpose}/{purpose}")[self.places]

    def uniform(self, purpose: str = "") -> FloatArray:
        """Return uniforms of the whole column's stream at these places."""
        return self.cells.uniform(f"{self.purpose}/{purpose}")[self.places]

    def shared_bits(self, group: str, purpose: str) -> BitArray:
        """Return the group's bits at these places."""
        return self.cells.shared_bits(group, purpose)[self.places]

    def column(self, name: str) -> pa.Array:
        """Return another column at these places."""
        return self.cells.column(name).take(pa.array(self.places))


def build(spec: ExpressionSpec, site: Site) -> Generator:
    """Build the generator of an expression."""
    expr = parse_expression(spec.expression)
    return Computed(expr, site.schema.now, columns_of(expr))


def build_conditional(
    spec: ConditionalSpec, site: Site, build_spec: Callable[[Spec, Site], Generator]
) -> Generator:
    """Build the generator of a conditional; ``build_spec`` builds those of its branches."""
    branches = tuple(
        Branch(parse_expression(when.condition), build_spec(when.then, site))
        for when in spec.branches
    )
    otherwise = build_spec(spec.otherwise, site)
    needs = [name for branch in branches for name in columns_of(branch.condition)]
    for generator in (*(branch.generator for branch in branches), otherwise):
        needs.extend(generator.needs)
    return Conditional(
        branches,
        otherwise,
        arrow_type(site.column.type),
        site.schema.now,
        tuple(dict.fromkeys(needs)),
    )


def build_segmented(
    spec: SegmentSpec, site: Site, build_spec: Callable[[Spec, Site], Generator]
) -> Generator:
    """Build the generator of a column by segments; ``build_spec`` builds those of its parts."""
    made = [build_spec(part, site) for part in spec.specs.values()]
    otherwise = None if spec.otherwise is None else build_spec(spec.otherwise, site)
    needs = [spec.by]
    for generator in (*made, *(() if otherwise is None else (otherwise,))):
        needs.extend(generator.needs)
    return Segmented(
        spec.by,
        pa.array(list(spec.specs)),
        (*made, otherwise),
        arrow_type(site.column.type),
        tuple(dict.fromkeys(needs)),
    )

"""Correlation groups: columns of a row whose values go together."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from dataforge.schema.types import Model


class PairCorrelation(Model):
    """The correlation of two columns."""

    columns: tuple[str, str]
    value: float = Field(ge=-1, le=1)


class Correlation(Model):
    """Columns whose draws are tied by a Gaussian copula; each keeps its own distribution.

    ``matrix`` has a row and a column for each of ``columns``, or ``pairs`` name those that are not
    0. The numbers are correlations of normal scores, or with ``measure`` of ranks (Spearman).
    Categories go by their order in their list, false comes before true.
    """

    columns: tuple[str, ...] = Field(min_length=2)
    matrix: tuple[tuple[float, ...], ...] | None = None
    pairs: tuple[PairCorrelation, ...] = ()
    measure: Literal["normal", "spearman"] = "normal"
    name: str | None = None

    def rows(self) -> list[list[float]]:
        """Return the matrix of the normal scores, as it is asked for; validated before.

        Ranks of correlation r have scores of correlation 2 sin(pi r / 6) (Pearson, 1907).
        """
        size = len(self.columns)
        stated = self.matrix or [[float(i == j) for j in range(size)] for i in range(size)]
        matrix = [list(row) for row in stated]
        for pair in self.pairs:
            one, two = (self.columns.index(name) for name in pair.columns)
            matrix[one][two] = matrix[two][one] = pair.value
        if self.measure == "spearman":
            matrix = [[2 * math.sin(math.pi * value / 6) for value in row] for row in matrix]
        return matrix

"""Correlation matrices: the nearest valid one, and its triangular factor.

What is asked of several pairs may contradict itself: no three columns can each be opposed to the
other two. Such a matrix has a negative eigenvalue and is replaced by the nearest one that has none
(N. J. Higham, "Computing the nearest correlation matrix", IMA J. Numer. Anal. 22, 2002: alternating
projections with Dykstra's correction).
"""

from __future__ import annotations

import numpy as np

from dataforge.errors import Problem
from dataforge.schema import Correlation, Schema
from dataforge.streams import FloatArray

_NEGATIVE = -1e-9
_CONVERGED = 1e-10
_ROUNDS = 1000
_DIGITS = 10  # the last bits of an eigenvector depend on the machine; rounded they do not
_SINGULAR = 1e-9


def valid_matrix(correlation: Correlation) -> FloatArray:
    """Return the matrix that a group asks for, or the nearest that is one of correlations."""
    asked = np.array(correlation.rows())
    if np.linalg.eigvalsh(asked)[0] >= _NEGATIVE:
        return asked
    return np.round(_nearest(asked), _DIGITS)


def factor(matrix: FloatArray) -> FloatArray:
    """Return the lower triangular L with L L^T = matrix (Cholesky), which may be singular."""
    size = len(matrix)
    lower = np.zeros((size, size))
    for j in range(size):
        rest = matrix[j:, j] - lower[j:, :j] @ lower[j, :j]
        if rest[0] > _SINGULAR:
            lower[j:, j] = rest / np.sqrt(rest[0])
    norms: FloatArray = np.sqrt((lower * lower).sum(axis=1, keepdims=True))
    return lower / norms


def repairs(schema: Schema) -> list[Problem]:
    """Return a notice for every matrix that had to be repaired, with how far it moved."""
    return [
        notice
        for table in schema.tables
        for number, correlation in enumerate(table.correlations)
        if (notice := _notice(correlation, f"tables.{table.name}.correlations.{number}"))
    ]


def _notice(correlation: Correlation, path: str) -> Problem | None:
    moved = np.abs(valid_matrix(correlation) - np.array(correlation.rows()))
    if not moved.any():
        return None
    one, two = np.unravel_index(moved.argmax(), moved.shape)
    names = correlation.columns[int(one)], correlation.columns[int(two)]
    found = (
        f"these correlations cannot hold together; the nearest that can were taken, at most "
        f"{moved.max():.3f} away ({names[0]} with {names[1]})"
    )
    return Problem(path, found, "bring them closer to each other to have them kept", "warning")


def _nearest(matrix: FloatArray) -> FloatArray:
    current, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(_ROUNDS):
        shifted = current - correction
        values, vectors = np.linalg.eigh(shifted)
        positive = (vectors * np.maximum(values, 0.0)) @ vectors.T
        correction = positive - shifted
        following = positive.copy()
        np.fill_diagonal(following, 1.0)
        done = np.abs(following - current).max() < _CONVERGED
        current = following
        if done:
            break
    return (current + current.T) / 2

"""The guided search agrees with the binary search it replaces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataforge.engine.search import Ladder

weights = st.lists(st.floats(0, 1e6), min_size=1, max_size=300).filter(lambda w: sum(w) > 0)


@given(weights, st.integers(0, 2**32))
def test_places_are_those_of_a_binary_search(weights: list[float], seed: int) -> None:
    cumulative = np.cumsum(weights)
    unit = np.random.default_rng(seed).random(500)
    expected = np.searchsorted(cumulative, unit * cumulative[-1], side="right")
    found = Ladder(cumulative).place(unit)
    assert (found == np.minimum(expected, len(weights) - 1)).all()


@pytest.mark.parametrize("zeros", [0, 1, 5000])
def test_entries_without_weight_are_never_drawn(zeros: int) -> None:
    cumulative = np.cumsum(np.concatenate((np.zeros(zeros), np.ones(3), np.zeros(zeros), [1.0])))
    found = Ladder(cumulative).place(np.linspace(0, 1, 1000, endpoint=False))
    assert set(found.tolist()) == {zeros, zeros + 1, zeros + 2, 2 * zeros + 3}

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine.decimals import decimal_array, unscaled
from dataforge.errors import RunError

VALUES = np.array([0, 1, -1, 12_345, -999_999_999_999_999_999, 10**18 - 1], dtype=np.int64)


def test_scaled_integers_become_decimals() -> None:
    array = decimal_array(VALUES, pa.decimal128(18, 2))
    array.validate(full=True)
    assert array.to_pylist() == [Decimal(int(value)).scaleb(-2) for value in VALUES]


@pytest.mark.parametrize("start", [0, 2])
def test_decimals_give_their_integers_back(start: int) -> None:
    array = decimal_array(VALUES, pa.decimal128(18, 4)).slice(start)
    assert unscaled(array).tolist() == VALUES[start:].tolist()


def test_nulls_count_as_zero() -> None:
    array = pa.array([Decimal("1.50"), None], pa.decimal128(38, 2))
    assert unscaled(array).tolist() == [150, 0]


def test_a_value_beyond_64_bits_is_named() -> None:
    with pytest.raises(RunError, match="100000000000000000000"):
        unscaled(pa.array([Decimal(10**20)], pa.decimal128(38, 0)))

from __future__ import annotations

import numpy as np
import pytest

from dataforge.engine.fixed_width import binaries, strings, write_digits, write_text


@pytest.mark.parametrize("width", range(1, 20))
def test_digits_have_leading_zeros(width: int) -> None:
    most = min(10**width, 2**63) - 1
    values = np.array([0, 7 % (most + 1), most // 3, most], dtype=np.int64)
    matrix = np.zeros((4, width), dtype=np.uint8)
    write_digits(matrix, values, width)
    assert strings(matrix).to_pylist() == [str(value).zfill(width) for value in values]


def test_columns_are_written_beside_each_other() -> None:
    matrix = np.zeros((2, 7), dtype=np.uint8)
    write_digits(matrix[:, :3], np.array([5, 123]), 3)
    write_text(matrix[:, 3:4], "-")
    write_digits(matrix[:, 4:], np.array([987, 0]), 3)
    assert strings(matrix).to_pylist() == ["005-987", "123-000"]


def test_lengths_cut_each_row() -> None:
    matrix = np.frombuffer(b"abcdef", dtype=np.uint8).reshape(2, 3)
    lengths = np.array([0, 2], dtype=np.int64)
    assert strings(matrix, lengths).to_pylist() == ["", "de"]
    assert binaries(matrix, lengths).to_pylist() == [b"", b"de"]


def test_no_rows_give_an_empty_array() -> None:
    array = strings(np.zeros((0, 4), dtype=np.uint8))
    array.validate(full=True)
    assert len(array) == 0

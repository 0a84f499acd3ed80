"""Postcodes as they are written down: ranges of beginnings, and shapes to complete them."""

from __future__ import annotations

import pytest

from dataforge.corpora.postcodes import completed, expand, rest


@pytest.mark.parametrize(
    ("text", "beginnings"),
    [
        ("101-103,120", ("101", "102", "103", "120")),
        ("01-03", ("01", "02", "03")),
        ("M1-3,EC1", ("M1", "M2", "M3", "EC1")),
        ("69001-69002", ("69001", "69002")),
        ("AB", ("AB",)),
    ],
)
def test_ranges_are_written_out(text: str, beginnings: tuple[str, ...]) -> None:
    assert expand(text) == beginnings


@pytest.mark.parametrize("text", ["1-", "x1", "1-2-3"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no range of postcodes"):
        expand(text)


@pytest.mark.parametrize(
    ("shape", "beginning", "ways", "first", "last"),
    [
        ("ddddd", "803", 100, "80300", "80399"),
        ("ddd dd", "111", 100, "111 00", "111 99"),
        ("dddd aa", "101", 2250, "1010 AA", "1019 ZZ"),
        ("~ daa", "M1", 2250, "M1 0AA", "M1 9ZZ"),
        ("ddd-dddd", "100", 10_000, "100-0000", "100-9999"),
        ("ddddd", "69001", 1, "69001", "69001"),
    ],
)
def test_shapes_are_completed_in_order(
    shape: str, beginning: str, ways: int, first: str, last: str
) -> None:
    assert rest(shape, beginning) == ways
    assert completed(shape, beginning, 0) == first
    assert completed(shape, beginning, ways - 1) == last

from __future__ import annotations

import re

import numpy as np
import pytest

from dataforge.engine.generators import binaries
from dataforge.errors import SchemaError
from dataforge.schema.specs import BytesSpec, PointSpec
from dataforge.schema.types import (
    BinaryType,
    ColumnType,
    DateType,
    GeometryType,
    StringType,
    TextType,
)
from fake_cells import cells, site

LENGTHS = [
    (BinaryType(), set(range(3, 7))),
    (BinaryType(max_length=4), {3, 4}),
    (BinaryType(max_length=2), {2}),
    (BinaryType(max_length=9, fixed=True), {9}),
    (TextType(), {6, 8, 10, 12}),
    (StringType(max_length=9), {6, 8}),
]


@pytest.mark.parametrize(("type_", "lengths"), LENGTHS)
def test_lengths_follow_spec_and_column(type_: ColumnType, lengths: set[int]) -> None:
    made = binaries.build(BytesSpec(minimum=3, maximum=6), site(type_)).make(cells(500))
    made.validate(full=True)
    assert {len(value) for value in made.to_pylist()} == lengths


def test_bytes_are_spread_evenly() -> None:
    made = binaries.build(BytesSpec(minimum=64, maximum=64), site(BinaryType())).make(cells(4000))
    counts = np.bincount(np.frombuffer(b"".join(made.to_pylist()), dtype=np.uint8), minlength=256)
    assert counts.min() > 0.85 * counts.mean()
    assert counts.max() < 1.15 * counts.mean()


def test_long_values_do_not_depend_on_the_batch() -> None:
    generator = binaries.build(BytesSpec(minimum=0, maximum=50_000), site(BinaryType()))
    assert generator.make(cells(700)).slice(400, 50).equals(generator.make(cells(450, 400)))


def test_no_bytes_at_all() -> None:
    made = binaries.build(BytesSpec(minimum=0, maximum=0), site(BinaryType())).make(cells(2))
    assert made.to_pylist() == [b"", b""]


@pytest.mark.parametrize(
    ("type_", "size"),
    [(BinaryType(max_length=1), 256), (StringType(max_length=5), 65_536), (BinaryType(), 1 << 62)],
)
def test_domains_count_the_longest_values(type_: ColumnType, size: int) -> None:
    domain = binaries.domain(BytesSpec(), site(type_))
    assert domain is not None
    assert domain.size == size
    ranks = np.arange(256, dtype=np.int64) * (size // 256)
    assert len(domain.decode(ranks).unique()) == 256


def test_a_column_that_holds_no_bytes_is_named() -> None:
    with pytest.raises(SchemaError, match=r"tables\.t\.columns\.c"):
        binaries.build(BytesSpec(), site(DateType()))


NUMBER = r"-?\d+\.\d{6}"
PLACE = f"{NUMBER} {NUMBER}"
SHAPES = [
    ("point", rf"POINT\({PLACE}\)"),
    ("linestring", rf"LINESTRING\({PLACE}(,{PLACE}){{3}}\)"),
    ("polygon", rf"POLYGON\(\(({PLACE})(,{PLACE}){{3}},\1\)\)"),
    (
        "multipolygon",
        rf"MULTIPOLYGON\(\(\(({PLACE})(,{PLACE}){{3}},\1\)\),\(\(({PLACE})(,{PLACE}){{3}},\3\)\)\)",
    ),
]


@pytest.mark.parametrize(("shape", "pattern"), SHAPES)
def test_shapes_are_well_known_text(shape: str, pattern: str) -> None:
    type_ = GeometryType.model_validate({"shape": shape})
    made = binaries.build_point(PointSpec(), site(type_)).make(cells(200)).to_pylist()
    assert [value for value in made if not re.fullmatch(pattern, value)] == []


def test_points_stay_in_their_box() -> None:
    box = PointSpec(west=5, east=6, south=-1, north=1)
    made = binaries.build_point(box, site(GeometryType())).make(cells(2000)).to_pylist()
    places = np.array([value[6:-1].split() for value in made], dtype=np.float64)
    assert (places.min(axis=0) >= [5, -1]).all()
    assert (places.max(axis=0) <= [6, 1]).all()
    assert np.ptp(places, axis=0) == pytest.approx([1, 2], abs=0.05)

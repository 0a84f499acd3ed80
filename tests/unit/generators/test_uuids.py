from __future__ import annotations

import uuid

import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine.generators import uuids
from dataforge.errors import SchemaError
from dataforge.schema.specs import UuidSpec
from dataforge.schema.types import (
    BinaryType,
    ColumnType,
    IntegerType,
    StringType,
    TextType,
    UuidType,
)
from fake_cells import cells, site


def _make(version: int, type_: ColumnType, start: int = 0, stop: int = 1000) -> pa.Array:
    spec = UuidSpec.model_validate({"version": version})
    return uuids.build(spec, site(type_)).make(cells(stop, start))


@pytest.mark.parametrize("version", [4, 7])
@pytest.mark.parametrize("type_", [UuidType(), TextType(), StringType(max_length=36)])
def test_values_are_canonical_uuids(version: int, type_: ColumnType) -> None:
    for text in _make(version, type_).to_pylist():
        parsed = uuid.UUID(text)
        assert str(parsed) == text
        assert parsed.version == version


@pytest.mark.parametrize("version", [4, 7])
def test_the_forms_of_one_row_are_the_same_uuid(version: int) -> None:
    dashed = _make(version, UuidType()).to_pylist()
    plain = _make(version, StringType(max_length=32)).to_pylist()
    octets = _make(version, BinaryType(max_length=16, fixed=True)).to_pylist()
    assert plain == [text.replace("-", "") for text in dashed]
    assert octets == [uuid.UUID(text).bytes for text in dashed]


@pytest.mark.parametrize("version", [4, 7])
def test_no_row_repeats_a_uuid(version: int) -> None:
    assert len(_make(version, UuidType(), stop=200_000).unique()) == 200_000


def test_distinctness_of_version_4_does_not_rest_on_chance() -> None:
    octets = _make(4, BinaryType(), stop=100_000).to_pylist()
    assert len({value[8:] for value in octets}) == 100_000


def test_version_7_ascends_with_the_row() -> None:
    texts = _make(7, UuidType(), start=10**9, stop=10**9 + 5000).to_pylist()
    assert texts == sorted(texts)


def test_version_7_begins_in_2020() -> None:
    (first,) = _make(7, BinaryType(), stop=1).to_pylist()
    assert int.from_bytes(first[:6], "big") // 1000 == 1_577_836_800


@pytest.mark.parametrize("version", [4, 7])
def test_domains_reach_their_ends(version: int) -> None:
    domain = uuids.domain(UuidSpec.model_validate({"version": version}), site(UuidType()))
    assert domain is not None
    ranks = np.array([0, 1, domain.size // 2, domain.size - 1])
    values = domain.decode(ranks).to_pylist()
    assert len(set(values)) == 4
    assert {uuid.UUID(value).version for value in values} == {version}


@pytest.mark.parametrize(
    "type_", [StringType(max_length=31), BinaryType(max_length=15), IntegerType()]
)
def test_a_column_too_small_is_named(type_: ColumnType) -> None:
    with pytest.raises(SchemaError, match=r"tables\.t\.columns\.c"):
        uuids.build(UuidSpec(), site(type_))

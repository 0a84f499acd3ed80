"""Whatever a schema holds, its YAML and JSON forms read back to the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dataforge.schema import (
    ArrayType,
    BinaryType,
    CategoricalSpec,
    Column,
    ConditionalSpec,
    DateType,
    DecimalType,
    EnumType,
    ExpressionSpec,
    FloatType,
    ForeignKey,
    GeometryType,
    IntegerType,
    LearnedLaw,
    Mixture,
    NumberSpec,
    RangeLaw,
    Rule,
    Schema,
    StringType,
    Table,
    TemplateSpec,
    TimestampType,
    UniqueKey,
    When,
    from_json,
    from_yaml,
    normalize,
    schema_hash,
    to_json,
    to_yaml,
    validate,
)
from dataforge.schema.distributions import Component, Normal, Zipf

TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "no",
        "1e3",
        "0x1F",
        "~",
        "null",
        "2026-01-01",
        "a: b",
        "- x",
        "#",
        "x\ny",
        " x",
        "12:30",
        "<<",
    ]
)
NAMES = st.text(min_size=1, max_size=8)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.none() | st.integers(-(2**70), 2**70) | FLOATS
TYPES: st.SearchStrategy[Any] = st.recursive(
    st.builds(IntegerType, bits=st.sampled_from([8, 16, 32, 64]), signed=st.booleans())
    | st.builds(DecimalType, precision=st.integers(1, 38), scale=st.integers(0, 5))
    | st.builds(FloatType, bits=st.sampled_from([32, 64]))
    | st.builds(StringType, max_length=st.none() | st.integers(1, 9), fixed=st.booleans())
    | st.builds(BinaryType, max_length=st.none() | st.integers(1, 9), fixed=st.booleans())
    | st.builds(TimestampType, zoned=st.booleans(), precision=st.integers(0, 6))
    | st.builds(
        EnumType,
        values=st.lists(TEXTS, min_size=1, max_size=4).map(tuple),
        name=st.none() | NAMES,
        multiple=st.booleans(),
    )
    | st.builds(
        GeometryType, shape=st.sampled_from(["point", "polygon"]), srid=st.none() | st.just(1)
    )
    | st.just(DateType()),
    lambda inner: st.builds(ArrayType, item=inner),
    max_leaves=3,
)
DISTRIBUTIONS = st.builds(Normal, mean=FLOATS, std=st.floats(0.1, 9)) | st.builds(
    Mixture,
    components=st.just(
        (Component(distribution=Zipf(size=3)), Component(weight=2, distribution=Normal()))
    ),
)
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | TEXTS
SPECS: st.SearchStrategy[Any] = st.recursive(
    st.builds(NumberSpec, minimum=NUMBERS, maximum=NUMBERS, distribution=DISTRIBUTIONS)
    | st.builds(CategoricalSpec, values=st.lists(SCALARS, min_size=1, max_size=5).map(tuple))
    | st.builds(ExpressionSpec, expression=TEXTS)
    | st.builds(TemplateSpec, template=TEXTS),
    lambda inner: st.builds(
        ConditionalSpec,
        branches=st.lists(st.builds(When, condition=TEXTS, then=inner), min_size=1, max_size=2).map(
            tuple
        ),
        otherwise=inner,
    ),
    max_leaves=3,
)
COLUMNS = st.builds(
    Column,
    name=NAMES,
    type=TYPES,
    nullable=st.booleans(),
    spec=st.none() | SPECS,
    null_share=st.none() | st.floats(0, 1),
    comment=st.none() | TEXTS,
)
KEYS = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
TABLES = st.builds(
    Table,
    name=NAMES,
    columns=st.lists(COLUMNS, min_size=1, max_size=3).map(tuple),
    rows=st.none() | st.integers(0, 9),
    primary_key=st.just(()) | KEYS,
    unique_keys=st.lists(st.builds(UniqueKey, columns=KEYS), max_size=2).map(tuple),
    foreign_keys=st.lists(
        st.builds(
            ForeignKey,
            columns=KEYS,
            parent=NAMES,
            parent_columns=KEYS,
            owning=st.booleans(),
            law=st.none() | st.just(RangeLaw(maximum=4)) | st.just(LearnedLaw(weights=(0.5, 0.5))),
        ),
        max_size=2,
    ).map(tuple),
    rules=st.lists(st.builds(Rule, expression=TEXTS), max_size=2).map(tuple),
)
SCHEMAS = st.builds(
    Schema,
    name=TEXTS,
    tables=st.lists(TABLES, max_size=3).map(tuple),
    seed=st.integers(0, 2**63 - 1),
    locale=st.sampled_from(["en_US", "de_DE"]),
)


@settings(max_examples=70, deadline=None)
@given(SCHEMAS)
def test_both_forms_read_back_to_the_same_schema(schema: Schema) -> None:
    assert from_yaml(to_yaml(schema)) == schema
    assert from_json(to_json(schema)) == schema
    assert schema_hash(from_yaml(to_yaml(schema))) == schema_hash(schema)


@settings(max_examples=50, deadline=None)
@given(SCHEMAS)
def test_any_schema_can_be_normalized_once_and_judged(schema: Schema) -> None:
    settled = normalize(schema)
    assert normalize(settled) == settled
    assert validate(settled) == validate(schema)

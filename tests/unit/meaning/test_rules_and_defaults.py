"""Meaning beyond names: bounds of rules, defaults of the source, prices that repeat."""

from __future__ import annotations

import pytest

from dataforge import from_ddl, preview
from dataforge.parsers.meaning import assign_meaning
from dataforge.parsers.meaning.wording import wording
from dataforge.schema import (
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    Column,
    ColumnType,
    DecimalType,
    EnumType,
    FloatType,
    ForeignKey,
    IntegerType,
    LookupSpec,
    NumberSpec,
    Rule,
    Schema,
    Spec,
    StringType,
    Table,
)

MONEY = DecimalType(precision=10, scale=2)
TOTAL = DecimalType(precision=12, scale=2)


def spec_of(column: Column, *rules: str, table: str = "things") -> Spec | None:
    """Return what a lone column of a table is given."""
    built = Table(
        name=table, columns=(column,), rules=tuple(Rule(expression=rule) for rule in rules)
    )
    return assign_meaning(Schema(tables=(built,))).tables[0].columns[0].spec


def top(spec: Spec | None) -> object:
    """Return the most frequent value of a list."""
    assert isinstance(spec, CategoricalSpec)
    assert spec.weights
    return spec.values[spec.weights.index(max(spec.weights))]


@pytest.mark.parametrize(
    ("name", "type_", "default"),
    [
        ("state_kind", EnumType(values=("new", "open", "done")), "'open'"),
        ("state_kind", EnumType(values=("new", "open", "done")), "'open'::kind"),
        ("status", StringType(max_length=20), "N'open'"),
        ("status", StringType(max_length=20), "('open')"),
        ("currency", StringType(max_length=4), "'open'"),
    ],
)
def test_a_default_is_the_most_frequent_value(name: str, type_: ColumnType, default: str) -> None:
    assert top(spec_of(Column(name=name, type=type_, default=default))) == "open"


@pytest.mark.parametrize(
    "default", [None, "''", "nextval('a_seq'::regclass)", "CURRENT_TIMESTAMP", "'unheard of'"]
)
def test_other_defaults_change_no_enum(default: str | None) -> None:
    kind = EnumType(values=("new", "open"))
    assert spec_of(Column(name="kind_of", type=kind, default=default)) is None


def test_a_listed_string_takes_its_default_from_the_list() -> None:
    column = Column(name="stage_of", type=StringType(), default="'b'")
    spec = spec_of(column, "stage_of IN ('a', 'b', 'c')")
    assert top(spec) == "b"
    assert set(spec.values) == {"a", "b", "c"}  # type: ignore[union-attr]


def test_words_follow_the_language_of_their_default() -> None:
    def words(default: str) -> set[object]:
        column = Column(name="severity", type=StringType(max_length=20), default=default)
        schema = Schema(tables=(Table(name="t", columns=(column,)),), locale="de_DE")
        spec = assign_meaning(schema).tables[0].columns[0].spec
        assert isinstance(spec, CategoricalSpec)
        return set(spec.values)

    assert words("'info'") == {"info", "warning", "error", "critical"}
    assert words("'Fehler'") == {"Info", "Warnung", "Fehler", "Kritisch"}


@pytest.mark.parametrize(
    ("name", "default", "more"),
    [("is_deleted", "true", True), ("is_active", "0", False), ("zzz", "false", False)],
)
def test_flags_mostly_keep_their_default(name: str, default: str, *, more: bool) -> None:
    spec = spec_of(Column(name=name, type=BooleanType(), default=default))
    assert isinstance(spec, BooleanSpec)
    assert (spec.true_share > 0.5) is more


@pytest.mark.parametrize(
    ("type_", "rules", "table", "most"),
    [
        (DecimalType(precision=4, scale=2), ("discount < 1",), "lines", 0.3),
        (DecimalType(precision=5, scale=2), (), "orders", 30),
        (DecimalType(precision=3, scale=3), (), "orders", 0.3),
        (DecimalType(precision=15, scale=2), (), "order_details", 0.1),
        (IntegerType(bits=16), (), "orders", 30),
    ],
)
def test_discounts_follow_rules_digits_and_table(
    type_: ColumnType, rules: tuple[str, ...], table: str, most: float
) -> None:
    spec = spec_of(Column(name="discount", type=type_), *rules, table=table)
    assert isinstance(spec, CategoricalSpec)
    assert max(spec.values) == most  # type: ignore[type-var]


def test_a_wide_discount_of_an_order_is_an_amount() -> None:
    spec = spec_of(Column(name="discount", type=MONEY), table="orders")
    assert isinstance(spec, NumberSpec)


@pytest.mark.parametrize(("name", "digits"), [("unit_cost", None), ("freight", 2), ("qty", 0)])
def test_money_has_cents_and_quantities_are_whole(name: str, digits: int | None) -> None:
    spec = spec_of(Column(name=name, type=DecimalType(precision=18, scale=4)))
    assert isinstance(spec, NumberSpec)
    assert spec.decimals == (2 if digits is None else digits)


def shop(
    *, line_rules: tuple[str, ...] = (), optional: bool = False, total: ColumnType = TOTAL
) -> dict[str, Spec | None]:
    """Return the specs of an order line beside its product."""
    product = Table(
        name="products",
        columns=(
            Column(name="id", type=IntegerType(), nullable=False),
            Column(name="price", type=MONEY, nullable=False),
        ),
        primary_key=("id",),
    )
    line = Table(
        name="order_lines",
        columns=(
            Column(name="product_id", type=IntegerType(), nullable=optional),
            Column(name="unit_price", type=MONEY, nullable=False),
            Column(name="quantity", type=IntegerType(), nullable=False),
            Column(name="line_total", type=total, nullable=False),
        ),
        foreign_keys=(
            ForeignKey(columns=("product_id",), parent="products", parent_columns=("id",)),
        ),
        rules=tuple(Rule(expression=rule) for rule in line_rules),
    )
    done = assign_meaning(Schema(tables=(product, line)))
    return {column.name: column.spec for column in done.table("order_lines").columns}


def test_a_line_shows_its_products_price_and_its_total() -> None:
    specs = shop()
    assert specs["unit_price"] == LookupSpec(foreign_key="product_id", column="price")
    assert wording(specs["line_total"]) == 'expression ROUND("unit_price" * "quantity", 2)'


def test_a_price_that_is_not_negative_is_still_its_products() -> None:
    assert isinstance(shop(line_rules=("unit_price >= 0",))["unit_price"], LookupSpec)


@pytest.mark.parametrize("rule", ["unit_price < 50", "unit_price > quantity"])
def test_a_price_with_a_rule_of_its_own_is_left_alone(rule: str) -> None:
    assert not isinstance(shop(line_rules=(rule,))["unit_price"], LookupSpec)


def test_a_price_that_must_be_there_is_not_looked_up_where_there_may_be_no_product() -> None:
    assert not isinstance(shop(optional=True)["unit_price"], LookupSpec)


def test_a_total_with_a_rule_of_its_own_is_left_to_the_rule() -> None:
    total = shop(line_rules=("line_total = unit_price * quantity * 2",))["line_total"]
    assert isinstance(total, NumberSpec)


@pytest.mark.parametrize("total", [FloatType(), DecimalType(precision=5, scale=2)])
def test_a_total_that_is_inexact_or_too_narrow_is_drawn(total: ColumnType) -> None:
    assert isinstance(shop(total=total)["line_total"], NumberSpec)


def test_a_total_is_the_sum_of_the_parts_that_its_row_shows() -> None:
    schema = from_ddl(
        "CREATE TABLE orders (id int PRIMARY KEY, subtotal numeric(10,2), tax_amount numeric(10,2),"
        " shipping_amount numeric(10,2), discount_amount numeric(8,2), total_amount numeric(12,2));"
    )
    for row in preview(schema, 200)["orders"].to_arrow().to_pylist():
        parts = [row[name] or 0 for name in ("subtotal", "tax_amount", "shipping_amount")]
        if row["subtotal"] is not None and row["total_amount"] is not None:
            assert row["total_amount"] == sum(parts) - (row["discount_amount"] or 0)


def test_the_lowest_price_is_below_the_price() -> None:
    schema = from_ddl(
        "CREATE TABLE products (id int PRIMARY KEY, list_price numeric(8,2),"
        " min_price numeric(8,2));"
    )
    rows = preview(schema, 200)["products"].to_arrow().to_pylist()
    priced = [row for row in rows if row["list_price"] and row["min_price"]]
    shares = {round(row["min_price"] / row["list_price"], 2) for row in priced}
    assert 0.69 <= min(shares) < max(shares) <= 0.91


def test_a_default_sets_the_case_of_the_other_values() -> None:
    schema = from_ddl("CREATE TABLE orders (id int PRIMARY KEY, status text DEFAULT 'Draft');")
    rows = preview(schema, 300)["orders"].to_arrow().to_pylist()
    found = {row["status"] for row in rows if row["status"]}
    assert "Draft" in found
    assert len(found) > 3
    assert all(value[0].isupper() for value in found)


def test_a_day_follows_the_moment_of_its_row() -> None:
    schema = from_ddl(
        "CREATE TABLE orders (id int PRIMARY KEY, created_at timestamp NOT NULL,"
        " order_date date NOT NULL);"
    )
    for row in preview(schema, 200)["orders"].to_arrow().to_pylist():
        assert row["order_date"] >= row["created_at"].date()

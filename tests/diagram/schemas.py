"""A small schema with every kind of relation that a drawing tells apart."""

from __future__ import annotations

from dataforge.schema import (
    Column,
    ColumnType,
    EnumType,
    ForeignKey,
    IntegerType,
    Schema,
    StringType,
    Table,
    UniqueKey,
)


def column(name: str, kind: ColumnType | None = None, *, nullable: bool = False) -> Column:
    return Column(name=name, type=kind or IntegerType(), nullable=nullable)


def key(columns: str, parent: str, parent_columns: str = "id", **more: bool) -> ForeignKey:
    return ForeignKey(
        columns=tuple(columns.split()),
        parent=parent,
        parent_columns=tuple(parent_columns.split()),
        owning=more.get("owning", False),
        inferred=more.get("inferred", False),
    )


def shop() -> Schema:
    text = StringType(max_length=60)
    status = EnumType(values=("open", "paid"), name="order_status")
    return Schema(
        name="shop",
        tables=(
            Table(
                name="customers",
                columns=(column("id"), column("email", text)),
                primary_key=("id",),
                unique_keys=(UniqueKey(columns=("email",)),),
            ),
            Table(
                name="categories",
                columns=(column("id"), column("parent_id", nullable=True)),
                primary_key=("id",),
                foreign_keys=(key("parent_id", "categories"),),
            ),
            Table(
                name="orders",
                columns=(column("id"), column("customer_id"), column("status", status)),
                primary_key=("id",),
                foreign_keys=(key("customer_id", "customers"),),
                rows=5000,
            ),
            Table(
                name="Order Lines",
                columns=(column("order_id"), column("line_no"), column("category")),
                primary_key=("order_id", "line_no"),
                foreign_keys=(
                    key("category", "categories", inferred=True),
                    key("order_id", "orders", owning=True),
                ),
            ),
            Table(
                name="invoices",
                columns=(column("order_id"),),
                primary_key=("order_id",),
                foreign_keys=(key("order_id", "orders"),),
            ),
            Table(name="log", columns=(column("what", text),)),
        ),
    )

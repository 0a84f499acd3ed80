"""Foreign keys that share columns: (tenant, user) and (tenant, product) name one tenant."""

from __future__ import annotations

from itertools import chain

import pyarrow as pa
import pytest

from dataforge.engine import compile_schema
from dataforge.engine.plan import Plan
from dataforge.errors import RuleConflictError
from dataforge.parsers.sql import parse_ddl

_OWNED = """
CREATE TABLE tenants (id int PRIMARY KEY);
CREATE TABLE users (
  tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, manager_id int,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, manager_id) REFERENCES users (tenant_id, id));
CREATE TABLE products (
  tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE TABLE orders (
  id bigint PRIMARY KEY, tenant_id int NOT NULL, user_id int NOT NULL, product_id int NOT NULL,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id));
"""
_NO_TENANTS = """
CREATE TABLE users (
  tenant_id int NOT NULL, id int NOT NULL, manager_id int, PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, manager_id) REFERENCES users (tenant_id, id));
CREATE TABLE products (tenant_id int NOT NULL, id int NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE TABLE orders (
  id bigint PRIMARY KEY, tenant_id int NOT NULL, user_id int NOT NULL, product_id int NOT NULL,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id));
"""
_UNIQUE_PAIRS = """
CREATE TABLE tenants (id uuid PRIMARY KEY);
CREATE TABLE users (
  id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, boss uuid,
  UNIQUE (tenant_id, id), FOREIGN KEY (tenant_id, boss) REFERENCES users (tenant_id, id));
CREATE TABLE products (
  id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, UNIQUE (tenant_id, id));
CREATE TABLE orders (
  id uuid PRIMARY KEY, tenant_id uuid NOT NULL REFERENCES tenants, user_id uuid NOT NULL,
  product_id uuid NOT NULL,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id));
"""
_JUNCTION = """
CREATE TABLE tenants (id int PRIMARY KEY);
CREATE TABLE users (
  tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE TABLE roles (
  tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, PRIMARY KEY (tenant_id, id));
CREATE TABLE user_roles (
  tenant_id int, user_id int, role_id int, PRIMARY KEY (tenant_id, user_id, role_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id));
CREATE TABLE lines (
  tenant_id int, user_id int, line_no int, role_id int NOT NULL,
  PRIMARY KEY (tenant_id, user_id, line_no),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, role_id) REFERENCES roles (tenant_id, id));
"""


def _plan(ddl: str, rows: int = 200) -> Plan:
    schema = parse_ddl(ddl, dialect="postgres").schema
    return compile_schema(schema.model_copy(update={"default_rows": rows}))


def _rows(plan: Plan, table: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    batches = list(plan.batches(table, columns=columns))
    names = range(len(columns))
    return list(
        chain.from_iterable(
            zip(*(batch.column(n).to_pylist() for n in names), strict=True) for batch in batches
        )
    )


@pytest.mark.parametrize("ddl", [_OWNED, _NO_TENANTS, _UNIQUE_PAIRS, _JUNCTION])
def test_every_key_points_to_a_row_and_only_nullable_ones_are_null(ddl: str) -> None:
    plan = _plan(ddl)
    for table in plan.schema.tables:
        assert plan.tables[table.name].row_count > 100
        for key in table.foreign_keys:
            parents = set(_rows(plan, key.parent, key.parent_columns))
            for row in _rows(plan, table.name, key.columns):
                lacking = [name for name, v in zip(key.columns, row, strict=True) if v is None]
                assert all(table.column(name).nullable for name in lacking)
                assert lacking or row in parents


@pytest.mark.parametrize("ddl", [_OWNED, _NO_TENANTS, _UNIQUE_PAIRS, _JUNCTION])
def test_keys_repeat_nothing(ddl: str) -> None:
    plan = _plan(ddl)
    for table in plan.schema.tables:
        for key in table.keys:
            rows = _rows(plan, table.name, key)
            assert len(set(rows)) == len(rows)


def test_managers_are_in_the_tenant_and_come_before_their_people() -> None:
    rows = _rows(_plan(_OWNED, rows=300), "users", ("tenant_id", "id", "manager_id"))
    place = {row[:2]: number for number, row in enumerate(rows)}
    managed = [(n, (t, m)) for n, (t, _, m) in enumerate(rows) if m is not None]
    assert managed
    assert all(place[boss] < number for number, boss in managed)


@pytest.mark.parametrize("ddl", [_OWNED, _NO_TENANTS, _JUNCTION])
def test_slices_equal_the_whole(ddl: str) -> None:
    plan = _plan(ddl)
    for name in plan.tables:
        whole = pa.Table.from_batches(_plain(plan.batches(name)))
        part = pa.Table.from_batches(_plain(plan.batches(name, 37, 61)))
        assert whole.slice(37, 24).equals(part)


def _plain(batches: object) -> list[pa.RecordBatch]:
    return [
        pa.RecordBatch.from_pydict({n: batch.column(n).to_pylist() for n in batch.schema.names})
        for batch in batches  # type: ignore[attr-defined]
    ]


def test_tables_without_a_common_tenant_are_refused_by_name() -> None:
    apart = _NO_TENANTS.replace(
        "CREATE TABLE products (tenant_id int NOT NULL,",
        "CREATE TABLE products (tenant_id int NOT NULL CHECK (tenant_id > 1000000),",
    )
    plan = _plan(apart, rows=20)
    with pytest.raises(RuleConflictError, match=r"orders.*(products|users)"):
        list(plan.batches("orders"))

"""Rules in the words of each dialect; what it cannot say exactly it does not declare."""

from __future__ import annotations

import pytest

from dataforge.schema import BooleanType, ColumnType, EnumType
from dataforge.schema.expressions import parse_expression
from dataforge.sinks.ddl.conditions import check_sql

_TYPES: dict[str, ColumnType] = {
    "flag": BooleanType(),
    "mood": EnumType(values=("a", "b"), name="mood"),
}


def _said(text: str, dialect: str) -> str | None:
    return check_sql(parse_expression(text), dialect, str, _TYPES)


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("d - INTERVAL (-18) YEAR < e", "postgres", "(d + INTERVAL '18 year') < e"),
        ("d > now() + INTERVAL (n) DAY", "postgres", "CURRENT_TIMESTAMP + n * INTERVAL '1 day'"),
        ("d + INTERVAL 3 DAY < e", "mysql", "(d + INTERVAL 3 DAY) < e"),
        ("d + INTERVAL 3 DAY < e", "tsql", "(DATEADD(day, 3, d)) < e"),
        ("d + INTERVAL 3 MONTH < e", "oracle", "(ADD_MONTHS(d, 1 * 3)) < e"),
        (r"REGEXP_MATCHES(s, '^\d+$', 'i')", "postgres", r"s ~* '^\d+$'"),
        (r"REGEXP_MATCHES(s, '^\d+$', 'i')", "mysql", r"s REGEXP '(?i)^\\d+$'"),
        (r"s LIKE 'a\_%' ESCAPE '\'", "mysql", "s LIKE 'a!_%' ESCAPE '!'"),
        ("s LIKE 'a[b%'", "tsql", "s LIKE N'a![b%' ESCAPE N'!'"),
        ("flag = 1", "postgres", "flag = TRUE"),
        ("flag", "tsql", "flag = 1"),
        ("mood IN ('a', 'c')", "postgres", "CAST(mood AS text) IN ('a', 'c')"),
        ("mood IS NULL", "postgres", "mood IS NULL"),
        ("a IS DISTINCT FROM b", "sqlite", "a IS NOT b"),
        ("a IS NOT DISTINCT FROM b", "mysql", "a <=> b"),
        ("(a = 1 OR b = 2) AND c = 3", "postgres", "(a = 1 OR b = 2) AND c = 3"),
        ("YEAR(d) > 1990", "postgres", "EXTRACT(YEAR FROM d) > 1990"),
        ("GREATEST(a, b) > 1", "sqlite", "MAX(a, b) > 1"),
        ("LENGTH(s) > 3", "tsql", "LEN(s) > 3"),
        ("a / b > 2", "postgres", "(CAST(a AS double precision) / b) > 2"),
    ],
)
def test_condition_is_said_in_the_dialect(text: str, dialect: str, expected: str) -> None:
    said = _said(text, dialect)
    assert said is not None
    assert expected in said


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("REGEXP_MATCHES(s, 'x')", "sqlite"),
        ("REGEXP_MATCHES(s, 'x')", "tsql"),
        ("d < now()", "mysql"),
        ("d < now()", "oracle"),
        ("d + INTERVAL 3 DAY < e", "sqlite"),
        ("(a = 1) = (b = 2)", "tsql"),
        ("DAYOFWEEK(d) = 1", "mysql"),
        ("CAST(s AS DATE) < d", "sqlite"),
    ],
)
def test_what_a_dialect_cannot_say_is_refused(text: str, dialect: str) -> None:
    assert _said(text, dialect) is None

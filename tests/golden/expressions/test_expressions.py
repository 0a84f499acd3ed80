"""Expressions as text: what is written, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataforge.errors import ParseError
from dataforge.schema.expressions import parse_expression, to_sql

HERE = Path(__file__).parent


def cases(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split(" | ") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("dialect", "written", "canonical"), cases("accepted.txt"))
def test_sql_of_any_dialect_becomes_canonical_text(
    dialect: str, written: str, canonical: str
) -> None:
    assert to_sql(parse_expression(written, dialect)) == canonical


@pytest.mark.parametrize("canonical", sorted({case[2] for case in cases("accepted.txt")}))
def test_canonical_text_reads_back_to_itself(canonical: str) -> None:
    assert to_sql(parse_expression(canonical)) == canonical


@pytest.mark.parametrize(("dialect", "written", "message"), cases("refused.txt"))
def test_what_the_language_lacks_is_named(dialect: str, written: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_expression(written, dialect)
    assert caught.value.message.startswith(message)

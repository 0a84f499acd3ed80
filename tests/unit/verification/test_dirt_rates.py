"""Rates of dirt are proven from both sides, whatever the kind and the order of kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import dataforge
from dataforge.schema.serialize import write_schema
from dataforge.verification import Certificate
from dirty_schemas import dirty_schema

ROWS = 9000
KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "outlier": ({"kind": "outlier"}, "price"),
    "outlier of floats": ({"kind": "outlier", "factor": -1}, "single"),
    "outlier of whole numbers": ({"kind": "outlier"}, "small"),
    "outlier far off": ({"kind": "outlier", "sigmas": 6}, "weight"),
    "unit": ({"kind": "unit", "flip": "kg_to_lb"}, "weight"),
    "unit of cents": ({"kind": "unit", "flip": "euros_to_cents"}, "vast"),
    "unit with an offset": ({"kind": "unit", "flip": "celsius_to_fahrenheit"}, "small"),
    "date": ({"kind": "date_swap"}, "born"),
    "moment": ({"kind": "date_swap"}, "heard_at"),
    "text of a date": ({"kind": "date_swap"}, "written"),
    "form of a date": ({"kind": "format"}, "written"),
    "form of a telephone number": ({"kind": "format", "forms": ["phone"]}, "phone"),
    "case": ({"kind": "case"}, "city"),
    "encoding": ({"kind": "encoding"}, "last_name"),
    "accents": ({"kind": "encoding", "forms": ["accents"]}, "last_name"),
    "question marks": ({"kind": "encoding", "forms": ["question_mark"]}, "last_name"),
}


def failed(certificate: Certificate) -> set[str]:
    return {check.constraint for check in certificate.failures if check.kind == "dirt"}


@pytest.mark.parametrize("name", KINDS)
def test_a_rate_that_was_not_kept_is_found_from_both_sides(name: str, tmp_path: Path) -> None:
    facts, column = KINDS[name]
    spec = {**facts, "columns": [column], "rate": 0.3}
    locale = "pl_PL" if column == "last_name" else "fr_FR"
    dataforge.generate(dirty_schema([spec], rows=ROWS, locale=locale), tmp_path, format="parquet")
    certificate = dataforge.verify(tmp_path)
    assert certificate.passed, certificate.summary()
    for told in (0.2, 0.4):
        schema = dirty_schema([{**spec, "rate": told}], rows=ROWS, locale=locale)
        write_schema(schema, tmp_path / "schema.yaml")
        wanted = f"{spec['kind']} in {told:.2%} of its cells"
        assert wanted in failed(dataforge.verify(tmp_path)), told


@pytest.mark.parametrize(
    "dirt",
    [
        [("missing", "city"), ("typo", "city"), ("case", "city")],
        [("late", "born"), ("date_swap", "born")],
        [("date_swap", "born"), ("late", "born"), ("missing", "born")],
        [("outlier", "small"), ("unit", "small"), ("missing", "small")],
        [("typo", "last_name"), ("encoding", "last_name"), ("whitespace", "last_name")],
        [("format", "written"), ("date_swap", "written"), ("case", "written")],
    ],
    ids=str,
)
def test_kinds_that_hinder_each_other_keep_their_rates(
    dirt: list[tuple[str, str]], tmp_path: Path
) -> None:
    facts: dict[str, Any] = {"unit": {"flip": "euros_to_cents"}}
    specs = [
        {"kind": kind, "columns": [column], "rate": 0.4, **facts.get(kind, {})}
        for kind, column in dirt
    ]
    schema = dirty_schema(specs, rows=40_000, locale="pl_PL")
    dataforge.generate(schema, tmp_path, format="parquet")
    certificate = dataforge.verify(tmp_path)
    assert certificate.passed, certificate.summary()

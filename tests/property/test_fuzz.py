"""Broken schema files and DDL get a clear answer: a short run of tools/fuzz.py under Hypothesis."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataforge.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
calm = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


FUZZ = _load("fuzz")
SCHEMAS, SCRIPTS = FUZZ.seeds(ROOT.parent / "shared" / "corpus")


@calm
@given(st.randoms(use_true_random=False))
def test_a_mutated_schema_file_is_read_or_refused(draw: random.Random) -> None:
    text = FUZZ.mutated_schema(draw.choice(SCHEMAS), SCHEMAS, draw)
    assert FUZZ.finding(FUZZ.read_schema_text, text) is None


@calm
@given(st.randoms(use_true_random=False))
def test_mutated_ddl_is_read_or_refused(draw: random.Random) -> None:
    text = FUZZ.mutated(draw.choice(SCRIPTS), SCRIPTS, draw)
    assert FUZZ.finding(FUZZ.read_script, text) is None


@calm
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert FUZZ.finding(FUZZ.read_schema_text, text) is None
    assert FUZZ.finding(FUZZ.read_script, text) is None


@pytest.mark.parametrize(("error", "is_finding"), [(KeyError("x"), True), (UsageError("x"), False)])
def test_an_unclear_answer_is_a_finding(error: Exception, *, is_finding: bool) -> None:
    def reader(_text: str) -> None:
        raise error

    assert (FUZZ.finding(reader, "") is not None) == is_finding

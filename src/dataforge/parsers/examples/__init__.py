"""Example documents (JSON, JSON Lines, CSV) to a schema, by way of the JSON Schema they keep to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dataforge.parsers.examples.inference import infer

if TYPE_CHECKING:
    from dataforge.parsers.examples.reading import ParsedExamples

__all__ = ["infer", "parse_examples"]


def parse_examples(paths: Sequence[Path]) -> ParsedExamples:
    """Read files of examples; see ``dataforge.parsers.examples.reading.parse_examples``."""
    from dataforge.parsers.examples import reading  # noqa: PLC0415  - keeps DuckDB out of start-up

    return reading.parse_examples(paths)

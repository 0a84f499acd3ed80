"""Example documents (JSON, JSON Lines, CSV) to a schema, by way of the JSON Schema they keep to."""

from dataforge.parsers.examples.inference import infer
from dataforge.parsers.examples.reading import ParsedExamples, parse_examples

__all__ = ["ParsedExamples", "infer", "parse_examples"]

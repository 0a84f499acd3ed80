"""Specs in one short line each, for tests and for showing what a name was taken to mean."""

from __future__ import annotations

from dataforge.schema import (
    BooleanSpec,
    CategoricalSpec,
    ConditionalSpec,
    DatetimeSpec,
    ExpressionSpec,
    LookupSpec,
    NumberSpec,
    OffsetSpec,
    PatternSpec,
    RecordSpec,
    ShareSpec,
    Spec,
    TextSpec,
    VocabularySpec,
    When,
)


def wording(spec: Spec | None) -> str:  # noqa: C901, PLR0912 - a flat table of kinds
    """Return a line such as ``record person.email`` or ``number 1..500 log_normal``."""
    match spec:
        case None:
            return "-"
        case RecordSpec():
            group = f" [{spec.group}]" if spec.group else ""
            return f"record {spec.record}.{spec.field}{group}{_labels(spec)}"
        case VocabularySpec():
            return f"vocabulary {spec.vocabulary}"
        case CategoricalSpec():
            return f"choice {'|'.join(str(value) for value in spec.values)}"
        case NumberSpec():
            law = "" if spec.distribution.kind == "uniform" else f" {spec.distribution.kind}"
            return f"number {spec.minimum:g}..{spec.maximum:g}{law}"
        case BooleanSpec():
            return f"boolean {spec.true_share:g}"
        case DatetimeSpec():
            return f"datetime {spec.start:%Y-%m-%d}..{spec.end:%Y-%m-%d}"
        case PatternSpec():
            return f"pattern {spec.pattern}"
        case TextSpec():
            return f"text {spec.unit} {spec.minimum}..{spec.maximum}"
        case OffsetSpec():
            more = f" after {', '.join(spec.after)}" if spec.after else ""
            return f"offset {spec.column} {spec.minimum:g}..{spec.maximum:g}{more}"
        case ShareSpec():
            above = f" above {spec.above}" if spec.above else ""
            return f"share {spec.minimum:g}..{spec.maximum:g} of {spec.column}{above}"
        case ExpressionSpec():
            return f"expression {spec.expression}"
        case ConditionalSpec(branches=(When() as only,)):
            return f"{wording(only.then)} if {only.condition}"
        case LookupSpec():
            return f"lookup {spec.foreign_key} {spec.column}"
        case _:
            return spec.kind


def _labels(spec: RecordSpec) -> str:
    words = (str(label) for labels in (spec.labels or {}).values() for label in labels)
    return f" as {'|'.join(words)}" if spec.labels else ""

"""The labels that tell what happened to a series or a sensor."""

from __future__ import annotations

from dataforge.schema.specs import SensorSpec, SeriesSpec


def series_labels(spec: SeriesSpec | SensorSpec) -> tuple[str, ...]:
    """Return the labels that rows of a series or sensor can have, the ordinary one first."""
    if isinstance(spec, SeriesSpec):
        return tuple(dict.fromkeys(("normal", *(each.kind for each in spec.anomalies))))
    bounded = spec.minimum is not None or spec.maximum is not None
    ends = ("saturated",) if bounded else ()
    return tuple(dict.fromkeys(("ok", *ends, *(each.kind for each in spec.failures))))


def absent_labels(spec: SeriesSpec | SensorSpec) -> tuple[str, ...]:
    """Return the labels of rows whose value is null."""
    return tuple(label for label in series_labels(spec) if label in {"gap", "dropout"})

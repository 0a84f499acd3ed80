"""Tracks: their columns speak of one thing, which does not leave its part of the world."""

from __future__ import annotations

from collections.abc import Iterator

from dataforge.errors import Problem
from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.references import nested
from dataforge.schema.specs import TrackSpec
from dataforge.schema.types import TimestampType

READINGS = 240
FARTHEST_KM = 2000
_PATH = "tables.{}.columns.{}.spec"


def check_tracks(schema: Schema) -> Iterator[Problem]:
    """Tracks of a group must agree, fit their columns and be short enough to be drawn flat."""
    for table in schema.tables:
        first: dict[str, tuple[str, TrackSpec]] = {}
        for column, spec in _tracks(table):
            path = _PATH.format(table.name, column.name)
            yield from _check(spec, column, path)
            name, other = first.setdefault(spec.group, (column.name, spec))
            yield from _agree(spec, other, name, path)


def _tracks(table: Table) -> Iterator[tuple[Column, TrackSpec]]:
    for column in table.columns:
        for spec in nested(column.spec) if column.spec else ():
            if isinstance(spec, TrackSpec):
                yield column, spec


def _check(spec: TrackSpec, column: Column, path: str) -> Iterator[Problem]:
    if (spec.field == "timestamp") != isinstance(column.type, TimestampType):
        wanted = "a timestamp" if spec.field == "timestamp" else "a number"
        message = f"{spec.field!r} of a track is {wanted}, the column is a {column.type.kind}"
        yield Problem(f"{path}.field", message, "choose another field or type")
    if (spec.latitude is None) != (spec.longitude is None):
        given, missing = (
            ("latitude", "longitude") if spec.longitude is None else ("longitude", "latitude")
        )
        yield Problem(path, f"{given} without {missing} is no place", f"add {missing}")
    if spec.start and spec.end and spec.start.replace(tzinfo=None) > spec.end.replace(tzinfo=None):
        yield Problem(path, f"start {spec.start} is above end {spec.end}", "swap the two")
    round_km = spec.speed_kmh * spec.interval_s * READINGS / 3600
    if round_km > FARTHEST_KM:
        most = FARTHEST_KM * 3600 / READINGS / spec.speed_kmh
        yield Problem(
            f"{path}.interval_s",
            f"a round of {READINGS} readings would be {round_km:.0f} km long, "
            f"more than {FARTHEST_KM}",
            f"lower it to {most:g} at most, or lower speed_kmh",
        )


def _agree(spec: TrackSpec, other: TrackSpec, name: str, path: str) -> Iterator[Problem]:
    for field in TrackSpec.model_fields:
        if field != "field" and getattr(spec, field) != getattr(other, field):
            yield Problem(
                f"{path}.{field}",
                f"{getattr(spec, field)!r}, but {name!r} of the same group has "
                f"{getattr(other, field)!r}",
                "say the same in both, or name another group",
            )

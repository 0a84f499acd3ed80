"""Things that move: on the Earth, no faster than they can, each column saying what the others do.

Readings follow each other by row number, in a database by their moment. Ways are taken on the
plane that touches the Earth at a thing's first reading, where the schema says that they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dataforge.schema import (
    Column,
    DecimalType,
    FloatType,
    IntegerType,
    TimestampType,
    TrackSpec,
)
from dataforge.verification.certificate import Check
from dataforge.verification.moments import is_ruled
from dataforge.verification.scope import Place, Question, Scope, ask
from dataforge.verification.sql_text import all_of, any_of

_KM_PER_DEGREE = 111.32
_SECONDS = 3600.0
# A thing is at most 15 % faster than its kind, and between two places 25 % faster than on average.
_FASTEST = 1.15 * 1.25
_FARTHEST = {"latitude": 90, "longitude": 180}
# Engines write six digits of a degree and three of a kilometre; floats of 32 bits keep fewer.
_FINEST = {"latitude": 1e-6, "longitude": 1e-6, "distance": 1e-3, "speed": 0.1, "heading": 0.1}
_SINGLE = 2e-5


@dataclass(frozen=True, slots=True)
class _Track:
    """The columns of one thing's readings, by field, and what they promise."""

    place: Place
    spec: TrackSpec
    columns: Mapping[str, Column]

    def has(self, *fields: str) -> bool:
        return all(field in self.columns for field in fields)

    def step(self, field: str) -> float:
        """Return the smallest difference that the column of a field can show."""
        match self.columns[field].type:
            case DecimalType(scale=scale):
                return max(10.0**-scale, _FINEST[field])
            case IntegerType():
                return 1.0
            case FloatType(bits=32):
                return max(_SINGLE, _FINEST[field])
            case _:
                return _FINEST[field]

    @property
    def slack_km(self) -> float:
        """How far rounding the coordinates of two readings moves them against each other."""
        return 1.5 * _KM_PER_DEGREE * max(self.step("latitude"), self.step("longitude"))


def track_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Check the readings of each group of track columns of an owned table."""
    for track in _tracks(place):
        for field in _FARTHEST:
            if track.has(field):
                yield ask(scope.session, _on_earth(track, field))
        order = _order(track)
        if order is None:
            continue
        for question in _steps(track, order):
            yield ask(scope.session, question)


def _tracks(place: Place) -> Iterator[_Track]:
    owner = place.table.owner
    if owner is None or not place.has(owner.columns):
        return
    groups: dict[str, dict[str, Column]] = {}
    specs: dict[str, TrackSpec] = {}
    for column in place.table.columns:
        spec = column.spec
        if isinstance(spec, TrackSpec) and _is_measured(place, column):
            groups.setdefault(spec.group, {}).setdefault(spec.field, column)
            specs.setdefault(spec.group, spec)
    for group, columns in groups.items():
        yield _Track(place, specs[group], columns)


def _is_measured(place: Place, column: Column) -> bool:
    numbers = (DecimalType, FloatType, IntegerType, TimestampType)
    known = place.has((column.name,)) and isinstance(column.type, numbers)
    return known and not is_ruled(place.table, column)


def _order(track: _Track) -> str | None:
    """Return SQL for what readings follow each other by; None where nothing tells."""
    if track.place.numbered:
        return f"s.{track.place.identity[0]}"
    moment = track.columns.get("timestamp")
    if moment is None or not isinstance(moment.type, TimestampType):
        return None
    apart = track.spec.interval_s >= 10.0**-moment.type.precision
    return track.place.of("s", (moment.name,))[0] if apart else None


def _on_earth(track: _Track, field: str) -> Question:
    place, name, most = track.place, track.columns[field].name, _FARTHEST[field]
    cell = place.of("t", (name,))[0]
    broken = f"{place.relation} t WHERE {cell} NOT BETWEEN -{most} AND {most}"
    return Question("track", place, (name,), f"within {most} degrees", broken, (cell,))


def _steps(track: _Track, order: str) -> Iterator[Question]:
    """Ask for readings that do not follow from those before them."""
    spec = track.spec
    reach = _FASTEST * spec.speed_kmh * spec.interval_s / _SECONDS
    if track.has("timestamp"):
        yield _question(track, order, "timestamp", f"{spec.interval_s:g} s apart", _late(track))
    if track.has("distance"):
        most = reach + track.step("distance")
        on = "c_distance - l_distance"
        bad = any_of([f"{on} < 0 OR {on} > {most!r}", "n = 1 AND c_distance <> 0"])
        yield _question(track, order, "distance", f"at most {reach:.3g} km on", bad)
    if not track.has("latitude", "longitude"):
        return
    slack, km = track.slack_km, "sqrt(north * north + east * east)"
    text = f"at most {reach:.3g} km from the reading before"
    yield _question(track, order, "latitude", text, f"{km} > {reach + slack!r}")
    if track.has("distance"):
        bad = f"c_distance - l_distance < {km} - {slack + track.step('distance')!r}"
        yield _question(track, order, "distance", "no shorter than the way straight", bad)
    if track.has("speed"):
        per_hour = _SECONDS / spec.interval_s
        most = slack * per_hour + track.step("speed")
        bad = f"abs({km} * {per_hour!r} - c_speed) > {most!r}"
        yield _question(track, order, "speed", "km/h since the reading before", bad)
    if track.has("heading"):
        turned = f"{slack!r} + {km} * radians({track.step('heading')!r})"
        sides = (("east", "sin"), ("north", "cos"))
        bad = any_of(
            f"abs({side} - {km} * {wave}(radians(c_heading))) > {turned}" for side, wave in sides
        )
        yield _question(track, order, "heading", "degrees since the reading before", bad)


def _late(track: _Track) -> str:
    """Return SQL that is true of moments that are not one interval after the one before."""
    kind = track.columns["timestamp"].type
    unit = 10 ** (6 - kind.precision) if isinstance(kind, TimestampType) else 1
    apart = round(track.spec.interval_s * 1e6)
    least, most = (f"l_timestamp + INTERVAL '{apart + d}' MICROSECOND" for d in (-unit, unit))
    return any_of([f"c_timestamp < {least}", f"c_timestamp > {most}"])


def _question(track: _Track, order: str, field: str, text: str, bad: str) -> Question:
    names = (track.columns[field].name, "before")
    shown = (f"t.c_{field}", f"t.l_{field}")
    broken = f"({_readings(track, order)}) t WHERE {bad}"
    return Question("track", track.place, names, text, broken, shown)


def _readings(track: _Track, order: str) -> str:
    """Return a query for each reading ``c_…``, the one before ``l_…``, and the way between."""
    place, owner = track.place, track.place.table.owner
    assert owner is not None  # noqa: S101 - only asked for owned tables
    keys = place.of("s", owner.columns)
    family = f"OVER (PARTITION BY {', '.join(keys)} ORDER BY {order})"
    picked = [f"s.{part} AS {part}" for part in place.identity]
    picked.append(f"row_number() {family} AS n")
    for field, column in track.columns.items():
        cell = place.of("s", (column.name,))[0]
        number = cell if field == "timestamp" else f"CAST({cell} AS DOUBLE)"
        picked += [f"{number} AS c_{field}", f"lag({number}) {family} AS l_{field}"]
        if field == "latitude":
            picked.append(f"first_value({number}) {family} AS base")
    held = all_of(f"{key} IS NOT NULL" for key in keys)
    inner = f"SELECT {', '.join(picked)} FROM {place.relation} s WHERE {held}"
    return f"SELECT r.*{_way(track)} FROM ({inner}) r"


def _way(track: _Track) -> str:
    """Return the columns for the km north and east since the reading before."""
    if not track.has("latitude", "longitude"):
        return ""
    east = "(r.c_longitude - r.l_longitude)"
    whole = f"CASE WHEN {east} > 180 THEN -360 WHEN {east} < -180 THEN 360 ELSE 0 END"
    north = f"(r.c_latitude - r.l_latitude) * {_KM_PER_DEGREE}"
    scale = f"{_KM_PER_DEGREE} * cos(radians(r.base))"
    return f", {north} AS north, ({east} + {whole}) * {scale} AS east"

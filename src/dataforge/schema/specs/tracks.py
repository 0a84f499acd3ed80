"""Specs of things that move."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from dataforge.schema.types import Model


class TrackSpec(Model):
    """A measure of a thing on its way: a vehicle's positions, a walker's, a ship's.

    The rows of one owning parent are the readings of one thing, ``interval_s`` seconds apart, the
    first at a moment in [``start``, ``end``). It makes rounds of 240 readings from its base and
    back, at ``speed_kmh`` on average. The base is near ``latitude`` and ``longitude`` (degrees),
    else near a town of the locale. ``speed`` (km/h) and ``heading`` (degrees from north) are those
    since the reading before, ``distance`` is the way since the first in km. Columns of one
    ``group`` tell of the same thing and say the same but for ``field``.
    """

    kind: Literal["track"] = "track"
    field: Literal["latitude", "longitude", "timestamp", "speed", "heading", "distance"]
    group: str = ""
    interval_s: float = Field(default=10.0, gt=0, le=86_400)
    speed_kmh: float = Field(default=40.0, gt=0, le=1200)
    latitude: float | None = Field(default=None, ge=-80, le=80)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    start: datetime | None = None
    end: datetime | None = None

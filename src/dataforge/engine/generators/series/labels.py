"""What happened to a series or sensor in each row, told by the same draws that made it happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.engine.generators.categories import gather
from dataforge.engine.generators.series.draws import Draws, Steps, draws_of, steps_of
from dataforge.engine.generators.series.events import events_of, happenings
from dataforge.engine.generators.series.sensors import sensor_of
from dataforge.schema import BooleanType, SensorSpec, SeriesLabelSpec, SeriesSpec, series_labels
from dataforge.schema.specs.series import Per

Codes = Callable[[Draws, Steps], npt.NDArray[np.int8]]


@dataclass(frozen=True)
class Label:
    """Labels of ``column``; ``codes`` are places in ``labels``, None for a boolean column."""

    column: str
    codes: Codes
    labels: pa.Array | None
    per: Per | None
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Return one label a row."""
        draws = draws_of(cells, self.column)
        codes = self.codes(draws, steps_of(draws.frame, cells.rows, self.per))
        if self.labels is None:
            return pa.array(codes > 0)
        return gather(self.labels, codes.astype(np.int64))


def build(spec: SeriesLabelSpec, site: Site) -> Generator:
    """Build the generator of the labels of another column, which is a series or a sensor."""
    told = site.table.column(spec.column).spec
    assert isinstance(told, SeriesSpec | SensorSpec)  # noqa: S101 - validated with the schema
    names = pa.array(series_labels(told))
    labels = None if isinstance(site.column.type, BooleanType) else names
    codes = _anomalies(told) if isinstance(told, SeriesSpec) else _status(told)
    return Label(spec.column, codes, labels, told.per)


def _anomalies(spec: SeriesSpec) -> Codes:
    events = events_of(spec.anomalies)
    places = _places(spec, [event.kind for event in events])
    return lambda draws, steps: places[happenings(events, draws, steps).code]


def _status(spec: SensorSpec) -> Codes:
    sensor = sensor_of(spec)
    names = series_labels(spec)
    places = _places(spec, [event.kind for event in sensor.events])
    bounded = "saturated" in names

    def codes(draws: Draws, steps: Steps) -> npt.NDArray[np.int8]:
        if not bounded:
            return places[happenings(sensor.events, draws, steps).code]
        values, found = sensor.read(draws, steps)
        status = places[found.code]
        status[(found.code == 0) & sensor.saturated(values)] = names.index("saturated")
        return status

    return codes


def _places(spec: SeriesSpec | SensorSpec, kinds: list[str]) -> npt.NDArray[np.int8]:
    """Return the place among the labels of each event number, that of no event first."""
    names = series_labels(spec)
    return np.array([0, *(names.index(kind) for kind in kinds)], dtype=np.int8)

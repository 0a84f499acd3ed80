"""Spec kind → generator family: the one place where a kind of value is plugged in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.generators import (
    binaries,
    categories,
    expressions,
    fakers,
    numbers,
    offsets,
    patterns,
    records,
    sequences,
    shares,
    structures,
    templates,
    temporal,
    text,
    uuids,
    vocabulary,
)
from dataforge.engine.generators.series import candles, labels, sensors, signals, timesteps
from dataforge.engine.localized import by_locale, in_main_locale
from dataforge.registry import Registry
from dataforge.schema import JsonType, Spec

Build = Callable[[Any, Site], Generator]
MakeDomain = Callable[[Any, Site], Domain | None]


@dataclass(frozen=True, slots=True)
class Family:
    """How the specs of one kind become generators and, where values are countable, domains."""

    build: Build
    domain: MakeDomain | None = None


def build_spec(spec: Spec, site: Site) -> Generator:
    """Build the generator that a spec asks for at a site."""
    return FAMILIES[spec.kind].build(spec, site)


def domain_of(spec: Spec, site: Site) -> Domain | None:
    """Return the values that a spec can give as a domain, or None if they cannot be counted."""
    make = FAMILIES[spec.kind].domain if spec.kind in FAMILIES else None
    return None if make is None else make(spec, site)


@dataclass(frozen=True)
class Quoted:
    """Another generator's text as JSON strings."""

    inner: Generator

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns that the text needs."""
        return self.inner.needs

    def make(self, cells: Cells) -> pa.Array:
        """Make the text and quote it."""
        return structures.json_values(self.inner.make(cells))


def _in_json(build: Build) -> Build:
    """Let a family of text fill JSON columns with JSON strings."""

    def built(spec: Any, site: Site) -> Generator:
        inner = build(spec, site)
        return Quoted(inner) if isinstance(site.column.type, JsonType) else inner

    return built


def _conditional(spec: Any, site: Site) -> Generator:
    return expressions.build_conditional(spec, site, build_spec)


def _segmented(spec: Any, site: Site) -> Generator:
    return expressions.build_segmented(spec, site, build_spec)


def _faker(spec: Any, site: Site) -> Generator:
    # Its own locale is one of Faker's, which are more than this package has.
    return fakers.build(spec, site) if spec.locale else by_locale(fakers.build)(spec, site)


def _list(spec: Any, site: Site) -> Generator:
    return structures.build(spec, site, build_spec)


def _choice(spec: Any, site: Site) -> Generator:
    return structures.build_choice(spec, site, build_spec)


def _object(spec: Any, site: Site) -> Generator:
    return structures.build_object(spec, site, build_spec)


# Relations (lookup, aggregate, ordinal, running total, unions) need the whole plan and are built
# by ``compile``; everything that needs its own row only is here.
FAMILIES: Registry[Family] = Registry(
    "spec",
    {
        "sequence": Family(sequences.build),
        "constant": Family(sequences.build_constant),
        "uuid": Family(uuids.build, uuids.domain),
        "number": Family(numbers.build, numbers.domain),
        "boolean": Family(numbers.build_boolean),
        "categorical": Family(categories.build, categories.domain),
        "datetime": Family(temporal.build, temporal.domain),
        "pattern": Family(patterns.build, patterns.domain),
        "template": Family(templates.build),
        "text": Family(by_locale(_in_json(text.build)), in_main_locale(text.domain)),
        "vocabulary": Family(by_locale(vocabulary.build), in_main_locale(vocabulary.domain)),
        "record": Family(by_locale(records.build), in_main_locale(records.domain)),
        "faker": Family(_faker, fakers.domain),
        "expression": Family(expressions.build),
        "conditional": Family(_conditional),
        "segment": Family(_segmented),
        "offset": Family(offsets.build),
        "share": Family(shares.build),
        "timestep": Family(timesteps.build),
        "series": Family(signals.build),
        "sensor": Family(sensors.build),
        "series_label": Family(labels.build),
        "candle": Family(candles.build),
        "candle_field": Family(candles.build_field),
        "bytes": Family(binaries.build, binaries.domain),
        "point": Family(_in_json(binaries.build_point)),
        "list": Family(_list),
        "object": Family(_object),
        "choice": Family(_choice),
    },
)

"""The one module that calls Faker."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

from dataforge.errors import UsageError

# What a provider raises when arguments do not suit it.
_REFUSALS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
# Methods of Faker that make no values.
_NOT_VALUES = frozenset({"add_provider", "enum", "format", "get_formatter", "parse", "seed"})
# Later defaults were taken from the clock when Faker was loaded, not written down.
_LATEST_WRITTEN = 2020
# Faker's clock is a global of its modules, and its generators are shared by their columns.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked of Faker: ``size`` values of a provider, seeded with ``key``.

    ``arguments`` is a JSON object; ``now`` (ISO 8601) is the day that it is for Faker.
    """

    locale: str
    provider: str
    arguments: str
    size: int
    key: int
    now: str = "2026-01-01T00:00:00"


def known(locale: str | None = None) -> frozenset[str]:
    """Return the locales, or the providers of one; ``UsageError`` where Faker is missing."""
    return _locales() if locale is None else _providers(locale)


def made(source: Source) -> list[Any]:
    """Return the values, the same in any process."""
    library = _library(source.locale)
    with _ONE_AT_A_TIME, _alone(source):
        library.seed_instance(source.key)
        call = getattr(library, source.provider)
        arguments = _as_of(call, source.now) | json.loads(source.arguments)
        return [_whole(call(**arguments)) for _ in range(source.size)]


def _as_of(call: Any, now: str) -> dict[str, date]:
    """Return the defaults that hold the day on which Faker was loaded, with the fixed day."""
    moment = datetime.fromisoformat(now)
    loaded = (
        (name, each.default)
        for name, each in inspect.signature(call).parameters.items()
        if isinstance(each.default, date)
    )
    return {
        name: moment if isinstance(default, datetime) else moment.date()
        for name, default in loaded
        if default.year > _LATEST_WRITTEN
    }


def _whole(value: Any) -> Any:
    """Run a lazy series to its end, while clock and seed are still its own."""
    return list(value) if isinstance(value, Iterator) else value


def refusal(source: Source) -> str | None:
    """Return why the provider does not take the arguments; None where it does."""
    try:
        made(source)
    except _REFUSALS as error:
        return str(error)
    return None


@cache
def _locales() -> frozenset[str]:
    try:
        from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415 - optional
    except ModuleNotFoundError as error:
        msg = f"it needs the package {error.name} → pip install 'dataforge-studio[faker]'"
        raise UsageError(msg) from None
    return frozenset(AVAILABLE_LOCALES)


@cache
def _library(locale: str) -> Any:
    from faker import Faker  # noqa: PLC0415 - optional

    return Faker(locale)


@cache
def _providers(locale: str) -> frozenset[str]:
    names = {name for provider in _library(locale).get_providers() for name in dir(provider)}
    library = _library(locale).factories[0]
    public = (name for name in names - _NOT_VALUES if not name.startswith("_"))
    return frozenset(name for name in public if callable(getattr(library, name, None)))


class _PassesFor(type):
    """Lets a class with a fixed clock pass for the one that it extends."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    """Give Faker's modules a clock of their own, and the shared generator a seed of its own.

    Dates of birth are counted back from the present day, and a few providers draw from ``random``
    itself: without this the values would change by the day or by the process.
    """
    state = random.getstate()
    random.seed(source.key)
    replaced = _clocks(datetime.fromisoformat(source.now))
    for module, name, _, clock in replaced:
        setattr(module, name, clock)
    try:
        yield
    finally:
        for module, name, original, _ in replaced:
            setattr(module, name, original)
        random.setstate(state)


def _clocks(moment: datetime) -> list[tuple[ModuleType, str, Any, Any]]:
    """Return (module, name, what it holds, what stands in for it) wherever Faker reads a clock."""

    class FixedDatetime(datetime, metaclass=_PassesFor):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # no Self
            return moment.replace(tzinfo=tz)

    class FixedDate(date, metaclass=_PassesFor):
        @classmethod
        def today(cls) -> date:  # type: ignore[override] # no Self either
            return moment.date()

    library = ModuleType("datetime")
    library.__dict__.update(vars(dt), datetime=FixedDatetime, date=FixedDate)
    stand_ins = {id(datetime): FixedDatetime, id(date): FixedDate, id(dt): library}
    return [
        (module, name, value, stand_ins[id(value)])
        for key, module in list(sys.modules.items())
        if key.startswith("faker.providers.")
        for name, value in vars(module).items()
        if id(value) in stand_ins
    ]

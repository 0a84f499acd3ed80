"""The domains by name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from dataforge.domains.model import Domain, read_domain
from dataforge.errors import UnknownNameError

_ENDING = ".yaml"


@cache
def known() -> tuple[str, ...]:
    """Return the names of all domains, sorted."""
    entries = files("dataforge.domains").joinpath("data").iterdir()
    names = (entry.name for entry in entries)
    return tuple(sorted(name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)))


@cache
def domain(name: str) -> Domain:
    """Return a domain by its name; UnknownNameError names the nearest."""
    if name not in known():
        raise UnknownNameError.of("template", name, known())
    return read_domain(name)

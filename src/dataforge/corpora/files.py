"""Reading the data files that ship with the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from dataforge.errors import UnknownNameError

LOCALES = ("en_US",)


@cache
def lines(locale: str, file: str) -> tuple[str, ...]:
    """Return the lines of a data file of ``locale``; UnknownNameError for an unknown locale."""
    if locale not in LOCALES:
        raise UnknownNameError.of("locale", locale, LOCALES)
    path = files("dataforge.corpora").joinpath("data", locale, file)
    return tuple(path.read_text(encoding="utf-8").splitlines())


@cache
def sections(locale: str, file: str) -> dict[str, tuple[str, ...]]:
    """Return the lines below each ``[name]`` of a file of short lists; ``#`` lines are notes."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lines(locale, file):
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name].append(line)
    return {key: tuple(values) for key, values in found.items()}

"""Reading the data files that ship with the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from dataforge.corpora.fallbacks import fallback
from dataforge.errors import UnknownNameError
from dataforge.locales import LOCALES, WORLD

# Files of short lists, each below its ``[name]``; a name stands in one of them.
SHORT_LISTS = ("lists.txt", "cldr.txt", "people.txt", "places.txt", "business.txt")


def lines(locale: str, file: str) -> tuple[str, ...]:
    """Return the lines of a data file of ``locale``, or of the locale that ``fallback`` names.

    UnknownNameError for an unknown locale, and for a file that no fallback has either.
    """
    own = own_lines(locale, file)
    return own if own is not None else lines(fallback(locale, file.partition(".")[0]), file)


def sections(locale: str, file: str) -> dict[str, tuple[str, ...]]:
    """Return the lines below each ``[name]`` of a file; ``#`` lines are notes."""
    return _sections(lines(locale, file))


def own_sections(locale: str, file: str) -> dict[str, tuple[str, ...]]:
    """Return the sections of a file of ``locale`` itself; none where it has no such file."""
    return _sections(own_lines(locale, file) or ())


def short_list(locale: str, name: str) -> tuple[str, ...]:
    """Return the lines of a short list of ``locale``, or of the locale that ``fallback`` names."""
    own = short_lists(locale).get(name)
    return own if own is not None else short_list(fallback(locale, name), name)


@cache
def short_lists(locale: str) -> dict[str, tuple[str, ...]]:
    """Return the short lists that ``locale`` has itself."""
    found: dict[str, tuple[str, ...]] = {}
    for file in SHORT_LISTS:
        found |= _sections(own_lines(locale, file) or ())
    return found


@cache
def own_lines(locale: str, file: str) -> tuple[str, ...] | None:
    """Return the lines of a file of ``locale`` itself; None where it has no such file."""
    if locale not in LOCALES and locale != WORLD:
        raise UnknownNameError.of("locale", locale, LOCALES)
    path = files("dataforge.corpora").joinpath("data", locale, file)
    return tuple(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else None


@cache
def _sections(text: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in text:
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name].append(line)
    return {key: tuple(values) for key, values in found.items()}

"""Colours by name: the CSS colours in words, and the same in the usual notations."""

from __future__ import annotations

import colorsys
import re
from functools import cache

import numpy as np

from dataforge.engine.generators.records.fields import MakeField, Number, Text
from dataforge.engine.generators.records.tabled import Rows


@cache
def _colors(locale: str) -> Rows:
    return Rows("color", "color", locale)


def _hexes(locale: str) -> list[str]:
    return list(_colors(locale).joint.columns["hex"])


def _channels(code: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#RRGGBB``, 0 to 255 each."""
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def name(locale: str) -> Text:
    """``Dark slate blue``."""
    words = (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", n) for n in _colors(locale).joint.columns["name"])
    return _colors(locale).texts([word.capitalize() for word in words])


def hex_code(locale: str) -> Text:
    """``#483D8B``; without the sign where it is narrow."""
    codes = _hexes(locale)
    return _colors(locale).texts(codes, [code.removeprefix("#") for code in codes])


def rgb(locale: str) -> Text:
    """``rgb(72, 61, 139)``."""
    return _colors(locale).texts([f"rgb{_channels(code)}" for code in _hexes(locale)])


def hsl(locale: str) -> Text:
    """``hsl(248, 39%, 39%)``."""
    found = []
    for code in _hexes(locale):
        hue, light, satured = colorsys.rgb_to_hls(*(value / 255 for value in _channels(code)))
        found.append(f"hsl({hue * 360:.0f}, {satured:.0%}, {light:.0%})")
    return _colors(locale).texts(found)


def _channel(at: int, locale: str) -> Number:
    rows = _colors(locale)
    values = np.array([_channels(code)[at] for code in _hexes(locale)])
    return Number(lambda draw: values[rows.codes(draw)])


FIELDS: dict[str, MakeField] = {
    "name": name,
    "hex": hex_code,
    "rgb": rgb,
    "hsl": hsl,
    "red": lambda locale: _channel(0, locale),
    "green": lambda locale: _channel(1, locale),
    "blue": lambda locale: _channel(2, locale),
}

"""Text that was read in the wrong encoding, or that lost what an encoding does not have."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataforge.engine.dirt.draws import Draws, choose
from dataforge.engine.dirt.runes import Runes

_ASCII = 0x80
_REPLACEMENT, _QUESTION = 0xFFFD, ord("?")
# Alphabets whose accents are marks on a letter that stands for itself.
_ACCENTED = ((0x80, 0x530), (0x1E00, 0x2000))
_LIGATURES = {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
              "\N{LATIN SMALL LETTER DOTLESS I}": "i",
              "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "ð": "d"}  # fmt: skip
_SHARES = {"mojibake": 0.5, "accents": 0.25, "replacement": 0.15, "question_mark": 0.1}


def _mojibake(character: str) -> str:
    """Read the character's UTF-8 bytes as Windows-1252, as browsers do (WHATWG: gaps are C1)."""
    return "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or chr(byte)
        for byte in character.encode("utf-8")
    )


def _unaccented(character: str) -> str:
    code = ord(character)
    if not any(first <= code < stop for first, stop in _ACCENTED):
        return character
    if character in _LIGATURES:
        return _LIGATURES[character]
    parts = unicodedata.normalize("NFD", character)
    return "".join(part for part in parts if not unicodedata.combining(part)) or character


_FORMS: Mapping[str, Callable[[str], str]] = {
    "mojibake": _mojibake,
    "accents": _unaccented,
    "replacement": lambda _: chr(_REPLACEMENT),
    "question_mark": lambda _: chr(_QUESTION),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """Every character beyond ASCII suffers in the same way; text without any stays."""

    forms: tuple[str, ...]

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Draw a form that changes the value; each distinct character is converted once."""
        runes = Runes.of(values)
        distinct = [int(point) for point in np.unique(runes.points) if point >= _ASCII]
        made = [
            runes.mapped({code: tuple(map(ord, form(chr(code)))) for code in distinct}).to_arrow()
            for form in (_FORMS[name] for name in self.forms)
        ]
        return choose(values, made, [_SHARES[name] for name in self.forms], draws)

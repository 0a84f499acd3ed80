"""The same thing written in another way: dates, telephone numbers, decimal commas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.dirt.draws import Draws, choose

Step = tuple[str, str]

_ISO = r"^(\d{4})-(\d\d)-(\d\d)([ T].*)?$"
_PHONE = r"^[+(]?[\d(][\d ()/.-]{5,}\d$"
_DATED = r"^(\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})"
_SPACED = r"[ ()/.-]+"
_SHAPES: Final = {
    "date": _ISO,
    "phone": _PHONE,
    "decimal_comma": r"^[-+]?\d+\.\d+$",
}
_FORMS: Final[dict[str, tuple[tuple[Step, ...], ...]]] = {
    "date": (
        ((_ISO, r"\3.\2.\1\4"),),
        ((_ISO, r"\2/\3/\1\4"),),
        ((_ISO, r"\3/\2/\1\4"),),
        ((_ISO, r"\1\2\3\4"),),
        ((_ISO, r"\1/\2/\3\4"),),
    ),
    "phone": (
        ((_SPACED, ""),),
        ((r"^\+", "00"), (_SPACED, "")),
        ((_SPACED, "-"), (r"^-|-$", "")),
        ((_SPACED, "."), (r"^\.|\.$", "")),
        ((r"^\+(\d+)[ .-]", r"+\1 (0) "),),
    ),
    "decimal_comma": (((r"\.", ","),),),
}


@dataclass(frozen=True, slots=True)
class Format:
    """A form of the value's own kind; values of no known kind stay."""

    forms: tuple[str, ...]

    def edit(self, values: pa.Array, draws: Draws) -> pa.Array:
        """Draw a form that differs."""
        made = []
        for form in self.forms:
            fits = pc.match_substring_regex(values, _SHAPES[form])
            if form == "phone":  # a date is made of digits and dashes too
                fits = pc.and_not(fits, pc.match_substring_regex(values, _DATED))
            made += [pc.if_else(fits, _written(values, steps), values) for steps in _FORMS[form]]
        return choose(values, made, [1.0] * len(made), draws)


def _written(values: pa.Array, steps: Sequence[Step]) -> pa.Array:
    for pattern, replacement in steps:
        values = pc.replace_substring_regex(values, pattern, replacement)
    return values

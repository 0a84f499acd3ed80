"""Text that a spreadsheet would run as a formula, made harmless by an apostrophe before it.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return is a formula to
spreadsheets (OWASP, "CSV injection"). Text that has apostrophes before such a character gets one
more, so that taking one away gives every text back.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.sinks.text.scan import joined, present

DEFUSED_LOSS = "text that begins with = + - @, a tab or CR has an apostrophe before it"

_RUNNABLE = "^'*[=+\\-@\t\r]"
_DEFUSED = "^'+[=+\\-@\t\r]"
_STARTS = b"=+-@\t\r"


def defused_text(array: pa.Array) -> pa.Array:
    """Return the string array with an apostrophe before each text that would be run."""
    if not present(array, _STARTS):
        return array
    runnable = pc.match_substring_regex(array, _RUNNABLE)
    return pc.if_else(runnable, joined("'", array), array)


def armed_text(array: pa.Array) -> pa.Array:
    """Undo ``defused_text``."""
    if not pa.types.is_string(array.type):
        return array
    defused = pc.match_substring_regex(array, _DEFUSED)
    return pc.if_else(defused, pc.utf8_slice_codeunits(array, 1), array)

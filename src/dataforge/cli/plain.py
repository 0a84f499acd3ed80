"""Text from files and databases, made fit for a terminal."""

from __future__ import annotations

_KEPT = "\n\t"
_CONTROLS = {code: "�" for code in (*range(32), *range(127, 160)) if chr(code) not in _KEPT}


def visible(text: str) -> str:
    """Return ``text`` without control characters: those of a file could command the terminal."""
    return text.translate(_CONTROLS)

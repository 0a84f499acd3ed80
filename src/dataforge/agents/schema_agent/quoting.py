"""How words of a user or of a file are put before a model: marked as data, with no way out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_CHARACTERS = 20_000
"""More of a request or of material is not shown to a model, as it is paid for with every call."""

_MARKER = re.compile(r"<(?=/?\s*(?:request|material|draft)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Material:
    """A file that came with a request: data to read, never an instruction."""

    name: str
    text: str


def quoted(request: str, materials: Iterable[Material] = (), draft: str = "") -> str:
    """Return the message that carries a request, its material and the draft to start from."""
    parts = [_block("request", request)]
    if draft:
        parts.append(_block("draft", draft))
    named = (f"file {material.name!r}\n{material.text}" for material in materials)
    parts.extend(_block("material", text) for text in named)
    return "\n\n".join(parts)


def _block(name: str, text: str) -> str:
    """Put ``text`` between markers that it cannot close: the markers' own ``<`` is written out."""
    inner = _MARKER.sub("&lt;", text[:MOST_CHARACTERS])
    return f"<{name}>\n{inner}\n</{name}>"

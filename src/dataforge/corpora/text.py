"""How names are written in addresses of the internet, and when two of them count as the same."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """Return the form in which case, accents and trailing blanks make no difference.

    MySQL's default collations compare strings this way, so values of a unique column have to
    differ in it.
    """
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().rstrip()


def slug(text: str, separator: str = "") -> str:
    """Return ``text`` in lower-case ASCII letters and digits, words joined by ``separator``."""
    return separator.join(re.findall(r"[a-z0-9]+", fold(text).replace("'", "")))

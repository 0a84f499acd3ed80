"""Database addresses without their passwords, for messages and reports."""

from __future__ import annotations

import re

MASK = "***"

_IN_URL = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s:/@]*:)\S*(?=@)", re.IGNORECASE)
_IN_QUERY = re.compile(r"(?P<before>[?&\s](?:password|pwd|passwd)=)[^\s&]+", re.IGNORECASE)


def masked(text: str) -> str:
    """Return ``text`` with every password in a URL or a connection string replaced."""
    for pattern in (_IN_URL, _IN_QUERY):
        text = pattern.sub(rf"\g<before>{MASK}", text)
    return text

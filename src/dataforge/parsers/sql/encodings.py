"""Bytes to text: byte order marks, UTF-8, the encoding a script states, then a fallback."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STATED = re.compile(
    rb"(?:client_encoding|SET\s+NAMES|PRAGMA\s+encoding|CHARSET)\s*(?:=|TO)?\s*['\"]?([\w-]+)",
    re.IGNORECASE,
)
_NAMES = {
    "latin1": "cp1252",
    "latin2": "iso8859-2",
    "latin9": "iso8859-15",
    "win1250": "cp1250",
    "win1251": "cp1251",
    "win1252": "cp1252",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "euc_jp": "euc_jp",
    "sjis": "shift_jis",
    "big5": "big5",
    "gbk": "gbk",
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
}
_SAMPLE = 4096


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of ``data`` and the name of the encoding it was read with; never fails."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), name
    for guess in (_utf16_without_mark(data), "utf-8", _stated(data), "cp1252"):
        if guess is None:
            continue
        try:
            return data.decode(guess), guess
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def _utf16_without_mark(data: bytes) -> str | None:
    """ASCII text in UTF-16 has a zero in every other byte."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or len(data) % 2:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > half * 0.7 else None


def _stated(data: bytes) -> str | None:
    found = _STATED.search(data[:1_000_000])
    if found is None:
        return None
    written = found.group(1).decode("ascii").lower()
    name = _NAMES.get(written, written)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None

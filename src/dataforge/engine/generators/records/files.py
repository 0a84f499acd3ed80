"""Files: a name whose extension, MIME type, kind and size go together."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pyarrow as pa

from dataforge.engine.generators.records import fixed
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Number,
    Part,
    Text,
    joined,
)
from dataforge.engine.generators.records.tabled import Rows
from dataforge.streams import IntArray

NUMBERS = 999
ROOTS = ("/data", "/srv/files", "/nfs/shared", "/var/uploads", "/mnt/archive")
PLACES = ("incoming", "public", "shared", "projects", "clients", "archive", "team")
FOLDERS = {"audio": "audio", "code": "src", "data": "exports", "text": "notes", "web": "www"}
SHA256_WIDTH = 64


@cache
def _types(locale: str) -> Rows:
    return Rows("file", "file_type", locale)


def _column(column: str, locale: str) -> Text:
    return _types(locale).text(column)


def _stem(locale: str) -> Part:
    stems = _types(locale).choice("stems", "stem")
    return Part(stems.words, stems)


def _number() -> Part:
    """Return a year and month, a running number, a version, or nothing."""
    dates = [f"_{year}-{month:02}" for year in range(2019, 2026) for month in range(1, 13)]
    numbers = [f"_{number:03}" for number in range(1, NUMBERS + 1)]
    words = ["", *("_v2", "_v3", "_final", "_draft") * 20, *dates * 4, *numbers]
    return Part(words, lambda draw: draw.below("file", "number", len(words)))


def _ending(locale: str) -> Part:
    rows = _types(locale)
    return Part([f".{each}" for each in rows.joint.columns["extension"]], rows.codes)


def name(locale: str) -> Text:
    """``invoice_2024-03.pdf``."""
    stem, number, ending = _stem(locale), _number(), _ending(locale)
    counts = pa.array([f"_{number:05}" for number in range(100_000)])
    return Text(
        (joined(stem, number, ending), joined(stem, ending), joined(ending)),
        unique=((stem.values, counts, ending.values),),
    )


def path(locale: str) -> Text:
    """The file in a folder of its kind."""
    rows = _types(locale)
    kinds = list(dict.fromkeys(rows.joint.columns["kind"]))
    kind = np.array([kinds.index(each) for each in rows.joint.columns["kind"]])
    folders = [
        f"{root}/{place}/{FOLDERS.get(each, f'{each}s')}/"
        for each in kinds
        for root in ROOTS
        for place in PLACES
    ]
    each = len(ROOTS) * len(PLACES)

    def codes(draw: Draw) -> Codes:
        found: Codes = kind[rows.codes(draw)] * each + draw.below("file", "folder", each)
        return found

    folder, own = Part(folders, codes), name(locale)
    stem, number, ending = _stem(locale), _number(), _ending(locale)
    (lists,) = (lists for lists in own.unique if isinstance(lists, tuple))
    return Text(
        (joined(folder, stem, number, ending), *own.variants), unique=((folder.values, *lists),)
    )


def size_bytes(locale: str) -> Number:
    """A size that such files have, evenly spread over its orders of magnitude."""
    rows = _types(locale)
    low, high = (np.log(rows.numbers(bound)) for bound in ("smallest", "largest"))

    def make(draw: Draw) -> IntArray:
        row = rows.codes(draw)
        return np.exp(low[row] + (high - low)[row] * draw.unit("file", "size")).astype(np.int64)

    return Number(make)


def checksum(_locale: str) -> Text:
    """A SHA-256 digest in hexadecimal digits."""

    def made(width: int) -> Made:
        def make(draw: Draw) -> pa.Array:
            words = [draw.bits("file", f"sum{at}") for at in range(-(-width // 16))]
            return fixed.hex_text(words, width)

        return Made(width, make)

    widths = (SHA256_WIDTH, 40, 32, 16, 8, 4, 1)
    return Text(tuple(map(made, widths)), unique=tuple(map(fixed.hex_ranked, widths)))


FIELDS: dict[str, MakeField] = {
    "name": name,
    "extension": partial(_column, "extension"),
    "mime_type": partial(_column, "mime_type"),
    "kind": partial(_column, "kind"),
    "size_bytes": size_bytes,
    "path": path,
    "checksum": checksum,
}

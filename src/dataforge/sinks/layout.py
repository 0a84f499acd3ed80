"""Where the rows of a table go: file-safe names and the fixed cut into parts.

The cut depends on the row count alone, never on workers or batches, so the same schema and seed
give the same files however they were made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

PART_ROWS = 1 << 19
ORDER_FOLDER = "order"
_STEM_BYTES = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One file: rows [``start``, ``stop``) at ``path``, POSIX style, below the data set."""

    path: str
    start: int
    stop: int


def file_stem(name: str) -> str:
    """Return ``name`` with every character outside ``[A-Za-z0-9._-]`` percent-encoded.

    A leading dot is encoded too (it would hide the file), and so is ``~`` (it marks a clash).
    """
    stem = quote(name, safe="").replace("~", "%7E")
    return f"%2E{stem[1:]}" if stem.startswith(".") else stem[:_STEM_BYTES]


def file_stems(names: Iterable[str]) -> dict[str, str]:
    """Map names to stems that differ even where case does not: the second of a kind gets ``~2``."""
    stems: dict[str, str] = {}
    seen: dict[str, int] = {}
    for name in names:
        stem = file_stem(name)
        count = seen[stem.lower()] = seen.get(stem.lower(), 0) + 1
        stems[name] = stem if count == 1 else f"{stem}~{count}"
    return stems


def book_path(name: str, extension: str) -> str:
    """Return the path of the one file that holds every table of a schema of this name."""
    return f"data/{file_stem(name)}.{extension}"


def truth_path(part: Part) -> str:
    """Return where the truth about the rows of a part is kept."""
    return f"truth/{part.path.partition('/')[2]}"


def order_path(part: Part) -> str:
    """Return where it is kept in which files of a partitioned part its rows went."""
    *folders, name = part.path.split("/")[1:]
    stems = [folder for folder in folders if folder != "*"]
    return "/".join([ORDER_FOLDER, *stems, f"{name.partition('.')[0]}.parquet"])


def is_order(path: str) -> bool:
    """Tell whether a file says where rows went instead of holding some."""
    return path.startswith(f"{ORDER_FOLDER}/")


def piece_path(path: str, number: str, extension: str) -> str:
    """Return where a piece of the part at ``path`` goes that is too large for one file.

    A ``number`` of ``*`` gives the pattern of them all. Pieces of a table's only file stand where
    its parts would.
    """
    base = path.removesuffix(f".{extension}")
    whole = base if base.count("/") > 1 else f"{base}/part-00000"
    return f"{whole}-{number}.{extension}"


def parts(
    stem: str,
    row_count: int,
    extension: str,
    part_rows: int | None = None,
    folders: int = 0,
) -> tuple[Part, ...]:
    """Cut the rows of the table with this file stem into parts of ``part_rows`` (``PART_ROWS``).

    A table that fits one part, an empty one included, is the single file ``data/<stem>.<ext>``.
    With ``folders`` each part is a pattern, with that many ``*`` for folders named after values.
    """
    most = part_rows or PART_ROWS
    inner = "*/" * folders if row_count else ""
    if row_count <= most and not inner:
        return (Part(f"data/{stem}.{extension}", 0, row_count),)
    return tuple(
        Part(
            f"data/{stem}/{inner}part-{number:05d}.{extension}",
            start,
            min(start + most, row_count),
        )
        for number, start in enumerate(range(0, row_count, most))
    )

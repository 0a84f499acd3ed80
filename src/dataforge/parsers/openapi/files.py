"""Files that a document refers to, brought into it: what is left refers to places within.

Only files below the document's own folder are read, links resolved; never an address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from dataforge.errors import ParseError
from dataforge.parsers.json_schema.documents import escaped
from dataforge.parsers.json_schema.loading import loaded

Json = dict[str, Any]

FILES = "x-files"
"""The member of the root under which the files stand, by their path from its folder."""

_MOST_FILES = 5_000
_MOST_BYTES = 64_000_000


@dataclass(slots=True)
class Joined:
    """A document with its files; ``missing`` and ``refused`` are references as they are written."""

    root: Json
    missing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def joined(root: Json, folder: Path | None, source: str) -> Joined:
    """Return the document with every file that it leads to under ``x-files``.

    ``folder`` is the document's, None where it is no file: every reference that leaves it is
    refused then. References are rewritten in place.
    """
    found = Joined(root)
    found.root.pop(FILES, None)
    _Joining(found, None if folder is None else folder.resolve(), source).run()
    return found


@dataclass(slots=True)
class _Joining:
    found: Joined
    folder: Path | None
    source: str
    files: dict[str, Json] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    size: int = 0
    seen: set[int] = field(default_factory=set)

    def run(self) -> None:
        waiting: list[tuple[Json, str]] = [(self.found.root, "")]
        while waiting:
            tree, at = waiting.pop()
            known = set(self.files)
            for holder in _references(tree, self.seen):
                holder["$ref"] = self._rewritten(holder["$ref"], at)
            waiting += [(self.files[name], name) for name in self.files.keys() - known]
        if self.files:
            self.found.root[FILES] = self.files

    def _rewritten(self, reference: str, at: str) -> str:
        """Return a reference that stands in the file ``at`` as one within the joined document."""
        base, _, fragment = reference.partition("#")
        if not base:
            return reference if not at else f"#/{FILES}/{escaped(at)}{fragment}"
        name = self._name(base, at)
        if name is None:
            _once(self.found.refused, reference)
            return reference
        if name not in self.files and not self._read(name):
            _once(self.found.missing, reference)
            return reference
        return f"#/{FILES}/{escaped(name)}{fragment}"

    def _name(self, base: str, at: str) -> str | None:
        """Return a file's path from the folder, None where it is not below it."""
        if self.folder is None or "://" in base or "\0" in base:
            return None
        try:
            path = (self.folder / Path(at).parent / unquote(base)).resolve()
        except (OSError, RuntimeError):
            return None
        below = path.is_relative_to(self.folder)
        return path.relative_to(self.folder).as_posix() if below else None

    def _read(self, name: str) -> bool:
        path = Path(self.folder or ".", name)
        if name in self.absent or not path.is_file():
            self.absent.add(name)
            return False
        self.size += path.stat().st_size
        if len(self.files) >= _MOST_FILES or self.size > _MOST_BYTES:
            limit = f"{_MOST_FILES:,} files or {_MOST_BYTES // 10**6} MB"
            raise ParseError(f"{self.source} refers to more than {limit}")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise ParseError(f"{self.source}: {name}, which it refers to, is not text") from None
        except OSError as error:
            raise ParseError(f"{self.source}: cannot read {name}: {error.strerror}") from None
        self.files[name] = loaded(text, name)
        return True


def _references(tree: Json, seen: set[int]) -> list[Json]:
    """Return the objects that refer to something; shared ones once."""
    found: list[Json] = []
    waiting: list[Any] = [tree]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            found.append(value)
        members: list[Any] = list(value.values() if isinstance(value, dict) else value)
        waiting += [each for each in reversed(members) if isinstance(each, dict | list)]
    return found


def _once(texts: list[str], text: str) -> None:
    if text not in texts:
        texts.append(text)

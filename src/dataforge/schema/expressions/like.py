"""LIKE patterns as regular expressions (RE2 syntax)."""

from __future__ import annotations

import re


def like_parts(pattern: str, escape: str | None) -> list[tuple[str, bool]]:
    """Split a LIKE pattern into (character, is_wildcard) pairs; the escape makes them literal."""
    parts: list[tuple[str, bool]] = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            parts.append((next(characters, character), False))
        else:
            parts.append((character, character in "%_"))
    return parts


def like_regex(pattern: str, escape: str | None = None) -> str:
    """Return an anchored regular expression that matches what LIKE ``pattern`` matches."""
    wildcards = {"%": ".*", "_": "."}
    body = (
        wildcards[character] if is_wildcard else re.escape(character)
        for character, is_wildcard in like_parts(pattern, escape)
    )
    return "^" + "".join(body) + "$"


def bracket_regex(pattern: str) -> str:
    """Return the regular expression of a T-SQL LIKE pattern, which may hold ``[a-z]`` classes."""
    return _with_classes(pattern, {"%": ".*", "_": "."})


def glob_regex(pattern: str) -> str:
    """Return the regular expression of an SQLite GLOB pattern (``*``, ``?``, ``[a-z]``)."""
    return _with_classes(pattern, {"*": ".*", "?": "."})


def similar_regex(pattern: str) -> str:
    """Return the regular expression of a SIMILAR TO pattern: SQL wildcards within a regex."""
    wildcards = {"%": ".*", "_": "."}
    return "^(?:" + "".join(wildcards.get(character, character) for character in pattern) + ")$"


def _with_classes(pattern: str, wildcards: dict[str, str]) -> str:
    found = ["^"]
    at = 0
    while at < len(pattern):
        end = pattern.find("]", at + 2) if pattern[at] == "[" else -1
        if end > 0:
            inside = pattern[at + 1 : end].replace("\\", r"\\")
            found.append(f"[{inside}]")
            at = end + 1
            continue
        found.append(wildcards.get(pattern[at]) or re.escape(pattern[at]))
        at += 1
    return "".join([*found, "$"])

"""Members such as ``petId`` that name a row of another table by their name alone."""

from __future__ import annotations

from dataforge.parsers.sql.candidates import find_candidates, use_candidates
from dataforge.parsers.sql.wording import words
from dataforge.schema import Schema

_ID_WORDS = frozenset({"id", "uuid", "guid", "gid"})


def linked(schema: Schema) -> Schema:
    """Return the schema with foreign keys for columns whose names end in an id's word."""
    found = [
        candidate
        for candidate in find_candidates(schema)
        if len(candidate.columns) == 1
        and words(candidate.columns[0])[-1:] in {(w,) for w in _ID_WORDS}
    ]
    return use_candidates(schema, found)

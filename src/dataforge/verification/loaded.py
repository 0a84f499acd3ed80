"""What a database was filled with: its manifest, and whether the rows still are those.

The manifest stands in the database itself, in the table ``MANIFEST_TABLE``: the schema and, of
every table, the digest that its rows had when the load was finished.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field, ValidationError

from dataforge._version import __version__
from dataforge.errors import DatabaseError, ParseError, SchemaError
from dataforge.schema import MANIFEST_TABLE, Schema, Table, from_json, schema_hash, to_json
from dataforge.schema.types import Model
from dataforge.verification.catalog import Catalog, Location, read_catalog
from dataforge.verification.certificate import Check, Violation
from dataforge.verification.connections import DatabaseSession, open_session
from dataforge.verification.digests import Content, Digest, blocks_for, digest, rows_of
from dataforge.verification.located import located, matched
from dataforge.verification.scope import RefusedError


class LoadedTable(Model):
    """A table as it was loaded: the database's name of each column, rows and sum by block."""

    name: str
    relation: tuple[str, ...]
    columns: dict[str, str]
    key_names: tuple[str, ...]
    blocks: int = Field(ge=1)
    digest: dict[int, tuple[int, int]]

    @property
    def content(self) -> Content:
        """What to ask the digest of."""
        key = tuple(self.columns[name] for name in self.key_names)
        return Content(self.relation, tuple(self.columns.values()), key)


class LoadedManifest(Model):
    """What one run put into a database."""

    version: Literal[1] = 1
    engine_version: str
    schema_text: str
    tables: tuple[LoadedTable, ...]

    def schema_of_rows(self) -> Schema:
        """Return the schema that the rows were made from."""
        return from_json(self.schema_text, MANIFEST_TABLE)


def manifest_of(
    url: str, schema: Schema, row_counts: Mapping[str, int]
) -> tuple[LoadedManifest, tuple[str, ...]]:
    """Take the digests of the tables of ``schema``, just loaded with so many rows.

    Beside the manifest come the keys of those in the database that speak of the same tables.
    DatabaseError where the database cannot be asked.
    """
    with open_session(url) as session:
        catalog = read_catalog(session)
        earlier = read_manifests(session, catalog)
        there = located(schema, catalog, session.dialect)
        tables = tuple(
            _loaded(session, schema.table(name), at, catalog, row_counts[name])
            for name, at in there.items()
            if name in row_counts
        )
    manifest = LoadedManifest(
        engine_version=__version__, schema_text=to_json(schema), tables=tables
    )
    mine = {table.relation for table in tables}
    stale = (key for key, each in earlier.items() if mine & {t.relation for t in each.tables})
    return manifest, tuple(stale)


def _loaded(
    session: DatabaseSession, table: Table, at: Location, catalog: Catalog, row_count: int
) -> LoadedTable:
    columns = matched(table, catalog.columns[at])
    key = tuple(name for name in table.primary_key if name in columns)
    empty = LoadedTable(
        name=table.name,
        relation=at,
        columns=columns,
        key_names=key,
        blocks=blocks_for(row_count),
        digest={},
    )
    taken = digest(session, empty.content, empty.blocks)
    return empty.model_copy(update={"digest": dict(taken)})


def read_manifests(session: DatabaseSession, catalog: Catalog) -> dict[str, LoadedManifest]:
    """Return the manifests of a database by the hash of their schema; none where it has none.

    DatabaseError where one of them was tampered with.
    """
    if (catalog.default, MANIFEST_TABLE) not in catalog.columns:
        return {}
    rows = session.native(f"SELECT schema_hash, content FROM {MANIFEST_TABLE} ORDER BY 1")
    return {str(key): _read(str(key), str(content)) for key, content in rows}


def manifests_of(url: str) -> tuple[LoadedManifest, ...]:
    """Return what the database at ``url`` says it was filled with."""
    with open_session(url) as session:
        return tuple(read_manifests(session, read_catalog(session)).values())


def _read(key: str, content: str) -> LoadedManifest:
    try:
        manifest = LoadedManifest.model_validate(json.loads(content))
        sound = schema_hash(manifest.schema_of_rows()) == key
    except (ValueError, ValidationError, ParseError, SchemaError):
        sound = False
    if not sound:
        msg = (
            f"the table {MANIFEST_TABLE} was changed → drop it and name the schema instead: "
            "--schema schema.yaml"
        )
        raise DatabaseError(msg)
    return manifest


def content_checks(
    session: DatabaseSession, manifest: LoadedManifest
) -> Iterator[tuple[Check, str]]:
    """Compare every table's digest with the one it was loaded with.

    Beside each check stands the hash of the digest that was found, empty where there is none.
    """
    for table in manifest.tables:
        check = Check(kind="content", table=table.name, constraint="the rows that were loaded")
        try:
            found = digest(session, table.content, table.blocks)
        except RefusedError as error:
            reason = f"cannot be compared: {error.message}"[:300]
            failed = {"verdict": "failed", "violations": 1, "reason": reason}
            yield check.model_copy(update=failed), ""
            continue
        changed = _changed(table, found)
        if changed:
            told = Violation(found=f"{len(changed):,} of {table.blocks:,} blocks of rows differ")
            update = {"verdict": "failed", "violations": len(changed), "examples": (told,)}
            check = check.model_copy(update=update)
        yield check, _sha256(found)


def changed_rows(url: str, table: LoadedTable) -> list[tuple[object, ...]]:
    """Return the rows of the blocks that are not as they were loaded, unchanged ones among them."""
    with open_session(url) as session:
        changed = _changed(table, digest(session, table.content, table.blocks))
        return rows_of(session, table.content, table.blocks, changed) if changed else []


def _changed(table: LoadedTable, found: Digest) -> list[int]:
    blocks = found.keys() | table.digest.keys()
    return sorted(block for block in blocks if found.get(block) != table.digest.get(block))


def _sha256(found: Digest) -> str:
    text = json.dumps(sorted(found.items()))
    return hashlib.sha256(text.encode()).hexdigest()

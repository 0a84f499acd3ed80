"""A filled database keeps what it was filled with, so that later changes can be told."""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.errors import DatabaseError
from dataforge.schema import MANIFEST_TABLE, Schema, schema_hash
from dataforge.sinks.databases.connect import open_database
from dataforge.sinks.databases.kept import Kept
from dataforge.workflows.events import EventLog


def keep_manifest(url: str, schema: Schema, rows: Mapping[str, int], log: EventLog) -> None:
    """Write the schema and a digest of each table into the database; a note says why not."""
    from dataforge.verification.loaded import manifest_of  # noqa: PLC0415 - loads drivers

    log.append("progress", message="taking digests of the tables")
    try:
        manifest, replaced = manifest_of(url, schema, rows)
        kept = Kept(schema_hash(schema), manifest.model_dump_json(), replaced)
        with open_database(url) as target:
            target.keep(kept)
    except DatabaseError as error:
        log.append(
            "note",
            message=f"{MANIFEST_TABLE} is not kept, so later changes cannot be told: "
            f"{error.message}",
        )

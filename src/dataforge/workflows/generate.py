"""Generate: a schema goes in, a data set directory or a filled database comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dataforge._version import __version__
from dataforge.engine import Plan, compile_schema
from dataforge.engine.executors import executor_for
from dataforge.schema import Schema, schema_hash, write_schema
from dataforge.sinks.atomic import write_bytes
from dataforge.sinks.databases.connect import open_database
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.formats import file_sink
from dataforge.sinks.layout import Part, file_stems, parts
from dataforge.sinks.manifest import Manifest, PartEntry, TableEntry, write_manifest
from dataforge.sinks.writing import write_part
from dataforge.workflows.directory import DDL_NAME, SCHEMA_NAME, opened
from dataforge.workflows.events import EventLog, Listener, LoadReport, ignore
from dataforge.workflows.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of work: one part of one table."""

    table: str
    part: Part


@dataclass(frozen=True, slots=True)
class Done:
    """A finished piece."""

    table: str
    entry: PartEntry


@dataclass(frozen=True)
class PartWriter:
    """Makes the rows of a unit and writes them; built once in every worker."""

    plan: Plan
    directory: Path
    format: str
    dialect: str | None

    def __call__(self, unit: Unit) -> Done:
        """Write one part."""
        table = self.plan.tables[unit.table]
        sink = file_sink(self.format, self.plan.schema, self.dialect)
        batches = self.plan.batches(unit.table, unit.part.start, unit.part.stop)
        entry = write_part(
            sink, table.table, table.arrow_schema, batches, self.directory, unit.part
        )
        return Done(unit.table, entry)


@dataclass(frozen=True)
class PrepareWriter:
    """What a worker needs to become a ``PartWriter``: plans are compiled there, not sent."""

    schema: Schema
    directory: Path
    format: str
    dialect: str | None

    def __call__(self) -> Callable[[Unit], Done]:
        """Compile the schema."""
        return PartWriter(compile_schema(self.schema), self.directory, self.format, self.dialect)


def generate(
    schema: Schema,
    out: Path,
    *,
    format: str = "csv",  # noqa: A002 - the word users know it by
    dialect: str | None = None,
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    on_event: Listener = ignore,
) -> Manifest:
    """Write a data set to the directory ``out`` and return its manifest.

    The bytes depend on the schema and the format alone: not on ``workers``, and not on whether
    the run was interrupted and resumed. Files take their final names only when they are whole.
    Raises ``OutputError`` where the directory holds another data set (unless ``overwrite``) or
    cannot be written; ``SchemaError``, ``CapacityError`` and ``RuleConflictError`` as compiling.
    """
    plan = compile_schema(schema)
    units = _units(plan, format, dialect)
    ledger = Ledger(out, _fingerprint(schema, format, dialect))
    log = EventLog(on_event, sum(table.row_count for table in plan.tables.values()))
    paths = tuple(unit.part.path for unit in units)
    with opened(ledger, paths, resume=resume, overwrite=overwrite) as entries:
        _begin(log, plan)
        for unit in units:
            if unit.part.path in entries:
                log.append("progress", unit.table, entries[unit.part.path].rows)
        missing = [unit for unit in units if unit.part.path not in entries]
        for done in _run(plan, missing, out, format, dialect, workers):
            ledger.add(done.entry)
            entries[done.entry.path] = done.entry
            log.append("progress", done.table, done.entry.rows)
        manifest = _manifest(plan, units, entries, format, dialect)
        _finish(plan, manifest, out, dialect)
    log.append("finished")
    return manifest


def _begin(log: EventLog, plan: Plan) -> None:
    log.append("started")
    for note in plan.notes:
        log.append("note", message=str(note))


def generate_into(schema: Schema, url: str, *, on_event: Listener = ignore) -> LoadReport:
    """Fill a database: create what is missing, load every table, switch on every constraint.

    Raises ``DatabaseError`` where the server refuses; nothing stays of a run that fails, as far
    as the database can take back what it did.
    """
    plan = compile_schema(schema)
    log = EventLog(on_event, sum(table.row_count for table in plan.tables.values()))
    _begin(log, plan)
    loaded: dict[str, int] = {}
    with open_database(url) as target:
        target.create(plan.schema)
        for loss in target.notes:
            log.append("note", message=loss)
        for name, table in plan.tables.items():
            batches = log.counted(name, plan.batches(name))
            loaded[name] = target.load(table.table, table.arrow_schema, batches)
        log.append("progress", message="switching constraints on")
        target.finish(plan.schema)
    log.append("finished")
    return LoadReport(target.dialect, loaded, target.notes)


def _run(
    plan: Plan,
    units: list[Unit],
    out: Path,
    format: str,  # noqa: A002
    dialect: str | None,
    workers: int | None,
) -> Iterable[Done]:
    def cells(unit: Unit) -> int:
        return (unit.part.stop - unit.part.start) * len(plan.tables[unit.table].columns)

    worth_it = workers is not None or sum(map(cells, units)) > _WORTH_PROCESSES
    executor = executor_for(workers, len(units) if worth_it else 1)
    # The small pieces come last, so that no worker is left alone with a large one.
    largest_first = sorted(units, key=cells, reverse=True)
    prepare: Callable[[], Callable[[Unit], Done]]
    if executor.shares_memory:
        writer = PartWriter(plan, out, format, dialect)
        prepare = lambda: writer  # noqa: E731 - a factory of what is there already
    else:
        prepare = PrepareWriter(plan.schema, out, format, dialect)
    yield from executor.run(prepare, largest_first)


# Starting processes takes about as long as making two million cells in this one.
_WORTH_PROCESSES = 2_000_000


def _units(plan: Plan, format: str, dialect: str | None) -> list[Unit]:  # noqa: A002
    extension = file_sink(format, plan.schema, dialect).extension
    stems = file_stems(plan.tables)
    return [
        Unit(name, part)
        for name, table in plan.tables.items()
        for part in parts(stems[name], table.row_count, extension)
    ]


def _fingerprint(schema: Schema, format: str, dialect: str | None) -> str:  # noqa: A002
    text = f"{__version__}/{schema_hash(schema)}/{schema.seed}/{format}/{dialect}"
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(
    plan: Plan,
    units: list[Unit],
    entries: dict[str, PartEntry],
    format: str,  # noqa: A002
    dialect: str | None,
) -> Manifest:
    sink = file_sink(format, plan.schema, dialect)
    tables = tuple(
        TableEntry(
            name=name,
            rows=table.row_count,
            columns=tuple(table.columns),
            parts=tuple(entries[unit.part.path] for unit in units if unit.table == name),
            losses=sink.losses(table.table),
        )
        for name, table in plan.tables.items()
    )
    return Manifest(
        engine_version=__version__,
        schema_hash=schema_hash(plan.schema),
        seed=plan.schema.seed,
        format=format,
        created_by=f"dataforge {__version__}",
        tables=tables,
    )


def _finish(plan: Plan, manifest: Manifest, out: Path, dialect: str | None) -> None:
    write_schema(plan.schema, out / SCHEMA_NAME)
    ddl = write_ddl(plan.schema, dialect or plan.schema.dialect or "postgres")
    write_bytes(out / DDL_NAME, ddl.script().encode())
    write_manifest(manifest, out)

"""Generate: a schema goes in, a data set directory or a filled database comes out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from dataforge._version import __version__
from dataforge.engine import DirtyPlan, Plan, compile_written
from dataforge.engine.executors import executor_for
from dataforge.schema import Schema, schema_hash, without_dirt
from dataforge.schema.serialize import to_yaml
from dataforge.sinks.databases.connect import open_database
from dataforge.sinks.ddl.writer import write_ddl
from dataforge.sinks.formats import dialect_of, sink_of
from dataforge.sinks.forms import Form
from dataforge.sinks.layout import is_order
from dataforge.sinks.manifest import (
    MANIFEST_NAME,
    Manifest,
    PartEntry,
    TableEntry,
    manifest_bytes,
)
from dataforge.sinks.objects.place import ObjectPlace
from dataforge.sinks.places import LocalPlace, Place
from dataforge.workflows.bucket import ObjectLedger, opened_bucket
from dataforge.workflows.directory import CLEAN_NAME, DDL_NAME, SCHEMA_NAME, opened
from dataforge.workflows.events import EventLog, Listener, LoadReport, ignore
from dataforge.workflows.filled import keep_manifest
from dataforge.workflows.ledger import Finished, Ledger
from dataforge.workflows.units import (
    Done,
    PrepareWriter,
    Unit,
    UnitWriter,
    cells_of,
    folders_of,
    units_of,
)

_PLAIN_CSV = Form()
_NO_TRUTH = (
    "the truth about dirty rows is not kept in a database → generate a directory, then load it"
)
Entries = Mapping[str, Sequence[PartEntry]]


def generate(
    schema: Schema,
    out: Path | ObjectPlace,
    *,
    form: Form = _PLAIN_CSV,
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    clean_twin: bool = False,
    on_event: Listener = ignore,
) -> Manifest:
    """Write a data set to a directory or an object store and return its manifest.

    The bytes depend on the schema and the form alone: not on ``workers``, and not on whether
    the run was interrupted and resumed. Files take their final names only when they are whole.
    Tables with dirt are written dirty, each with a truth table; ``clean_twin`` adds the clean
    data set in the folder ``clean``.
    Raises ``OutputError`` where the directory holds another data set (unless ``overwrite``) or
    cannot be written; ``SchemaError``, ``CapacityError`` and ``RuleConflictError`` as compiling.
    """
    plan = compile_written(schema)
    units = units_of(plan, form)
    run = _run_into(out, _fingerprint(schema, form))
    twin = clean_twin and isinstance(plan, DirtyPlan)
    log = EventLog(on_event, sum(table.row_count for table in plan.tables.values()))
    paths = tuple(path for unit in units for path in unit.paths)
    with run.opened(paths, resume=resume, overwrite=overwrite) as entries:
        _begin(log, plan)
        for unit in units:
            if unit.path in entries:
                log.append("progress", unit.table, Done(unit, entries[unit.path]).rows)
        missing = [unit for unit in units if unit.path not in entries]
        for done in _run(plan, missing, run.place, form, workers):
            run.ledger.add(done.unit.path, done.entries)
            entries[done.unit.path] = done.entries
            log.append("progress", done.unit.table, done.rows)
        manifest = _manifest(plan, units, entries, form)
        if twin:
            _write_twin(plan.schema, out, form, workers, resume=resume)
        _finish(plan, manifest, run.place, form)
    log.append("finished")
    return manifest


@dataclass(frozen=True, slots=True)
class _RunInto:
    """Where a run writes to, and how its place is held and its progress kept."""

    place: Place
    ledger: Ledger | ObjectLedger

    def opened(
        self, paths: Sequence[str], *, resume: bool, overwrite: bool
    ) -> AbstractContextManager[Finished]:
        if isinstance(self.ledger, ObjectLedger):
            return opened_bucket(self.ledger, paths, resume=resume, overwrite=overwrite)
        return opened(self.ledger, paths, resume=resume, overwrite=overwrite)


def _run_into(out: Path | ObjectPlace, fingerprint: str) -> _RunInto:
    if isinstance(out, ObjectPlace):
        return _RunInto(out, ObjectLedger(out, fingerprint))
    return _RunInto(LocalPlace(out), Ledger(out, fingerprint))


def _write_twin(
    schema: Schema, out: Path | ObjectPlace, form: Form, workers: int | None, *, resume: bool
) -> None:
    """Write the clean rows of a schema with dirt as a data set below the dirty one."""
    folder = out.below(CLEAN_NAME) if isinstance(out, ObjectPlace) else out / CLEAN_NAME
    if resume and _is_there(folder):
        return  # the interrupted run was of this very schema
    generate(without_dirt(schema), folder, form=form, workers=workers, resume=resume)


def _is_there(folder: Path | ObjectPlace) -> bool:
    if isinstance(folder, ObjectPlace):
        return folder.read_bytes(MANIFEST_NAME) is not None
    return (folder / MANIFEST_NAME).exists()


def _begin(log: EventLog, plan: Plan) -> None:
    log.append("started")
    for note in plan.notes:
        log.append("note", message=str(note))


def generate_into(
    schema: Schema, url: str, *, manifest: bool = True, on_event: Listener = ignore
) -> LoadReport:
    """Fill a database: create what is missing, load every table, switch on every constraint.

    ``manifest`` keeps the schema and a digest of every table in the database, for ``verify``.
    Raises ``DatabaseError`` where the server refuses; nothing stays of a run that fails, as far
    as the database can take back what it did.
    """
    plan = compile_written(schema)
    log = EventLog(on_event, sum(table.row_count for table in plan.tables.values()))
    _begin(log, plan)
    loaded: dict[str, int] = {}
    with open_database(url) as target:
        target.create(plan.written_schema)
        for loss in target.notes:
            log.append("note", message=loss)
        if isinstance(plan, DirtyPlan):
            log.append("note", message=_NO_TRUTH)
        for name, table in plan.tables.items():
            batches = log.counted(name, plan.batches(name))
            loaded[name] = target.load(table.table, table.arrow_schema, batches)
        log.append("progress", message="switching constraints on")
        target.finish(plan.written_schema)
    if manifest:
        keep_manifest(url, plan.schema, loaded, log)
    log.append("finished")
    return LoadReport(target.dialect, loaded, target.notes)


def _run(
    plan: Plan, units: list[Unit], place: Place, form: Form, workers: int | None
) -> Iterable[Done]:
    def cells(unit: Unit) -> int:
        return cells_of(plan, unit)

    worth_it = workers is not None or sum(map(cells, units)) > _WORTH_PROCESSES
    alone = place.in_process or not worth_it
    executor = executor_for(workers, 1 if alone else len(units))
    # The small pieces come last, so that no worker is left alone with a large one.
    largest_first = sorted(units, key=cells, reverse=True)
    prepare: Callable[[], Callable[[Unit], Done]]
    if executor.shares_memory:
        writer = UnitWriter(plan, place, form)
        prepare = lambda: writer  # noqa: E731 - a factory of what is there already
    else:
        prepare = PrepareWriter(plan.schema, place, form)
    yield from executor.run(prepare, largest_first)


# Starting processes takes about as long as making two million cells in this one.
_WORTH_PROCESSES = 2_000_000


def _fingerprint(schema: Schema, form: Form) -> str:
    asked = "/".join(f"{name}={value}" for name, value in asdict(form).items() if value)
    text = f"{__version__}/{schema_hash(schema)}/{schema.seed}/{asked}"
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(plan: Plan, units: Sequence[Unit], entries: Entries, form: Form) -> Manifest:
    sink = sink_of(form, plan.written_schema)
    parts: dict[str, list[PartEntry]] = {name: [] for name in plan.tables}
    truth: dict[str, list[PartEntry]] = defaultdict(list)
    order: dict[str, list[PartEntry]] = defaultdict(list)
    for unit in units:
        if unit.table:
            made = truth if unit.pieces[0].truth else parts
            for entry in entries[unit.path]:
                (order if is_order(entry.path) else made)[unit.table].append(entry)
            continue
        for piece, entry in zip(unit.pieces, entries[unit.path], strict=True):
            parts[piece.table].append(entry)
    tables = tuple(
        TableEntry(
            name=name,
            rows=table.row_count,
            columns=tuple(table.columns),
            parts=tuple(parts[name]),
            truth=tuple(truth[name]) if name in truth else None,
            order=tuple(order[name]) if name in order else None,
            losses=sink.losses(table.table),
            partition_by=folders_of(form, table.table) or None,
        )
        for name, table in plan.tables.items()
    )
    return Manifest(
        engine_version=__version__,
        schema_hash=schema_hash(plan.schema),
        seed=plan.schema.seed,
        format=form.format,
        dialect=dialect_of(plan.schema, form.dialect) if form.format == "sql" else None,
        compression=form.compression,
        defused=form.defused or None,
        created_by=f"dataforge {__version__}",
        tables=tables,
    )


def _finish(plan: Plan, manifest: Manifest, place: Place, form: Form) -> None:
    ddl = write_ddl(plan.written_schema, dialect_of(plan.schema, form.dialect))
    place.write_bytes(SCHEMA_NAME, to_yaml(plan.schema).encode())
    place.write_bytes(DDL_NAME, ddl.script().encode())
    place.write_bytes(MANIFEST_NAME, manifest_bytes(manifest))

"""The pieces of work that a run is cut into, and how one is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from dataforge.engine import DirtyPlan, Plan, compile_written
from dataforge.engine.dirt.truth import TRUTH_SCHEMA
from dataforge.errors import UnknownNameError, UsageError
from dataforge.schema import ArrayType, BinaryType, JsonType, Schema, Table
from dataforge.schema.truth import TRUTH_TABLE
from dataforge.sinks.excel.names import sheet_cuts
from dataforge.sinks.excel.sheets import Sheet
from dataforge.sinks.excel.sink import ExcelSink
from dataforge.sinks.formats import sink_of, truth_form
from dataforge.sinks.forms import Form
from dataforge.sinks.layout import (
    Part,
    book_path,
    file_stems,
    is_order,
    order_path,
    parts,
    piece_path,
    truth_path,
)
from dataforge.sinks.manifest import PartEntry
from dataforge.sinks.partitions import write_partitions
from dataforge.sinks.places import Place
from dataforge.sinks.writing import Target, write_book, write_parts
from dataforge.workflows.cutting import part_rows_of
from dataforge.workflows.truth import written_truth


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows [``start``, ``stop``) of a table, on a sheet where a file holds several tables.

    A piece of ``truth`` is about these rows instead.
    """

    table: str
    start: int
    stop: int
    sheet: str | None = None
    truth: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One file to make, or several of the names that ``others`` stand for."""

    path: str
    pieces: tuple[Piece, ...]
    others: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that may be written, with ``*`` for what the rows decide."""
        return (self.path, *self.others)

    @property
    def table(self) -> str:
        """The table whose rows these are, empty where there are several."""
        tables = {piece.table for piece in self.pieces}
        return tables.pop() if len(tables) == 1 else ""


@dataclass(frozen=True, slots=True)
class Done:
    """A finished unit: an entry for each of its pieces, or each folder that its rows went to."""

    unit: Unit
    entries: tuple[PartEntry, ...]

    @property
    def rows(self) -> int:
        """The rows of tables that were written; those of the truth do not count."""
        if any(piece.truth for piece in self.unit.pieces):  # a file of nothing else
            return 0
        return sum(entry.rows for entry in self.entries if not is_order(entry.path))


@dataclass(frozen=True)
class UnitWriter:
    """Makes the rows of a unit and writes them; built once in every worker."""

    plan: Plan
    place: Place
    form: Form

    def __call__(self, unit: Unit) -> Done:
        """Write one file."""
        if unit.pieces[0].truth:
            return self._truth(unit)
        sink = sink_of(self.form, self.plan.written_schema)
        if isinstance(sink, ExcelSink):
            sheets = [self._sheet(piece) for piece in unit.pieces]
            return Done(unit, write_book(sink, sheets, self.place, unit.path))
        (piece,) = unit.pieces
        table = self.plan.tables[piece.table]
        rows = partial(self.plan.batches, piece.table)
        part = Part(unit.path, piece.start, piece.stop)
        most = self.form.part_bytes
        target = Target(sink, table.table, table.arrow_schema, self.place, most)
        if "*" in unit.path:
            folders = folders_of(self.form, table.table)
            return Done(unit, write_partitions(target, rows(part.start, part.stop), part, folders))
        return Done(unit, write_parts(target, rows, part))

    def _truth(self, unit: Unit) -> Done:
        (piece,) = unit.pieces
        assert isinstance(self.plan, DirtyPlan)  # noqa: S101 - only dirty tables have a truth
        sink = sink_of(truth_form(self.form), self.plan.schema)
        rows = partial(written_truth, self.plan, piece.table)
        target = Target(sink, TRUTH_TABLE, TRUTH_SCHEMA, self.place, self.form.part_bytes)
        return Done(unit, write_parts(target, rows, Part(unit.path, piece.start, piece.stop)))

    def _sheet(self, piece: Piece) -> Sheet:
        table = self.plan.tables[piece.table]
        return Sheet(
            name=piece.sheet or piece.table,
            table=table.table,
            arrow_schema=table.arrow_schema,
            batches=self.plan.batches(piece.table, piece.start, piece.stop),
            start=piece.start,
            rows=piece.stop - piece.start,
        )


@dataclass(frozen=True)
class PrepareWriter:
    """What a worker needs to become a ``UnitWriter``: plans are compiled there, not sent."""

    schema: Schema
    place: Place
    form: Form

    def __call__(self) -> Callable[[Unit], Done]:
        """Compile the schema."""
        return UnitWriter(compile_written(self.schema), self.place, self.form)


def units_of(plan: Plan, form: Form) -> tuple[Unit, ...]:
    """Cut a plan into files; UsageError where the format cannot be written as ``form`` asks."""
    sink = sink_of(form, plan.written_schema)
    truth = _truth_units(plan, form)
    if isinstance(sink, ExcelSink):
        return (_book(plan, sink, form), *truth)
    _refuse_unknown(plan, form)
    stems = file_stems(plan.tables)
    data = tuple(
        Unit(part.path, (Piece(name, part.start, part.stop),), _others(part, form, sink.extension))
        for name, table in plan.tables.items()
        for part in parts(
            stems[name],
            table.row_count,
            sink.extension,
            part_rows_of(plan, name, form),
            len(folders_of(form, table.table)),
        )
    )
    return data + truth


def _others(part: Part, form: Form, extension: str) -> tuple[str, ...]:
    """Return what may be written besides a part: its pieces, and the order of its rows."""
    pieces = [] if form.part_bytes is None else [piece_path(part.path, "*", extension)]
    return (*pieces, *([order_path(part)] if "*" in part.path else ()))


def _truth_units(plan: Plan, form: Form) -> tuple[Unit, ...]:
    """Cut the truth about each dirty table as its rows are cut."""
    if not isinstance(plan, DirtyPlan):
        return ()
    stems = file_stems(plan.tables)
    extension = sink_of(truth_form(form), plan.schema).extension
    return tuple(
        Unit(
            truth_path(part),
            (Piece(name, part.start, part.stop, truth=True),),
            _others(Part(truth_path(part), part.start, part.stop), form, extension),
        )
        for name in plan.dirt
        for part in parts(stems[name], plan.tables[name].row_count, extension, form.part_rows)
    )


def folders_of(form: Form, table: Table) -> tuple[str, ...]:
    """Return the columns that a table is partitioned by."""
    return tuple(name for name in form.partition_by if name in table.columns_by_name)


def _refuse_unknown(plan: Plan, form: Form) -> None:
    """UnknownNameError for a column to partition by that no table has, or that has no name."""
    known = {c.name: c for table in plan.tables.values() for c in table.table.columns}
    for name in form.partition_by:
        if name not in known:
            raise UnknownNameError.of("column to partition by", name, known)
        if isinstance(known[name].type, BinaryType | ArrayType | JsonType):
            raise UsageError(f"{name} holds {known[name].type.kind} values → partition by another")


def cells_of(plan: Plan, unit: Unit) -> int:
    """Count the cells of a unit."""
    return sum((p.stop - p.start) * len(plan.tables[p.table].columns) for p in unit.pieces)


def _book(plan: Plan, sink: ExcelSink, form: Form) -> Unit:
    """Put every table on a sheet of one file, on several where it has too many rows."""
    if form.partition_by:
        raise UsageError("a workbook is one file → leave out --partition-by, or write parquet")
    if form.part_rows is not None:
        raise UsageError("a workbook is one file → leave out --rows-per-file, or write csv")
    if form.part_bytes is not None:
        raise UsageError("a workbook is one file → leave out --part-size, or write csv")
    sink.refuse([table.table for table in plan.tables.values()])
    cuts = sheet_cuts({name: table.row_count for name, table in plan.tables.items()})
    pieces = tuple(Piece(cut.table, cut.start, cut.stop, cut.name) for cut in cuts)
    return Unit(book_path(plan.schema.name, sink.extension), pieces)

"""Compression, parts and defused formulas: other bytes, the same rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from command_line import hashes
from dataforge.errors import UnknownNameError, UsageError
from dataforge.schema import Column, Schema, StringType, Table
from dataforge.sinks.formats import sink_of
from dataforge.sinks.forms import Form
from dataforge.sinks.layout import Part
from dataforge.sinks.places import LocalPlace
from dataforge.sinks.text.defusing import armed_text, defused_text
from dataforge.sinks.writing import write_part
from dataforge.verification import verify_directory
from dataforge.workflows.events import Event
from dataforge.workflows.generate import generate
from dataforge.workflows.load import load
from sample_schemas import COLUMNS, column, key_column

SCHEMA = Schema(
    tables=(
        Table(
            name="t",
            rows=300,
            primary_key=("id",),
            columns=(key_column(), *(column(f"c{n}", facts) for n, facts in enumerate(COLUMNS))),
        ),
        Table(name="empty", rows=0, columns=(key_column(),)),
    )
)
FORMS = [
    *(
        Form(kind, compression=how)
        for kind in ("csv", "tsv", "json", "jsonl")
        for how in ("gzip", "zstd")
    ),
    *(Form("parquet", compression=how) for how in ("gzip", "snappy", "zstd", "none")),
    *(Form("arrow", compression=how) for how in ("lz4", "zstd", "none")),
    Form("csv", part_rows=100, compression="gzip", defused=True),
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_packed_data_is_verified_and_loaded(form: Form, tmp_path: Path) -> None:
    generate(SCHEMA, tmp_path / "out", form=form)
    certificate = verify_directory(tmp_path / "out")
    assert certificate.passed, certificate.summary()
    assert load(tmp_path / "out", f"sqlite:///{tmp_path / 'x.db'}").rows == {"t": 300, "empty": 0}


def test_what_gzip_packs_is_the_plain_file_and_names_no_time(tmp_path: Path) -> None:
    generate(SCHEMA, tmp_path / "plain")
    generate(SCHEMA, tmp_path / "packed", form=Form(compression="gzip"))
    packed = (tmp_path / "packed/data/t.csv.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "plain/data/t.csv").read_bytes()
    assert packed[4:8] == b"\0\0\0\0"


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_batches_change_no_packed_byte(compression: str, tmp_path: Path) -> None:
    table = Table(name="t", columns=(Column(name="s", type=StringType()),))
    whole = pa.table({"s": [f"row {n % 7919} of many" for n in range(200_000)]})
    sink = sink_of(Form(compression=compression), Schema(tables=(table,)))
    for name, rows in (("one", None), ("many", 999)):
        batches = whole.to_batches(max_chunksize=rows)
        write_part(sink, table, whole.schema, batches, LocalPlace(tmp_path), Part(name, 0, 0))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes()


def test_a_codec_is_the_files_own(tmp_path: Path) -> None:
    generate(SCHEMA, tmp_path, form=Form("parquet", compression="snappy"))
    group = pq.read_metadata(tmp_path / "data/t.parquet").row_group(0)
    assert group.column(0).compression == "SNAPPY"


def test_parts_have_as_many_rows_as_asked(tmp_path: Path) -> None:
    manifest = generate(SCHEMA, tmp_path, form=Form(part_rows=120))
    assert [(part.path, part.start, part.rows) for part in manifest.tables[0].parts] == [
        ("data/t/part-00000.csv", 0, 120),
        ("data/t/part-00001.csv", 120, 120),
        ("data/t/part-00002.csv", 240, 60),
    ]


def test_rows_go_to_the_folder_of_their_value_and_keep_every_promise(tmp_path: Path) -> None:
    form = Form("parquet", part_rows=200, partition_by=("c11", "c3"))
    for workers in (1, 2):
        manifest = generate(SCHEMA, tmp_path / str(workers), form=form, workers=workers)
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")
    parts = manifest.tables[0].parts
    assert sum(part.rows for part in parts) == 300
    assert {part.path.split("/")[2].split("=")[0] for part in parts} == {"c11"}
    assert {part.path.rpartition("/")[2] for part in parts} == {
        "part-00000.parquet",
        "part-00001.parquet",
    }
    for part in parts:
        _, _, first, second, _ = part.path.split("/")
        rows = pq.read_table(tmp_path / "1" / part.path, partitioning=None)
        assert {f"c11={value}" for value in rows["c11"].to_pylist()} == {first}
        assert {f"c3={str(value).lower()}" for value in rows["c3"].to_pylist()} == {second}
    certificate = verify_directory(tmp_path / "1")
    assert certificate.passed, certificate.summary()
    url = f"sqlite:///{tmp_path / 'x.db'}"
    assert load(tmp_path / "1", url).rows == {"t": 300, "empty": 0}


def test_a_partitioned_run_is_taken_up_and_replaced(tmp_path: Path) -> None:
    form = Form("csv", part_rows=100, partition_by=("c11",))
    seen: list[str] = []

    def stopping(event: Event) -> None:
        seen.append(event.kind)
        if seen.count("progress") == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(SCHEMA, tmp_path / "a", form=form, on_event=stopping)
    generate(SCHEMA, tmp_path / "a", form=form, resume=True)
    generate(SCHEMA, tmp_path / "b", form=form)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    generate(SCHEMA, tmp_path / "a", overwrite=True)
    assert not list((tmp_path / "a").rglob("*=*"))


def test_what_cannot_be_partitioned_by_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="unknown column to partition by 'c99'"):
        generate(SCHEMA, tmp_path / "out", form=Form(partition_by=("c99",)))
    with pytest.raises(UsageError, match="c10 holds binary values"):
        generate(SCHEMA, tmp_path / "out", form=Form(partition_by=("c10",)))
    with pytest.raises(UsageError, match="one file → leave out --partition-by"):
        generate(SCHEMA, tmp_path / "out", form=Form("xlsx", partition_by=("id",)))
    many = SCHEMA.model_copy(
        update={"tables": (SCHEMA.tables[0].model_copy(update={"rows": 1_200}),)}
    )
    with pytest.raises(UsageError, match="more than 1,000 folders"):
        generate(many, tmp_path / "out", form=Form(partition_by=("id",)))


NASTY = [
    "=1+1",
    "'=x",
    "''+",
    "+49 30",
    "-5",
    "@x",
    "\tx",
    "\r",
    "plain",
    "'",
    "",
    None,
    "a=b",
    "'a",
]


def test_formulas_get_an_apostrophe_that_can_be_taken_away_again() -> None:
    defused = defused_text(pa.array(NASTY))
    assert defused.to_pylist() == [
        "'=1+1",
        "''=x",
        "'''+",
        "'+49 30",
        "'-5",
        "'@x",
        "'\tx",
        "'\r",
        *NASTY[8:],
    ]
    assert armed_text(defused).to_pylist() == NASTY


def test_defused_files_hold_no_formula_and_are_read_back(tmp_path: Path) -> None:
    table = Table(name="t", columns=(Column(name="s", type=StringType()), key_column()))
    sink = sink_of(Form(defused=True), Schema(tables=(table,)))
    arrow = pa.schema([("s", pa.string()), ("id", pa.int64())])
    batch = pa.RecordBatch.from_pydict({"s": NASTY, "id": [-1] * len(NASTY)}, schema=arrow)
    write_part(sink, table, arrow, [batch], LocalPlace(tmp_path), Part("t.csv", 0, 0))
    text = (tmp_path / "t.csv").read_text()
    assert "\n'=1+1,-1\n" in text
    read = pa.Table.from_batches(sink.read(table, arrow, tmp_path / "t.csv"), arrow)
    assert read.column("s").to_pylist() == NASTY
    assert any("apostrophe" in loss for loss in sink.losses(table))


def test_the_verifier_sees_through_the_apostrophes(tmp_path: Path) -> None:
    """The enum's values are what is proven, not what stands in the file."""
    facts = {"type": {"kind": "enum", "values": ["=a", "+b", "'=c"]}, "nullable": False}
    schema = Schema(tables=(Table(name="t", rows=50, columns=(column("e", facts), key_column())),))
    generate(schema, tmp_path, form=Form(defused=True))
    assert "\n'=a," in (tmp_path / "data/t.csv").read_text()
    certificate = verify_directory(tmp_path)
    assert certificate.passed, certificate.summary()


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (Form("csv", compression="snappy"), "unknown compression of csv 'snappy'.*gzip, zstd"),
        (Form("parquet", compression="lz4"), "unknown compression of parquet 'lz4'.*snappy"),
    ],
)
def test_a_codec_that_a_format_does_not_have_lists_its_own(form: Form, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        sink_of(form, SCHEMA)


def test_formulas_are_defused_only_where_spreadsheets_run_text() -> None:
    with pytest.raises(UsageError, match="--defuse-formulas is for csv and tsv"):
        sink_of(Form("parquet", defused=True), SCHEMA)
    with pytest.raises(UsageError, match="at least one row"):
        Form(part_rows=0)

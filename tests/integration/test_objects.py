"""Data sets in an object store: whole objects or none, resumed, verified, loaded, refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from command_line import hashes
from dataforge.app.places import is_place_url, place_of
from dataforge.app.settings import Settings
from dataforge.errors import OutputError, UnknownNameError, UsageError
from dataforge.schema import ForeignKey, Schema, Table, write_schema
from dataforge.sinks.forms import Form
from dataforge.sinks.objects.place import ObjectPlace, StoreOptions
from dataforge.sinks.objects.refusals import refusal
from dataforge.workflows.check import verify_target
from dataforge.workflows.events import Event
from dataforge.workflows.generate import generate
from dataforge.workflows.load import load
from sample_schemas import COLUMNS, column, key_column
from servers import free_port, object_server

SECRET = "wJalrXUtnFEMI"
SCHEMA = Schema(
    name="shop",
    tables=(
        Table(
            name="parent",
            rows=100,
            primary_key=("id",),
            columns=(key_column(), *(column(f"c{n}", facts) for n, facts in enumerate(COLUMNS))),
        ),
        Table(
            name="child",
            rows=250,
            primary_key=("id",),
            columns=(key_column(), key_column("parent_id")),
            foreign_keys=(
                ForeignKey(columns=("parent_id",), parent="parent", parent_columns=("id",)),
            ),
        ),
    ),
)
PARTS = Form("parquet", part_rows=100)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with object_server() as address:
        yield address


def settings(endpoint: str) -> Settings:
    return Settings.read(
        {
            "AWS_ACCESS_KEY_ID": "tester",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "DATAFORGE_S3_ENDPOINT": endpoint,
        }
    )


def put_bucket(server: str, name: str) -> None:
    with urlopen(Request(f"{server}/{name}", method="PUT")):
        pass


@pytest.fixture
def place(server: str, request: pytest.FixtureRequest) -> ObjectPlace:
    """Return an empty prefix of a bucket of its own."""
    name = f"bucket-{abs(hash(request.node.name)) % 10**9}"
    put_bucket(server, name)
    found = place_of(f"s3://{name}/some/where/", settings(server))
    assert isinstance(found, ObjectPlace)
    return found


def test_the_objects_are_the_files_of_a_directory(place: ObjectPlace, tmp_path: Path) -> None:
    for form in (PARTS, Form("csv", compression="gzip"), Form("xlsx"), Form("json")):
        generate(SCHEMA, place, form=form, overwrite=True)
        generate(SCHEMA, tmp_path / form.format, form=form)
        sizes = place.sizes()
        assert set(sizes) == set(hashes(tmp_path / form.format))
        for path in sizes:
            assert place.read_bytes(path) == (tmp_path / form.format / path).read_bytes()


@pytest.mark.parametrize(
    "form",
    [
        Form("csv", part_bytes=10_000),
        Form("csv", compression="zstd", part_bytes=10_000, partition_by=("parent_id",)),
    ],
    ids=str,
)
def test_folders_and_files_of_a_size_are_objects_as_well(
    form: Form, place: ObjectPlace, tmp_path: Path
) -> None:
    tables = {table.name: table.model_copy(update={"rows": 2000}) for table in SCHEMA.tables[1:]}
    many = SCHEMA.model_copy(update={"tables": (SCHEMA.tables[0], *tables.values())})
    for schema in (many, SCHEMA):
        generate(schema, place, form=form, overwrite=True)
        generate(schema, tmp_path, form=form, overwrite=True)
        assert set(place.sizes()) == set(hashes(tmp_path))
        certificate = verify_target(place)
        assert certificate.passed, certificate.summary()
        place.delete(["certificate.json"])


def test_it_is_verified_and_loaded_where_it_is(place: ObjectPlace, tmp_path: Path) -> None:
    generate(SCHEMA, place, form=PARTS)
    certificate = verify_target(place)
    assert certificate.passed, certificate.summary()
    assert b'"passed"' in (place.read_bytes("certificate.json") or b"")
    report = load(place, f"sqlite:///{tmp_path / 'x.db'}")
    assert report.rows == {"parent": 100, "child": 250}


def test_a_changed_object_is_found(place: ObjectPlace) -> None:
    generate(SCHEMA, place)
    data = place.read_bytes("data/child.csv") or b""
    place.write_bytes("data/child.csv", data.replace(b"\n7,", b"\n8,"))
    kinds = {check.kind for check in verify_target(place).failures}
    assert kinds == {"file", "primary_key"}


class StopError(Exception):
    pass


def stopping_after(count: int) -> object:
    seen: list[str] = []

    def listen(event: Event) -> None:
        seen.append(event.kind)
        if seen.count("progress") == count:
            raise StopError

    return listen


def test_a_stopped_run_is_taken_up_and_makes_only_what_is_missing(
    place: ObjectPlace, tmp_path: Path
) -> None:
    with pytest.raises(StopError):
        generate(SCHEMA, place, form=PARTS, on_event=stopping_after(2))  # type: ignore[arg-type]
    before = {path for path in place.sizes() if path.startswith("data/")}
    assert len(before) == 2
    with pytest.raises(UsageError, match="unfinished run"):
        verify_target(place)
    with pytest.raises(OutputError, match="is not empty → name another prefix"):
        generate(SCHEMA, place, form=PARTS)
    with pytest.raises(OutputError, match="no unfinished run of this schema"):
        generate(SCHEMA.model_copy(update={"seed": 9}), place, form=PARTS, resume=True)
    generate(SCHEMA, place, form=PARTS, resume=True)
    generate(SCHEMA, tmp_path / "clean", form=PARTS)
    assert set(place.sizes()) == set(hashes(tmp_path / "clean"))
    assert verify_target(place).passed


def test_overwriting_removes_what_was_written_and_nothing_else(place: ObjectPlace) -> None:
    place.write_bytes("notes.txt", b"mine")
    with pytest.raises(OutputError, match="is not empty"):
        generate(SCHEMA, place)
    generate(SCHEMA, place, form=PARTS, overwrite=True)
    generate(SCHEMA, place, form=Form("csv"), overwrite=True)
    paths = set(place.sizes())
    assert {path for path in paths if path.endswith((".parquet", ".csv"))} == {
        "data/parent.csv",
        "data/child.csv",
    }
    assert "notes.txt" in paths


def upload(place: ObjectPlace, fault: Exception | None) -> None:
    with place.replacing("big.bin") as stream:
        for _ in range(4):
            stream.write(b"x" * (6 << 20))
        assert place.sizes() == {}
        if fault is not None:
            raise fault


def test_an_upload_that_fails_leaves_no_object_and_no_pieces(
    place: ObjectPlace, server: str
) -> None:
    bucket = place.url.split("/")[2]
    with pytest.raises(ValueError, match="broken"):
        upload(place, ValueError("broken"))
    assert place.sizes() == {}
    with urlopen(f"{server}/{bucket}?uploads") as answer:
        assert b"<UploadId>" not in answer.read()
    upload(place, None)
    assert place.sizes() == {"big.bin": 24 << 20}


def test_the_command_with_several_processes(server: str, tmp_path: Path) -> None:
    put_bucket(server, "commands")
    write_schema(SCHEMA, tmp_path / "shop.yaml")
    environment = os.environ | {
        "AWS_ACCESS_KEY_ID": "tester",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "DATAFORGE_S3_ENDPOINT": server,
    }
    command = [sys.executable, "-c", "from dataforge.cli.main import main; main()"]

    def ran(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    place = "s3://commands/here"
    schema = ("--schema", str(tmp_path / "shop.yaml"), "--rows-per-file", "50")
    made = ran("generate", *schema, "--out", place, "--workers", "2", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["directory"] == place
    proven = ran("verify", place)
    assert proven.returncode == 0, proven.stderr
    assert f"Verified: {place}" in proven.stdout
    loaded = ran("load", place, f"sqlite:///{tmp_path / 'x.db'}")
    assert loaded.returncode == 0, loaded.stderr
    refused = ran("generate", *schema, "--out", "s3://not-there/x")
    assert refused.returncode == 1
    assert "there is no such bucket → create it first" in refused.stderr
    for run in (made, proven, loaded, refused):
        assert SECRET not in run.stdout + run.stderr


def test_a_store_that_refuses_is_told_with_what_to_do(server: str) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    cases = [
        (place_of("s3://not-there/x", settings(server)), "there is no such bucket → create it"),
        (place_of("s3://bucket/x", settings(nowhere)), "cannot be reached → check the network"),
    ]
    for found, told in cases:
        assert isinstance(found, ObjectPlace)
        with pytest.raises(OutputError, match=told) as raised:
            generate(SCHEMA, found)
        assert SECRET not in str(raised.value)
        with pytest.raises(OutputError, match=told):
            verify_target(found)
        assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("told", "meaning"),
    [
        ("403 Forbidden: <Code>AccessDenied</Code>", "access was refused → check the credentials"),
        ("<Code>SignatureDoesNotMatch</Code> key=AKIA123", "access was refused"),
        ("<Code>PermanentRedirect</Code>", "another region → set AWS_REGION"),
        ("GET http://169.254.169.254/latest: error sending", "no credentials were found → set"),
        ("status code: 503 Slow Down: <Code>SlowDown</Code>", "asks for fewer requests"),
        ("status code: 418 I am a teapot: AKIA123", "x: 418 I am a teapot"),
        ("AKIA123 what is this", "no reason that is known"),
    ],
)
def test_refusals_have_a_meaning_and_keep_no_secret(told: str, meaning: str) -> None:
    said = str(refusal("s3://b/x", "write", told))
    assert meaning in said
    assert "AKIA123" not in said


def test_memory_and_file_urls_are_places_too(tmp_path: Path) -> None:
    memory = place_of("memory://here", Settings())
    assert isinstance(memory, ObjectPlace)
    generate(SCHEMA, memory, form=PARTS, workers=4)
    assert verify_target(memory).passed
    assert place_of(f"file://{tmp_path}/a%20b", Settings()) == tmp_path / "a b"


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("s3:///x", UsageError, "names no bucket → s3://bucket/prefix"),
        ("s4://b/x", UnknownNameError, "did you mean 's3'"),
        ("file://host/x", UsageError, "file:///path/to/directory"),
    ],
)
def test_what_is_no_place_is_told(url: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        place_of(url, Settings())


def test_databases_are_no_places() -> None:
    assert [is_place_url(f"{scheme}://x") for scheme in ("s3", "gs", "az", "file")] == [True] * 4
    assert not any(map(is_place_url, ("sqlite:///x", "postgresql://h/d", "out", "C:/data")))


def test_settings_come_from_the_environment_and_are_not_shown() -> None:
    found = Settings.read({"AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "eu-north-1"})
    assert dict(found.stores["s3"]) == {"secret_access_key": SECRET, "region": "eu-north-1"}
    assert SECRET not in repr(found)
    assert SECRET not in repr(StoreOptions(found.stores["s3"]))
    with pytest.raises(UsageError, match="DATAFORGE_S3_ENDPOINT: is not an http"):
        Settings.read({"DATAFORGE_S3_ENDPOINT": "localhost:9000"})

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from dataforge.cli.main import main

SHOP = str(Path(__file__).parents[2] / "examples" / "shop.sql")
FEW = ("--rows", "60", "--rows", "orders=90")


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


@pytest.fixture
def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = tmp_path / "shop-data"
    code, _, err = ran(capsys, "generate", "--ddl", SHOP, *FEW, "--out", str(out))
    assert code == 0, err
    return out


def hashes(directory: Path) -> dict[str, str]:
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_what_was_made_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "shop-data"
    code, shown, err = ran(capsys, "generate", "--ddl", SHOP, *FEW, "--out", str(out))
    assert code == 0
    assert "11 tables" in shown
    assert str(out) in shown.replace("\n", "")
    assert "dataforge verify" in shown
    assert "Traceback" not in err


def test_a_directory_holds_data_ddl_schema_and_manifest(made: Path) -> None:
    assert {"data", "ddl.sql", "schema.yaml", "manifest.json"} <= {p.name for p in made.iterdir()}
    with (made / "data" / "orders.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 90
    assert list(rows[0])[:2] == ["order_id", "customer_id"]


def test_the_same_seed_gives_the_same_bytes_whatever_the_workers(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "again"
    ran(capsys, "generate", "--ddl", SHOP, *FEW, "--workers", "2", "--out", str(again))
    assert hashes(again) == hashes(made)
    other = tmp_path / "other"
    ran(capsys, "generate", "--ddl", SHOP, *FEW, "--seed", "7", "--out", str(other))
    assert hashes(other)["data/payments.csv"] != hashes(made)["data/payments.csv"]


def test_json_tells_tables_files_and_sizes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "d"
    code, shown, err = ran(
        capsys, "generate", "--ddl", SHOP, *FEW, "--out", str(out), "--format", "parquet", "--json"
    )
    assert (code, err) == (0, "")
    found = json.loads(shown)
    orders = next(table for table in found["tables"] if table["name"] == "orders")
    assert orders["rows"] == 90
    assert orders["files"] == ["data/orders.parquet"]
    assert orders["size_bytes"] == (out / orders["files"][0]).stat().st_size
    assert found["rows"] == sum(table["rows"] for table in found["tables"])


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "parquet", "arrow"])
def test_every_format_verifies(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "d")
    code, _, err = ran(capsys, "generate", "--ddl", SHOP, *FEW, "--format", form, "--out", out)
    assert code == 0, err
    code, shown, err = ran(capsys, "verify", out)
    assert code == 0, err
    assert "PASSED" in shown


def test_sql_output_in_another_dialect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "d"
    arguments = ("--format", "sql", "--sql-dialect", "mysql", "--out", str(out))
    code, _, err = ran(capsys, "generate", "--ddl", SHOP, *FEW, *arguments)
    assert code == 0, err
    assert "`orders`" in (out / "ddl.sql").read_text()


@pytest.mark.parametrize("rows", [[], ["3"]])
def test_preview_writes_nothing(
    rows: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, shown, _ = ran(capsys, "generate", "--ddl", SHOP, "--json", "--preview", *rows)
    tables = json.loads(shown)["tables"]
    assert code == 0
    assert len(tables) == 11
    assert len(tables["orders"]) == int(rows[0] if rows else 10)
    code, shown, _ = ran(capsys, "generate", "--ddl", SHOP, "--preview", *rows)
    assert "order_lines" in shown
    assert not list(tmp_path.iterdir())


def test_without_out_the_directory_is_named_after_the_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ran(capsys, "generate", "--ddl", SHOP, *FEW)[0] == 0
    assert (tmp_path / "shop-data" / "manifest.json").is_file()


def test_an_occupied_directory_is_kept_unless_overwritten(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = hashes(made)
    arguments = ("generate", "--ddl", SHOP, *FEW, "--seed", "9", "--out", str(made))
    code, out, err = ran(capsys, *arguments)
    assert code == 1
    assert not out
    assert "--overwrite" in err
    assert hashes(made) == before
    assert ran(capsys, *arguments, "--overwrite")[0] == 0
    assert hashes(made) != before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--rows", "order=5"), 2, "did you mean 'orders'?"),
        (("--rows", "5", "--seed", "-1"), 2, "-1"),
        (("--rows", "5", "--format", "xml"), 2, "'csv'"),
        (("--rows", "5", "--out", "oracel://h/d"), 2, "sqlite"),
    ],
)
def test_what_cannot_be_done_is_told_before_anything_is_written(
    arguments: tuple[str, ...],
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    found, out, err = ran(capsys, "generate", "--ddl", SHOP, *arguments)
    assert (found, out) == (code, "")
    assert said in err
    assert not list(tmp_path.iterdir())


def test_an_interruption_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataforge.cli import generating

    def interrupted(*_positional: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(generating, "generate", interrupted)
    code, out, err = ran(capsys, "generate", "--ddl", SHOP, "--out", str(tmp_path / "d"))
    assert (code, out) == (130, "")
    assert "--resume" in err
    assert "Traceback" not in err


def test_a_changed_cell_is_named_by_verify(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "verify", str(made))[0] == 0
    file = made / "data" / "orders.csv"
    lines = file.read_text().splitlines(keepends=True)
    order, _customer, rest = lines[4].split(",", 2)
    lines[4] = f"{order},999999,{rest}"
    file.write_text("".join(lines))
    code, shown, _ = ran(capsys, "verify", str(made))
    assert code == 1
    assert "FAILED" in shown
    assert "foreign_key orders(customer_id)" in shown
    assert "row 3" in shown
    code, shown, _ = ran(capsys, "verify", str(made), "--json")
    assert code == 1
    assert json.loads(shown)["verdict"] == "failed"
    assert json.loads((made / "certificate.json").read_text())["verdict"] == "failed"


def test_verify_a_directory_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ran(capsys, "verify", str(tmp_path))
    assert code == 2
    assert not out
    assert "manifest.json" in err


def test_load_generate_into_and_verify_a_database(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    code, out, err = ran(capsys, "load", str(made), f"sqlite:///{one}", "--json")
    assert code == 0, err
    assert {"name": "orders", "rows": 90} in json.loads(out)["tables"]
    code, out, err = ran(capsys, "generate", "--ddl", SHOP, *FEW, "--out", f"sqlite:///{two}")
    assert code == 0, err
    assert "every constraint switched on" in out
    for place in (one, two):
        with sqlite3.connect(place) as database:
            assert database.execute("SELECT count(*) FROM orders").fetchone() == (90,)
        database.close()
    schema = str(made / "schema.yaml")
    code, out, err = ran(capsys, "verify", f"sqlite:///{one}", "--schema", schema)
    assert code == 0, err
    assert "PASSED" in out


def test_a_database_without_a_schema_cannot_be_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.db").touch()
    code, _, err = ran(capsys, "verify", f"sqlite:///{tmp_path / 'x.db'}")
    assert code == 2
    assert "--schema" in err

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NEVER = {"pandas", "polars", "psycopg", "pymysql"}
SCHEMA = """
version: 1
tables:
- name: t
  primary_key: [id]
  columns:
  - {name: id, type: uuid, nullable: false}
  - {name: price, type: 'decimal(8,2)', spec: {kind: number, minimum: 0, maximum: 10}}
"""
PROGRAM = """
import sys
from dataforge.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code
print("\\n".join({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def loaded_by(place: Path, *arguments: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=place,
    )
    return set(run.stderr.splitlines())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "t.yaml").write_text(SCHEMA)
    return tmp_path


def test_generate_loads_only_what_it_needs(place: Path) -> None:
    loaded = loaded_by(place, "generate", "--schema", "t.yaml", "--rows", "10")
    assert {"numpy", "pyarrow"} <= loaded
    assert not loaded & (NEVER | {"sqlglot", "duckdb"})


def test_verify_does_without_pandas(place: Path) -> None:
    loaded_by(place, "generate", "--schema", "t.yaml", "--rows", "10")
    assert not loaded_by(place, "verify", "t-data") & NEVER


def test_a_library_that_calls_the_command_keeps_its_pandas() -> None:
    program = (
        "from dataforge.cli.main import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit:\n    pass\n"
        "import pandas, pyarrow\n"
        "assert pyarrow.array(pandas.Series([1, 2])).to_pandas().sum() == 3\n"
    )
    pytest.importorskip("pandas")
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert run.returncode == 0, run.stderr

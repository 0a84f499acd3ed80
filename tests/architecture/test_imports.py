"""What importing costs, as the set of modules that it loads."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import dataforge

HEAVY = {
    "adbc_driver_postgresql",
    "boto3",
    "botocore",
    "duckdb",
    "langchain",
    "langchain_core",
    "langgraph",
    "langsmith",
    "numpy",
    "pandas",
    "polars",
    "psycopg",
    "pyarrow",
    "pydantic",
    "pymysql",
    "rich",
    "sqlglot",
    "yaml",
}

NEEDED_AT_MOST = {
    "import dataforge": set[str](),
    "import dataforge; dataforge.__version__, dir(dataforge)": set[str](),
    "import dataforge; dataforge.SchemaError": set[str](),
    "import dataforge; dataforge.Schema": {"pydantic"},
    "import dataforge.cli.main": set[str](),
}


def loaded_by(statement: str) -> set[str]:
    program = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in json.loads(run.stdout)}


@pytest.mark.parametrize("statement", NEEDED_AT_MOST)
def test_statement_loads_no_heavy_library(statement: str) -> None:
    assert loaded_by(statement) & HEAVY <= NEEDED_AT_MOST[statement]


def test_help_loads_no_heavy_library() -> None:
    program = (
        "import sys\nfrom dataforge.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "generate" in run.stdout
    assert not {line.split(".")[0] for line in run.stderr.splitlines()} & HEAVY


def test_public_names_are_all_there_and_documented() -> None:
    assert len(set(dataforge.__all__)) == len(dataforge.__all__)
    for name in dataforge.__all__:
        value = getattr(dataforge, name)
        assert name == "__version__" or value.__doc__


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        dataforge.nonsense  # noqa: B018

"""A million order lines whose books close to the cent, as the verifier reads them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from command_line import ran

BOOKS = Path(__file__).parents[2] / "examples" / "books.yaml"
LINES = 1_000_000


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("books") / "data"
    code, _, err = ran("generate", "--schema", BOOKS, "--format", "parquet", "--out", out)
    assert code == 0, err
    return out


def test_totals_are_the_sums_of_their_parts_in_every_order(books: Path) -> None:
    code, out, err = ran("verify", books, "--json")
    assert code == 0, err
    found = json.loads(out)
    rows = {table["name"]: table["rows"] for table in found["tables"]}
    assert rows == {"orders": LINES // 4, "lines": LINES, "payments": LINES // 2}
    assert {check["verdict"] for check in found["checks"]} == {"passed"}
    kinds = Counter(check["kind"] for check in found["checks"])
    assert kinds["aggregate"] == 4
    assert kinds["running_total"] == 1
    assert kinds["expression"] == 6
    assert kinds["lookup"] == 2
    assert kinds["rule"] == 4


def test_the_sums_of_all_money_agree(books: Path) -> None:
    def total(table: str, column: str) -> object:
        place = books / "data" / table
        read = pq.read_table(
            place if place.is_dir() else place.with_suffix(".parquet"), columns=[column]
        )
        return pc.sum(read[column]).as_py()

    assert total("orders", "total") == total("lines", "amount") == total("payments", "amount")
    assert total("orders", "balance") == 0
    assert total("orders", "line_count") == LINES

"""Every kind of spec on one core, in the table where the reference tries it.

Usage: specs.py (prints a line a kind: name, values/s)
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from dataforge.engine import Plan, compile_schema
from dataforge.schema import Schema, normalize

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tools"))

from samples import COLUMN, TABLE, hosted, hosts  # noqa: E402 - the tool that the reference uses

ROWS = 1 << 19
PARENTS = 1 << 17


def rates() -> Iterator[tuple[str, float]]:
    """Yield each kind with its values a second, the parents' and siblings' cells included."""
    examples = yaml.safe_load((ROOT / "docs" / "spec-examples.yaml").read_text("utf-8"))
    around = hosts()
    for kind, example in examples.items():
        plan = compile_schema(_grown(hosted(example, around.get(kind, {}), ROWS)))
        _once(plan, 4096)
        yield kind, max(_once(plan, ROWS) for _ in range(2))


def _grown(schema: Schema) -> Schema:
    """Give the tables as many rows as a large data set has; laws decide where there are any."""
    tables = []
    for table in normalize(schema).tables:
        rows = ROWS if table.name == TABLE else PARENTS
        by_law = table.owner is not None and table.owner.law is not None
        tables.append(table if by_law else table.model_copy(update={"rows": rows}))
    return schema.model_copy(update={"tables": tuple(tables)})


def _once(plan: Plan, rows: int) -> float:
    start = time.perf_counter()
    made = sum(batch.num_rows for batch in plan.batches(TABLE, 0, rows, columns=[COLUMN]))
    return made / (time.perf_counter() - start)


if __name__ == "__main__":
    for name, rate in rates():
        print(name, f"{rate:.0f}")

"""What column names were taken to mean, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.box import SIMPLE_HEAD
from rich.table import Table

from dataforge.app.inputs import Reading
from dataforge.cli.output import print_json, show
from dataforge.cli.readings import explain as remark_on
from dataforge.cli.readings import remarks_json
from dataforge.errors import UnknownNameError
from dataforge.workflows.meaning import explain_meaning


def print_meanings(reading: Reading, tables: Sequence[str], *, as_json: bool) -> None:
    """Print a line a column: its concept, how sure that is, what it makes and why."""
    for name in tables:
        if name not in reading.schema.tables_by_name:
            raise UnknownNameError.of("table", name, reading.schema.tables_by_name)
    findings = [f for f in explain_meaning(reading.schema) if not tables or f.table in tables]
    if as_json:
        print_json({"findings": [asdict(each) for each in findings], **remarks_json(reading)})
        return
    remark_on(reading)
    listed = Table("column", "concept", "sure", "makes", "because", box=SIMPLE_HEAD, pad_edge=False)
    for each in findings:
        name = f"{each.table}.{each.column}"
        listed.add_row(name, each.concept, f"{each.score:.2f}", each.makes, each.reason)
    show(listed)

"""What was loaded into a database, on stdout."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from dataforge.app.secrets import masked
from dataforge.cli.output import counted, grid, print_json, remark_all, show
from dataforge.workflows.events import LoadReport


def print_loaded(report: LoadReport, url: str, notes: Sequence[str] = (), *, as_json: bool) -> None:
    """Print the rows of each table; ``notes`` are what the run remarked on the way."""
    remarks = [*notes, *report.notes]
    if as_json:
        tables = [{"name": name, "rows": rows} for name, rows in report.rows.items()]
        print_json({"database": masked(url), "tables": tables, "notes": remarks})
        return
    rows = [(name, f"{count:,}") for name, count in report.rows.items()]
    table = grid(("table", "rows"), rows, ("rows",))
    table.add_section()
    table.add_row(
        Text(counted(len(report.rows), "table"), style="bold"),
        Text(f"{sum(report.rows.values()):,}", style="bold"),
    )
    show(table)
    remark_all(remarks)
    show(f"Loaded into {masked(url)} with every constraint switched on.")

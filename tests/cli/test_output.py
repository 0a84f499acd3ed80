from __future__ import annotations

import io
import sys
import threading
from decimal import Decimal

import click
import pyarrow as pa
import pytest
from rich.console import Console

from dataforge.cli.options import RowCount, row_counts
from dataforge.cli.output import MOST_NOTES, remark, remark_all, size_text
from dataforge.cli.progress import EVERY_S, Bar, Lines, display
from dataforge.cli.samples import WIDEST_CELL, sample
from dataforge.workflows.events import Event


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000", ("", 1000)),
        ("10k", ("", 10_000)),
        ("2M", ("", 2_000_000)),
        ("1_000", ("", 1000)),
        ("orders=5", ("orders", 5)),
        ("a=b=7", ("a=b", 7)),
        ("Order Details=1,000", ("Order Details", 1000)),
    ],
)
def test_row_counts_are_read(text: str, value: tuple[str, int]) -> None:
    assert RowCount().convert(text, None, None) == value


@pytest.mark.parametrize("text", ["", "many", "-5", "1.5", "orders=", "orders", "1x"])
def test_what_is_no_row_count_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="as in 1000"):
        RowCount().convert(text, None, None)


def test_row_counts_for_all_and_for_some() -> None:
    assert row_counts((("", 10), ("a", 1), ("b", 2))) == (10, {"a": 1, "b": 2})
    assert row_counts(()) == (None, {})


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (12_345_678, "12.3 MB"), (5 * 10**12, "5.0 TB")],
)
def test_sizes_are_readable(size: int, text: str) -> None:
    assert size_text(size) == text


def test_notes_are_shown_once_and_the_many_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    remark_all(["same", "same", *(f"note {i}" for i in range(MOST_NOTES + 4))])
    captured = capsys.readouterr()
    assert not captured.out
    assert captured.err.count("note: same") == 1
    assert "and 5 more" in captured.err


def printed(table: object, width: int) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(table)
    return stream.getvalue()


def test_a_sample_shows_values_nulls_and_cuts_long_text() -> None:
    rows = pa.table(
        {
            "id": pa.array([1, None]),
            "amount": pa.array([Decimal("1.50"), Decimal("20.00")]),
            "note": pa.array(["x" * 99, "two\nlines"]),
            "data": pa.array([b"\x01\xff", None]),
        }
    )
    shown = printed(sample("t", rows, 120), 120)
    assert "null" in shown
    assert "1.50" in shown
    assert "x" * (WIDEST_CELL - 1) + "…" in shown
    assert "x" * WIDEST_CELL not in shown
    assert "two⏎lines" in shown
    assert "01ff" in shown


def test_a_sample_wider_than_its_room_counts_the_columns_left_out() -> None:
    rows = pa.table({f"column_{i}": pa.array([i]) for i in range(20)})
    shown = printed(sample("wide", rows, 60), 60)
    assert "column_5" in shown
    assert "column_6" not in shown
    assert "+ 14 columns" in shown
    assert max(len(line) for line in shown.splitlines()) <= 60


def test_a_sample_of_one_column_wider_than_its_room_shows_it_nevertheless() -> None:
    rows = pa.table({"c" * 50: pa.array([1])})
    assert "+" not in printed(sample("narrow", rows, 20), 80)


def test_a_sample_without_rows() -> None:
    assert "id" in printed(sample("empty", pa.table({"id": pa.array([], pa.int64())}), 80), 80)


def progress(done: int) -> Event:
    return Event("progress", "orders", rows_done=done, rows_total=1000)


def test_lines_are_sparse_and_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter(range(1000))
    with Lines("generating", lambda: next(seconds)) as on_event:
        for done in range(0, 1001, 10):
            on_event(progress(done))
    captured = capsys.readouterr()
    assert not captured.out
    assert len(captured.err.splitlines()) == 101 // EVERY_S
    assert captured.err.startswith("generating: 40 of 1,000 rows (4 %)\n")


def test_a_short_run_prints_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines("generating", lambda: 0.0) as on_event:
        on_event(progress(1000))
    assert capsys.readouterr() == ("", "")


def test_a_quiet_display_prints_nothing_but_keeps_notes(capsys: pytest.CaptureFixture[str]) -> None:
    with display("generating", quiet=True) as on_event:
        on_event(progress(1000))
        on_event(Event("note", message="cut to 676 rows"))
    assert on_event.notes == ["cut to 676 rows"]
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm-256color")
    with display("generating") as on_event:
        assert isinstance(on_event, Bar)
        on_event(Event("started", rows_total=1000))
        on_event(progress(400))
        on_event(Event("note", message="a note"))
    stderr = sys.stderr
    assert isinstance(stderr, Terminal)
    assert "400 of 1,000 rows" in stderr.getvalue()
    assert on_event.notes == ["a note"]


def test_a_bar_starts_no_thread_that_would_keep_workers_from_being_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm-256color")
    before = threading.active_count()
    with display("generating") as on_event:
        on_event(Event("started", rows_total=1000))
        assert threading.active_count() == before


def test_a_bar_says_what_takes_time_after_the_last_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm-256color")
    with display("loading") as on_event:
        on_event(Event("progress", rows_total=9, rows_done=9, message="switching constraints on"))
    stderr = sys.stderr
    assert isinstance(stderr, Terminal)
    assert "switching constraints on" in stderr.getvalue()


def test_what_a_file_holds_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    remark("name \x1b[2J\x9b31m\r\nnext")
    assert capsys.readouterr().err == "name �[2J�31m�\nnext\n"
    shown = printed(sample("t", pa.table({"id": ["a\x1b[2Jb"]}), 80), 80)
    assert "a�[2Jb" in shown

"""The ``dataforge`` command: its subcommands, and how every failure ends.

Commands are loaded when they are called: the table below holds what ``--help`` says of each, so
that it answers without loading a data library.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

import click

from dataforge import __version__
from dataforge.cli.failures import report_failure
from dataforge.cli.startup import leave_pandas_out

COMMANDS: dict[str, tuple[str, str]] = {
    "generate": ("dataforge.cli.generate:generate", "Make a data set from words, DDL or a schema."),
    "chat": ("dataforge.cli.chat:chat", "Talk about a schema until it is right."),
    "schema": ("dataforge.cli.schema:schema", "Show, validate, compare and export schemas."),
    "templates": ("dataforge.cli.templates:templates", "Schemas to start from, by trade."),
    "verify": ("dataforge.cli.verify:verify", "Prove that data keeps every promise."),
    "load": ("dataforge.cli.load:load", "Load a generated directory into a database."),
    "completion": ("dataforge.cli.completion:completion", "Complete commands in your shell."),
}

EPILOG = """\b
Examples:
  dataforge generate --ddl shop.sql --rows 10000 --out shop-data
  dataforge generate --ddl shop.sql --preview
  dataforge verify shop-data
  dataforge load shop-data postgresql://localhost/shop
  dataforge schema show --ddl shop.sql
  dataforge templates list
"""


class LazyGroup(click.Group):
    """A group whose commands are named in a table and loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.command(cls=LazyGroup, epilog=EPILOG)
@click.version_option(__version__, prog_name="dataforge", message="%(prog)s %(version)s")
@click.help_option("-h", "--help")
def cli() -> None:
    """Consistent relational data sets from one schema.

    Reads the DDL of a real database (PostgreSQL, MySQL/MariaDB, SQLite, T-SQL, Oracle) or a
    schema file, makes rows that keep every key and constraint, and proves it.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 failed, 2 misused, 130 interrupted.

    Without ``arguments`` the process is the command's own and does without pandas.
    """
    if arguments is None:
        leave_pandas_out()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminated)
    try:
        status = cli.main(args=given, prog_name="dataforge", standalone_mode=False)
    except BaseException as failure:  # noqa: BLE001  - the edge: all else is re-raised in there
        sys.exit(report_failure(failure, as_json="--json" in given))
    sys.exit(status if isinstance(status, int) else 0)


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    """Leave by an exception, so that half-made files are removed and workers stopped."""
    sys.exit(128 + signal.SIGTERM)

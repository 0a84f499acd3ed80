"""``dataforge chat``: a conversation about data in the terminal."""

from __future__ import annotations

import click

from dataforge.cli.options import budget_option, model_option

EPILOG = """\b
Examples:
  dataforge chat
  dataforge chat --session shop --review
  dataforge chat --session shop --model bedrock --budget 100k
Say what the data should be about, then what to change. /help lists the commands.
"""


@click.command(epilog=EPILOG)
@click.option(
    "--session",
    default="default",
    show_default=True,
    metavar="NAME",
    help="The conversation to begin or to go on with.",
)
@model_option
@budget_option
@click.option("--review", is_flag=True, help="Ask before a schema is kept; take changes in words.")
def chat(session: str, model: str | None, budget: str | None, review: bool) -> None:
    """Talk about a schema; it is drawn after each turn, and every turn makes a new version.

    Conversations are kept: the same --session goes on where it was left, even by a crash.
    """
    from dataforge.app.settings import Settings
    from dataforge.app.talking import talking
    from dataforge.cli.talking import told, turns

    settings = Settings.read()
    with talking(session, settings, model=model, budget=budget, review=review, on_step=told) as (
        conversation,
        desk,
    ):
        turns(conversation, desk)

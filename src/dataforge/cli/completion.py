"""``dataforge completion``: what makes the shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog="""\b
Examples:
  eval "$(dataforge completion bash)"                    # in ~/.bashrc
  eval "$(dataforge completion zsh)"                     # in ~/.zshrc
  dataforge completion fish > ~/.config/fish/completions/dataforge.fish
"""
)
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes dataforge's commands and options in SHELL."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}; known: {', '.join(SHELLS)}")
    root = click.get_current_context().find_root().command
    script = kind(root, {}, "dataforge", "_DATAFORGE_COMPLETE")
    click.echo(script.source())

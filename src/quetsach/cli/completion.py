"""`quetsach completion`: the script with which a shell completes commands, options and values."""

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from quetsach.texts import _

SHELLS: tuple[type[ShellComplete], ...] = (BashComplete, ZshComplete, FishComplete)
"""The shells whose scripts click writes."""

VARIABLE = "_QUETSACH_COMPLETE"
"""The variable of the environment by which a shell asks for words."""


def script(shell: str) -> str:
    """Return the script of `shell`: bash, zsh or fish. It calls `quetsach` at each Tab."""
    kind = next(kind for kind in SHELLS if kind.name == shell)
    # A script names the program and the variable only, so it needs no command.
    program = click.Command("quetsach")
    complete = kind(program, {}, "quetsach", VARIABLE)
    # `complete.source()` would start bash to ask for its version.
    return (complete.source_template % complete.source_vars()).strip() + "\n"


@click.command(
    "completion",
    help=_(
        "Print the script with which a shell completes commands, options and values. The line "
        "for the start file of each shell:\n\n\b\n"
        'bash  ~/.bashrc                   eval "$(quetsach completion bash)"\n'
        'zsh   ~/.zshrc, behind compinit   eval "$(quetsach completion zsh)"\n'
        "fish  ~/.config/fish/config.fish  quetsach completion fish | source\n\n"
        "The package for Debian brings all three."
    ),
)
@click.argument("shell", type=click.Choice([kind.name for kind in SHELLS]))
def command(shell: str) -> int:
    """Print the script of a shell."""
    click.echo(script(shell), nl=False)
    return 0

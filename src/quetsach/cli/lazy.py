"""A group of commands that are imported only when they run, so that --help answers at once."""

import importlib
from collections.abc import Sequence
from typing import Any

import click

from quetsach.texts import _


class LazyGroup(click.Group):
    """Commands by (name, module, short help), shown in this order."""

    def __init__(self, *, lazy: Sequence[tuple[str, str, str]], **settings: Any) -> None:
        super().__init__(**settings)
        self._lazy = tuple(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in their order."""
        return [name for name, _module, _help in self._lazy]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of this name."""
        for name, module, _help in self._lazy:
            if name == cmd_name:
                command = importlib.import_module(module).command  # noqa: TID251 - only what runs is loaded
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing any."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(short)) for name, _module, short in self._lazy])

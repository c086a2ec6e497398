"""What every command takes without naming it: options of the run, and values out of settings."""

from collections.abc import Iterator

import click

from quetsach.cli.run_settings import RunSettings

WITHOUT_SETTINGS = ("serve", "manage")
"""The portal's commands; their options of the same names mean something else."""


class _SettingsOption(click.Option):
    """No option that anybody types: it gives settings to the options of its command."""

    def __init__(self) -> None:
        super().__init__(
            ["--from-settings"],
            hidden=True,
            is_eager=True,
            is_flag=True,
            expose_value=False,
            callback=_take_settings,
        )


def _take_settings(context: click.Context, _option: click.Parameter, _given: object) -> None:
    settings = context.find_root().obj
    if isinstance(settings, RunSettings) and settings.options:
        own = {option.name for option in context.command.params if isinstance(option, click.Option)}
        said = {name: value for name, value in settings.options.items() if name in own}
        # A file that the command itself was given says more of it, whichever was read first.
        context.default_map = {**said, **(context.default_map or {})}


def with_common(command: click.Command) -> click.Command:
    """Add what every command takes to `command` and to all below it, once."""
    for leaf in _leaves(command):
        if leaf.name not in WITHOUT_SETTINGS and not _has_common(leaf):
            leaf.params.append(_SettingsOption())
    return command


def _leaves(command: click.Command) -> Iterator[click.Command]:
    """Yield the commands that take options; those of a lazy group come when they are loaded."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _leaves(below)
    else:
        yield command


def _has_common(command: click.Command) -> bool:
    return any(isinstance(option, _SettingsOption) for option in command.params)

"""`--config watch.toml`: what stands on the command line of a watch, written into a file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from quetsach.cli import terminal as shared
from quetsach.cli.watch import group
from quetsach.errors.exceptions import QuetsachError
from quetsach.texts import _

MOST_BYTES = 1 << 20
_OF_RUN = frozenset({"json", "quiet"})
"""How `run` prints is nothing that other commands take from the file."""

PATHS = "paths"
"""The name of what is followed, which on the command line has none."""


def read_config(path: Path) -> dict[str, Any]:
    """Return what a file says. Errors: E601 where it is no TOML, or too long; E101, E104."""
    from quetsach.atomic_files import read_at_most

    text = read_at_most(path, MOST_BYTES)
    if len(text) > MOST_BYTES:
        raise QuetsachError("E601", "--config", reason=_("the file is too long"))
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise QuetsachError("E601", "--config", reason=str(error)[:200]) from error


def defaults_of(
    command: click.Command, run: click.Command, config: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a file says of the parameters of `command`, by their names.

    Each has the name of its option, without dashes before it; those of `run` are known to all.
    Errors: E601 for a name that no option has, or a value that is none of an option.
    """
    of_run = _names(run)
    own = _names(command)
    if command is not run:
        own = {name: parameter for name, parameter in own.items() if name not in _OF_RUN}
    for name, content in config.items():
        if name not in of_run:
            raise QuetsachError(
                "E601", "--config", reason=_("not understood: %(name)s") % {"name": name}
            )
        _check(name, content, of_run[name])
    return {own[name].name or "": content for name, content in config.items() if name in own}


def _names(command: click.Command) -> dict[str, click.Parameter]:
    """Return the parameters of a command by the names that they have in a file."""
    names: dict[str, click.Parameter] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            names[PATHS] = parameter
        elif parameter.name != "config":
            names[max(parameter.opts, key=len).removeprefix("--")] = parameter
    return names


def _check(name: str, content: Any, parameter: click.Parameter) -> None:
    is_many = parameter.multiple or parameter.nargs == -1
    parts = content if is_many and isinstance(content, list) else [content]
    is_flag = isinstance(parameter, click.Option) and parameter.is_flag
    kinds = (bool,) if is_flag else (str, int, float)
    if not all(isinstance(one, kinds) and isinstance(one, bool) == is_flag for one in parts):
        reason = _("%(name)s: a list, a text or a number is meant") % {"name": name}
        raise QuetsachError("E601", "--config", reason=reason)
    if is_many and not isinstance(content, list):
        reason = _("%(name)s: a list is meant") % {"name": name}
        raise QuetsachError("E601", "--config", reason=reason)


def _take(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    run = group.command.get_command(context, "run")
    assert run is not None
    own = defaults_of(context.command, run, read_config(path))
    context.default_map = {**(context.default_map or {}), **own}


option = click.option(
    "--config",
    type=shared.PATH,
    is_eager=True,
    expose_value=False,
    callback=_take,
    metavar="FILE",
    help=_(
        "Take options from this TOML file, by their names (paths = [...] is what is followed); "
        "what stands on the command line goes before it."
    ),
)

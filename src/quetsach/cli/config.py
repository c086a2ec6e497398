"""`quetsach config`: which settings hold, where they came from, and what is wrong with files."""

import os
from pathlib import Path
from typing import Any

import click

from quetsach.configuration.cli_settings import CLI_FILE, chosen_files, is_there, usual_files
from quetsach.file_owners import IS_TOLD
from quetsach.texts import _, plain, plain_json

command = click.Group(
    "config",
    help=_(
        "Settings from files: what holds, where it came from, and what is wrong.\n\n"
        "Example: quetsach config show, or quetsach config check --portal"
    ),
)

_portal = click.option(
    "--portal",
    is_flag=True,
    help=_("Those of the portal and the public page, not of the command line."),
)
_json = click.option("--json", "as_json", is_flag=True, help=_("Print the answer as JSON."))


def _files() -> list[Path]:
    return chosen_files(CLI_FILE, usual_files(os.environ, Path.home()), os.environ)


def _ask_portal(act: str, as_json: bool) -> int:
    from quetsach.cli.portal import run_portal

    return run_portal(["settings", act, *(["--json"] if as_json else [])])


@command.command(
    "show",
    help=_(
        "Show each setting with its value and where it came from: default, FILE:LINE, or an "
        "environment variable. Secrets are not shown.\n\nExample: quetsach config show --json"
    ),
)
@_portal
@_json
def show_command(portal: bool, as_json: bool) -> int:
    """Print the settings."""
    if portal:
        return _ask_portal("show", as_json)
    from quetsach.api.configuration import merged, resolved, settings_json, settings_text
    from quetsach.configuration.cli_settings import CLI_SETTINGS

    settings = resolved(CLI_SETTINGS, merged(_files(), CLI_SETTINGS), os.environ)
    click.echo(plain_json(settings_json(settings)) if as_json else settings_text(settings))
    return 0


@command.command(
    "check",
    help=_(
        "Check the files: unknown settings, wrong values, secrets that others may read, and files "
        "that others could change. "
        "Exit 2 if anything is wrong.\n\nExample: quetsach config check --portal"
    ),
)
@_portal
@_json
def check_command(portal: bool, as_json: bool) -> int:
    """Print what is wrong; the exit code says whether anything is."""
    if portal:
        return _ask_portal("check", as_json)
    from quetsach.configuration.cli_settings import CLI_SETTINGS
    from quetsach.configuration.layers import problems_of
    from quetsach.errors.exceptions import problem_json

    problems = problems_of(_files(), CLI_SETTINGS)
    if as_json:
        click.echo(plain_json([problem_json(problem) for problem in problems]))
    for problem in () if as_json else problems:
        click.echo(str(problem), err=True)
    if not IS_TOLD:
        click.echo(_("Who may change these files is not checked on this system."), err=True)
    return 2 if problems else 0


@command.command(
    "path",
    help=_(
        "Show the files that are looked for, the strongest first; (+) is there, (-) is not."
        "\n\nExample: quetsach config path"
    ),
)
@_portal
@_json
def path_command(portal: bool, as_json: bool) -> int:
    """Print the places."""
    if portal:
        return _ask_portal("path", as_json)
    places = _places()
    if as_json:
        click.echo(plain_json(places))
    for place in () if as_json else places:
        click.echo(plain(f"{place['path']}  ({'+' if place['exists'] else '-'})"))
    return 0


def _places() -> list[dict[str, Any]]:
    """Return the named file alone, else the usual ones; and how another is named."""
    named = os.environ.get(CLI_FILE)
    usual = usual_files(os.environ, Path.home())
    paths = usual if named is None else [Path(named)] if named else []
    return [{"path": str(path), "exists": is_there(path)} for path in paths]

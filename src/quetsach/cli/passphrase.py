"""The passphrase of a private key: from a file, or typed at the terminal without being shown."""

import sys
from pathlib import Path

import click

from quetsach.errors import QuetsachError
from quetsach.texts import _

MOST_BYTES = 1024


def passphrase_for(key: Path, file: Path | None) -> bytes | None:
    """Return the passphrase of the private key at `key`, or None if it has none.

    Errors: E231 when there is nobody to ask; E237 when a file cannot be read.
    """
    from quetsach.api import needs_passphrase

    if not needs_passphrase(key):
        return None
    if file is not None:
        return from_file(file)
    return _ask(key, confirm=False)


def new_passphrase(key: Path, file: Path | None, *, ask: bool) -> bytes | None:
    """Return the passphrase for a new key, or None if none is wanted."""
    if file is not None:
        return from_file(file)
    return _ask(key, confirm=True) if ask else None


def from_file(file: Path) -> bytes:
    """Return the first line of `file`. Errors: E231 when it is empty; E237."""
    try:
        with file.open("rb") as opened:
            line = opened.readline(MOST_BYTES).rstrip(b"\r\n")
    except OSError as error:
        raise QuetsachError("E237", str(file), reason=error.strerror or str(error)) from error
    if not line:
        raise QuetsachError("E231", str(file))
    return line


def _ask(key: Path, *, confirm: bool) -> bytes:
    if not sys.stdin.isatty():
        raise QuetsachError("E231", str(key))
    again: bool | str = _("The same again") if confirm else False
    typed: str = click.prompt(
        _("Passphrase of the key"), hide_input=True, confirmation_prompt=again, err=True
    )
    return typed.encode()

"""`-` as a file: standard input copied into one, and one that becomes standard output."""

import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from quetsach.errors.exceptions import QuetsachError
from quetsach.scratch_folders import scratch_folder
from quetsach.texts import _

MOST_BYTES = 1 << 30
"""So much of standard input is taken as one file; logs for a sweep have no such limit."""

_PIECE = 1 << 20
_TAKEN = "quetsach.standard-input"


def take_standard_input(context: click.Context | None, name: str) -> None:
    """Note that `name` reads standard input. Raises UsageError where something else does."""
    if context is None:
        return
    before = context.meta.setdefault(_TAKEN, name)
    if before is not name:
        text = _("Standard input can be read once: by %(first)s or by %(second)s.")
        raise click.UsageError(text % {"first": before, "second": name}, context)


def input_as_file(context: click.Context) -> Path:
    """Return a file with what standard input holds; it goes with the run.

    Errors: E104 where it cannot be read, E601 where it is too long.
    """
    folder = context.find_root().with_resource(scratch_folder())
    path = folder / "stdin"
    size = 0
    with path.open("wb") as file:
        while piece := _piece():
            size += len(piece)
            if size > MOST_BYTES:
                raise QuetsachError("E601", "-", reason=_("standard input is too long"))
            file.write(piece)
    return path


def _piece() -> bytes:
    # A closed standard input is None in Python.
    if sys.stdin is None:
        raise QuetsachError("E104", "-", reason="EBADF")
    try:
        return sys.stdin.buffer.read(_PIECE)
    except OSError as error:
        raise QuetsachError("E104", "-", reason=error.strerror or str(error)) from error


def output_as_file(context: click.Context) -> Path:
    """Return a path whose file is printed at the end; all other words go to standard error."""
    folder = context.with_resource(scratch_folder())
    path, answer = folder / "stdout", sys.stdout

    def give() -> None:
        # A command that failed has left no file.
        if path.is_file():
            with path.open("rb") as file:
                shutil.copyfileobj(file, answer.buffer)
            answer.flush()

    context.call_on_close(give)
    context.with_resource(redirect_stdout(sys.stderr))
    return path

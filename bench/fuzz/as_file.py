"""Inputs as files for readers that are given a path, in memory where there is such a folder."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from bench.fuzz.target import Read

_MEMORY = Path("/dev/shm")


def forget_folder(process: int | None) -> None:
    """Remove what a process that has ended left: a forked one tidies nothing up itself."""
    place = _MEMORY if _MEMORY.is_dir() else Path(tempfile.gettempdir())
    for folder in place.glob(f"fuzz-{process}-*"):
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _folder(process: int) -> Path:
    memory = _MEMORY if _MEMORY.is_dir() else None
    folder = tempfile.mkdtemp(prefix=f"fuzz-{process}-", dir=memory)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def fresh_folder() -> Path:
    """Return an empty folder of this process, the same each time."""
    folder = _folder(os.getpid()) / "work"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def by_path(read: Callable[[Path], object], name: str = "input.txt") -> Read:
    """Return what writes an input to a file called `name` and gives its path to `read`."""

    def read_file(content: bytes) -> object:
        path = _folder(os.getpid()) / name
        path.write_bytes(content)
        return read(path)

    return read_file

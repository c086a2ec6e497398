"""Folders and files written on the way, locked while in use: a later run clears what was left.

A killed run cannot clear up. Its lock ends with it, so the next run that writes beside it sees what
belongs to nobody any more. Where a file system has no locks nothing is cleared.
"""

import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

_PREFIX = "quetsach-scratch-"
_LONGEST = 100
_TRIES = 100
_HERE, _EXCHANGE = -100, 2


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """Give a folder in `parent`, else where temporary files lie, that is gone afterwards.

    Errors: OSError when it cannot be made.
    """
    from tempfile import gettempdir  # which a run with a folder of its own does not ask for

    where = Path(gettempdir()) if parent is None else parent
    with _folder(where, _PREFIX) as folder:
        yield folder


@contextmanager
def folder_aside(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` to write into and to move there; what is left of it goes.

    Errors: OSError when it cannot be made.
    """
    # In a container on the same disk another process may have our number: the name is random.
    with _folder(target.parent, f".{target.name[:_LONGEST]}.partial-") as folder:
        yield folder


@contextmanager
def file_aside(target: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside `target`, by name and open, to write and to move there.

    What is left of it afterwards goes. Errors: OSError when it cannot be made.
    """
    prefix = f".{target.name[:_LONGEST]}.part-"
    _clear_left(target.parent, prefix)
    path, number = _locked(target.parent, prefix, _make_file)
    try:
        with os.fdopen(number, "wb") as file:
            yield path, file
    finally:
        with suppress(OSError):
            path.unlink()


def exchanged(first: Path, second: Path) -> bool:
    """Let two names change places in one step; False where the system cannot.

    Source: renameat2(2), RENAME_EXCHANGE.
    """
    if sys.platform != "linux":
        return False
    import ctypes  # which few runs ask for

    call = getattr(ctypes.CDLL(None), "renameat2", None)
    return call is not None and not call(
        _HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE
    )


@contextmanager
def _folder(parent: Path, prefix: str) -> Iterator[Path]:
    _clear_left(parent, prefix)
    path, number = _locked(parent, prefix, _make_folder)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if number >= 0:
            os.close(number)


def _locked(parent: Path, prefix: str, make: Callable[[Path], int]) -> tuple[Path, int]:
    """Make what nobody else has, locked, and return it with its descriptor, -1 for none."""
    for _try in range(_TRIES):
        path = parent / f"{prefix}{token_hex(6)}"
        number = make(path)
        if number < 0:
            return path, number
        _lock(number, waits=True)
        # Between the two another run may have taken it for one that was left.
        with suppress(FileNotFoundError):
            if os.path.samestat(path.lstat(), os.fstat(number)):
                return path, number
        os.close(number)
    raise FileExistsError(str(parent / prefix))


def _make_folder(path: Path) -> int:
    path.mkdir(mode=0o700 if path.name.startswith(_PREFIX) else 0o777)
    try:
        return os.open(path, os.O_RDONLY)
    except PermissionError:
        # Windows opens no folder.
        return -1
    except BaseException:
        with suppress(OSError):
            path.rmdir()
        raise


def _make_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)


def _lock(number: int, *, waits: bool) -> bool:
    """Lock what is open as long as it is open in any process; False where that cannot be had."""
    try:
        import fcntl  # which Windows has not
    except ImportError:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _clear_left(parent: Path, prefix: str) -> None:
    """Remove what earlier runs of this user left in `parent`; what cannot be removed stays."""
    pattern = re.compile(re.escape(prefix) + r"[0-9a-f]{12}")
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    _remove_unlocked(Path(entry.path))


def _remove_unlocked(path: Path) -> None:
    state = path.lstat()
    is_own = not hasattr(os, "geteuid") or state.st_uid == os.geteuid()
    is_folder = stat.S_ISDIR(state.st_mode)
    if not is_own or not (is_folder or stat.S_ISREG(state.st_mode)):
        return
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        if os.path.samestat(state, os.fstat(number)) and _lock(number, waits=False):
            if is_folder:
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
    finally:
        os.close(number)

"""Folders and files written on the way, locked while in use: a later run clears what was left.

A killed run cannot clear up. Its lock ends with it, so the next run that writes beside it sees what
belongs to nobody any more. Where a file system has no locks nothing is cleared.
"""

import errno
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from quetsach.open_files import lock_open_file

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
def folder_in_one_step(target: Path) -> Iterator[Path]:
    """Give a folder to write into that becomes `target`, which is not there or empty, in one step.

    A folder that was there keeps its rights. One that nothing can take the place of, as a mount
    point, the working directory or one below a folder of others, is given itself, and is emptied
    when something goes wrong.
    Errors: OSError, also when `target` is not empty.
    """
    target = target.resolve() if target.is_dir() else Path(os.path.abspath(target))  # noqa: PTH100
    if target.is_dir() and any(target.iterdir()):
        raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), str(target))
    if target.is_dir() and _stays(target):
        try:
            yield target
        except BaseException:
            for path in target.iterdir():
                (_remove_tree if path.is_dir() and not path.is_symlink() else _unlink)(path)
            raise
        return
    with folder_aside(target) as partial:
        yield partial
        if target.is_dir():
            partial.chmod(stat.S_IMODE(target.stat().st_mode))
            target.rmdir()
        partial.rename(target)


def _stays(folder: Path) -> bool:
    is_here = os.path.samestat(folder.stat(), Path().stat())
    return is_here or folder.is_mount() or not os.access(folder.parent, os.W_OK | os.X_OK)


@contextmanager
def file_aside(target: Path, mode: int = 0o666) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside `target`, by name and open, to write and to move there.

    Shapes: `mode` are its rights, but for those that the umask takes.
    What is left of it afterwards goes. Errors: OSError when it cannot be made.
    """
    with _locked(target.parent, _aside_of(target), partial(_make_file, mode=mode), _unlink) as made:
        path, number = made
        with os.fdopen(number, "wb") as file:
            yield path, file


def clear_aside(target: Path) -> None:
    """Remove what killed runs of this user left of a `file_aside` beside `target`."""
    _clear_left(target.parent, _aside_of(target))


def _aside_of(target: Path) -> str:
    return f".{target.name[:_LONGEST]}.part-"


def write_new(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file that was not there, whole or not at all, also if others write it, too.

    Errors: FileExistsError where there is one; OSError when it cannot be written.
    """
    with file_aside(path, mode) as (aside, file):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            raise
        except OSError:
            # A file system without links, as on a stick.
            if os.path.lexists(path):
                raise
            aside.rename(path)


@contextmanager
def locked_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file open for reading and writing that no other process has through this call.

    It is made where it is not there, and gone afterwards. Windows locks nothing.
    Errors: FileExistsError while another process has it; OSError.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o666), "r+b") as file:
        # Another run may have taken it away between opening and locking.
        if _is_taken(file.fileno()) or not _is_at(path, file.fileno()):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        try:
            yield file
        finally:
            if os.name != "nt":
                _unlink(path)
    # Windows removes no open file; elsewhere it may be another run's by now.
    if os.name == "nt":
        _unlink(path)


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
    with _locked(parent, prefix, _make_folder, _remove_tree) as (path, number):
        try:
            yield path
        finally:
            if number >= 0:
                os.close(number)


@contextmanager
def _locked(
    parent: Path, prefix: str, make: Callable[[Path], int], remove: Callable[[Path], None]
) -> Iterator[tuple[Path, int]]:
    """Give what nobody else has, locked, with its descriptor or -1; it is gone afterwards."""
    _clear_left(parent, prefix)
    for _try in range(_TRIES):
        # The name is known before it is there, so that a signal at any moment leaves nothing.
        path = parent / f"{prefix}{token_hex(6)}"
        try:
            number = make(path)
            if number < 0 or _is_still_ours(path, number):
                yield path, number
                return
        finally:
            remove(path)
        os.close(number)
    raise FileExistsError(str(parent / prefix))


def _is_still_ours(path: Path, number: int) -> bool:
    """Lock what was made; False where another run took it for one that was left before that."""
    _lock(number, waits=True)
    return _is_at(path, number)


def _is_at(path: Path, number: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(path.lstat(), os.fstat(number))
    return False


def _is_taken(number: int) -> bool:
    """Lock what is open; True where another process has the lock."""
    return lock_open_file(number, waits=False) is False


def _remove_tree(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _make_folder(path: Path) -> int:
    path.mkdir(mode=0o700 if path.name.startswith(_PREFIX) else 0o777)
    try:
        return os.open(path, os.O_RDONLY)
    except PermissionError:
        # Windows opens no folder.
        return -1


def _make_file(path: Path, mode: int) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)


def _lock(number: int, *, waits: bool) -> bool:
    """Lock what is open as long as it is open in any process; False where that cannot be had."""
    return lock_open_file(number, waits=waits) is True


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

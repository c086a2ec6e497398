"""What was counted since the last file, line by line: a process that is killed loses none of it.

A journal bears the name that its file in the inbox will have, and the portal counts a name once. So
it does not matter at which moment a process dies: whoever comes next brings the same file again.
Nothing waits for the disk here: when the machine dies, what the system had not written is lost.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

MOST_LINES = 500_000
"""Lines of a journal, some 30 MB, while the inbox cannot be written; more are held in memory."""


class Journal:
    """Lines in `folder`/`name` that are another's to bring once this process is gone.

    What cannot be written is written nowhere: it is held in memory as well.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path, self._room, self._file = folder / name, MOST_LINES, -1
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            aside = folder / f".{name}"
            self._file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            # Locked before it has its name: whoever finds it unlocked may take it.
            fcntl.flock(self._file, fcntl.LOCK_EX)
            aside.rename(self._path)

    def write(self, line: bytes) -> None:
        """Add `line`, which has no end of line in it."""
        if self._file >= 0 and self._room:
            self._room -= 1
            # The first end of line closes what a full disk may have cut off.
            with contextlib.suppress(OSError):
                os.write(self._file, b"\n" + line + b"\n")

    def end(self) -> None:
        """Remove it: its file is in the inbox."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        if self._file >= 0:
            os.close(self._file)


def bring_left(folder: Path, bring: Callable[[str, list[bytes]], None]) -> None:
    """Hand name and lines of each journal whose process is gone to `bring`, and remove it.

    Where `bring` raises OSError it stays for the next time.
    """
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("[0-9]*")):
            with contextlib.suppress(OSError):
                _bring(path, bring)


def _bring(path: Path, bring: Callable[[str, list[bytes]], None]) -> None:
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Between opening and locking another may have brought it.
        if os.fstat(file.fileno()).st_nlink:
            lines = file.read().split(b"\n")
            bring(path.name, [one for one in lines if one])
            path.unlink()

"""An open file where systems differ: its lock, and bytes at a place of it.

Windows has no flock and no pread. Its own locks bind whoever reads or writes the bytes that are
locked, so one byte far behind the end of any file is locked there.
Source: Microsoft's C run-time reference, _locking; flock(2), pread(2).
"""

import os
from contextlib import suppress

_FAR = 0x7FFF_FFF0
"""Where the locked byte lies on Windows: as far as a lock of 32 bits reaches."""


def lock_open_file(number: int, *, waits: bool) -> bool | None:
    """Lock an open file until it is closed; return whether that was done.

    None says that neither this system nor this file system has locks. A lock of another process
    is waited for, or gives False.
    """
    try:
        import fcntl
    except ImportError:
        return _lock_on_windows(number, waits=waits)
    try:
        fcntl.flock(number, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _lock_on_windows(number: int, *, waits: bool) -> bool | None:
    try:
        import msvcrt
    except ImportError:
        return None
    # mypy knows the module on Windows alone.
    how = msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK  # type: ignore[attr-defined]
    here = os.lseek(number, 0, os.SEEK_CUR)
    try:
        os.lseek(number, _FAR, os.SEEK_SET)
        msvcrt.locking(number, how, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    finally:
        with suppress(OSError):
            os.lseek(number, here, os.SEEK_SET)
    return True


def read_at(number: int, place: int, size: int) -> bytes:
    """Return at most `size` bytes of an open file from `place` on. Errors: OSError."""
    if hasattr(os, "pread"):
        return os.pread(number, size, place)
    os.lseek(number, place, os.SEEK_SET)
    return os.read(number, size)


def write_at(number: int, place: int, content: bytes | memoryview) -> int:
    """Write at a place of an open file and return how many bytes were. Errors: OSError."""
    if hasattr(os, "pwrite"):
        return os.pwrite(number, content, place)
    os.lseek(number, place, os.SEEK_SET)
    return os.write(number, content)

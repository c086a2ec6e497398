"""Landlock: the kernel refuses a process all files but those that it named itself.

Source: Linux, include/uapi/linux/landlock.h and Documentation/userspace-api/landlock.rst.
"""

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# The same on every processor: they came after the numbers had been made one.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_OF_FIRST_VERSION = (1 << 13) - 1
_SINCE = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV))
_NETWORK_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11

_READ = _EXECUTE | _READ_FILE | _READ_DIR
_OF_ONE_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that the kernel offers, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    with suppress(OSError, AttributeError):
        return _call(_CREATE_RULESET, None, 0, _VERSION)
    return 0


def restrict(reads: Iterable[Path], writes: Iterable[Path]) -> None:
    """Leave this thread, and all that it starts, these files; of the network no TCP.

    A path that is not there is passed over. Call it before any other thread runs, and after
    "no new privileges". Errors: OSError.
    """
    offered = version()
    handled = _OF_FIRST_VERSION
    for since, right in _SINCE:
        handled |= right if offered >= since else 0
    rules = _Ruleset(
        handled,
        _TCP if offered >= _NETWORK_SINCE else 0,
        _SCOPES if offered >= _SCOPES_SINCE else 0,
    )
    # An older kernel knows a shorter structure, and refuses a longer one unless the rest is zero.
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    try:
        for path in reads:
            _allow(ruleset, path, _READ & handled)
        for path in writes:
            _allow(ruleset, path, handled)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_ONE_FILE
        rule = _Beneath(rights, opened)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def _call(number: int, *given: object) -> int:
    system = ctypes.CDLL(None, use_errno=True)
    numbers = (ctypes.c_long(one) if isinstance(one, int) else one for one in given)
    result: int = system.syscall(ctypes.c_long(number), *numbers)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result

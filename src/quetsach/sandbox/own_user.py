"""A user of its own for a process in the sandbox, where the one that starts it is root.

The system itself then keeps it from signals to others, from their memory and limits, and from
the rights and times of files that are not its own. Of root's rights one stays: to open files
whatever their owner and mode say. Which files, Landlock decides.
`QUETSACH_SANDBOX_OWN_USER=0` leaves it out, for files on a mount that only root itself may read.
Source: capabilities(7), credentials(7); systemd, "Users, Groups, UIDs and GIDs on systemd systems"
for the numbers that nobody uses.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from quetsach.sandbox.environment import OPT_OUT
from quetsach.started_threads import BEGIN_S, StartedThread

FIRST_USER = 0x70000000
"""The numbers of users from here on are given to nobody; a process adds its own number."""

MOST_TASKS = 256
"""So many processes and threads may such a user have, and any other besides those it has."""

_MOST_TASKS_A_CORE = 4
_OPEN_ANY_FILE = 1
_KEEP_RIGHTS, _AMBIENT, _RAISE = 8, 47, 2
_VERSION_3 = 0x20080522
_NEEDED_RIGHTS = 0b1110_0011
"""CHOWN, DAC_OVERRIDE, KILL, SETGID and SETUID: without them root is root by name alone."""


def can_take_own_user() -> bool:
    """Return whether a process that this one starts can become a user of its own."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or os.environ.get(OPT_OUT) == "0":
        return False
    with suppress(OSError, ValueError):
        if _effective_rights() & _NEEDED_RIGHTS != _NEEDED_RIGHTS:
            return False
        lines = Path("/proc/self/uid_map").read_text().splitlines()
        ranges = [tuple(int(word) for word in line.split()) for line in lines]
        return any(first <= FIRST_USER < first + count for first, _outer, count in ranges)
    return False


def _effective_rights() -> int:
    """Return the effective capabilities of this process, as bits. Errors: OSError."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.partition(":")[2], 16)
    return 0


def take_own_user() -> bool:
    """Become a user whom no other process has; False where the system does not offer it.

    Call it before any thread is started. Errors: OSError, when it offers it and then refuses.
    """
    if not can_take_own_user():
        return False
    number = FIRST_USER + os.getpid()
    system = ctypes.CDLL(None, use_errno=True)
    _checked(system.prctl(_KEEP_RIGHTS, 1, 0, 0, 0))
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    right = 1 << _OPEN_ANY_FILE
    head = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    # Effective, permitted and inheritable, of the lower rights and of the upper ones.
    _checked(system.capset(head, (ctypes.c_uint32 * 6)(right, right, right, 0, 0, 0)))
    # What it starts reads the program as well.
    _checked(system.prctl(_AMBIENT, _RAISE, _OPEN_ANY_FILE, 0, 0))
    return True


def bound_tasks(*, is_own_user: bool) -> None:
    """Bound how many processes and threads this user may have from now on.

    Where no thread can be started under the bound, as the user has tasks that cannot be seen from
    here (in other containers), it stays as it was.
    """
    try:
        import resource
    except ImportError:
        return
    if not hasattr(resource, "RLIMIT_NPROC"):
        return
    already = 0 if is_own_user else _tasks_of_this_user()
    if already is None:
        return
    most = already + MOST_TASKS + _MOST_TASKS_A_CORE * (os.cpu_count() or 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, hard))
    if not _can_start_thread():
        resource.setrlimit(resource.RLIMIT_NPROC, (soft, hard))
        return
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def _can_start_thread() -> bool:
    try:
        return StartedThread(lambda: None).join(BEGIN_S)
    except MemoryError:
        return False


def take_back(folder: Path) -> None:
    """Make the files in `folder` that such users own this process's own again. Errors: OSError."""
    if not can_take_own_user():
        return
    user, group = os.geteuid(), os.getegid()
    for name, parent in _entries(folder):
        if os.stat(name, dir_fd=parent, follow_symlinks=False).st_uid >= FIRST_USER:
            os.chown(name, user, group, dir_fd=parent, follow_symlinks=False)


def _entries(folder: Path) -> Iterator[tuple[str, int]]:
    for _path, folders, files, opened in os.fwalk(folder):
        for name in (*folders, *files):
            yield name, opened


def _tasks_of_this_user() -> int | None:
    """Return how many threads this user has, None where that cannot be seen, as in the sandbox.

    The links of a folder count the folders in it, and two more.
    """
    tasks, user = 0, os.geteuid()
    try:
        numbers = [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
    except OSError:
        return None
    for number in numbers:
        with suppress(OSError):
            status = Path(f"/proc/{number}/task").stat()
            tasks += status.st_nlink - 2 if status.st_uid == user else 0
    return tasks


def _checked(result: int) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

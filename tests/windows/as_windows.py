"""Python as it is on Windows, as far as this system can play it: what is not there is not there.

Run as a program it takes words of quetsach, or `--import` for every module of the engine. Paths,
the console and file locks of Windows itself are not played: docs/windows.md says what that leaves.
"""

import importlib
import os
import pkgutil
import signal
import socket
import sys
import types

MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "_posixsubprocess")
"""Modules of Python that Windows has not. Source: the standard library's notes on availability."""

OF_OS = (
    *("fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "setuid", "setgid", "setsid"),
    *("getpgid", "killpg", "mkfifo", "chown", "statvfs", "sysconf", "pread", "pwrite", "waitid"),
    *("pidfd_open", "sched_getaffinity", "sched_setaffinity", "posix_fadvise", "getgroups"),
    *("wait4", "getloadavg", "O_CLOEXEC", "fchmod", "fchown", "O_NOFOLLOW", "O_DIRECTORY"),
    *("O_NONBLOCK", "WNOHANG"),
)
OF_SIGNAL = ("SIGHUP", "SIGALRM", "SIGPIPE", "SIGUSR1", "SIGUSR2", "alarm", "setitimer")
OF_SOCKET = ("AF_UNIX", "SCM_RIGHTS", "socketpair")


def take_away() -> None:
    """Take away what Windows has not."""
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]  # None makes its import fail
    sys.modules["msvcrt"] = _locks()
    for module, names in ((os, OF_OS), (signal, OF_SIGNAL), (socket, OF_SOCKET)):
        for name in names:
            if hasattr(module, name):
                delattr(module, name)


def _locks() -> types.ModuleType:
    """Return the part of Windows' own module that locks, where nobody else has a lock."""
    module = types.ModuleType("msvcrt")
    module.__dict__.update(LK_LOCK=1, LK_NBLCK=2, locking=lambda _number, _how, _count: None)
    return module


def import_all() -> None:
    """Import every module of the engine and of the command line; print those that cannot be."""
    import quetsach

    for module in pkgutil.walk_packages(quetsach.__path__, "quetsach."):
        if module.name == "quetsach.__main__":
            continue
        try:
            importlib.import_module(module.name)
        except (ImportError, AttributeError) as error:
            sys.stdout.write(f"{module.name}: {error}\n")


LOADED_BEFORE = ("subprocess", "tempfile", "multiprocessing.context", "asyncio")
"""What asks the standard library itself which system this is, and so is loaded as on this one."""


if __name__ == "__main__":
    for name in LOADED_BEFORE:
        importlib.import_module(name)
    take_away()
    if sys.argv[1:] == ["--import"]:
        import_all()
    else:
        from quetsach.cli.main import main

        main(sys.argv[1:])

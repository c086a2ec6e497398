"""Shut this process in, as far as the kernel offers it; where it offers nothing, nothing happens.

A user of its own keeps other processes and their files apart, Landlock refuses all files but those
named, and seccomp all system calls but those of a list.
Source: Linux, include/uapi/linux/landlock.h and Documentation/userspace-api/landlock.rst.
"""

import ctypes
import os
import stat
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from quetsach.sandbox.call_filter import MARKS, current_machine, filter_for
from quetsach.sandbox.contract import SandboxProfile
from quetsach.sandbox.own_user import bound_tasks, can_take_own_user, take_own_user
from quetsach.texts import _

_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime")
_LOOKED_AT = (
    "/etc/ssl/openssl.cnf",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system",
    "/sys/fs/cgroup",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
_OF_THE_NETWORK = (
    *("/etc/resolv.conf", "/run/systemd/resolve", "/etc/hosts", "/etc/nsswitch.conf"),
    *("/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/ssl", "/etc/pki"),
    *("/etc/ca-certificates", "/etc/crypto-policies"),
)
"""How a sender finds the address of a name, and which certificates it trusts."""

# Landlock's calls have the same numbers on every processor.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH, _PORT = 1, 2

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_OF_FIRST_VERSION = (1 << 13) - 1
_SINCE = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV))
_NETWORK_SINCE, _TCP, _CALL_BY_TCP = 4, 0b11, 0b10
_SCOPES_SINCE, _SCOPES = 6, 0b11

_RUN = _EXECUTE | _READ_FILE | _READ_DIR
_READ = _READ_FILE | _READ_DIR
_USE_DEVICE = _READ_FILE | _WRITE_FILE | _TRUNCATE | _IOCTL_DEV
# Files, folders, links and pipes are made in its folder: no program, device or socket.
_WRITE = _READ | _WRITE_FILE | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 12
_WRITE |= _REFER | _TRUNCATE
_OF_ONE_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2


@dataclass(frozen=True)
class KernelProtection:
    """What this machine's kernel offers.

    Shapes: `files` is the version of Landlock, 0 for none; `calls` whether seccomp filters them;
    `user` whether a process gets a user of its own.
    """

    files: int
    calls: bool
    user: bool = False

    @property
    def is_whole(self) -> bool:
        """True when a process can be kept from files and from the network."""
        return self.files > 0 and self.calls

    def words(self) -> str:
        """Return it in words for a person."""
        files = _("files: Landlock %(version)s") % {"version": self.files}
        network = _("network: seccomp")
        user = _("user: one of its own") if self.user else _("user: that of its caller")
        return "; ".join(
            (
                files if self.files else _("files: not confined"),
                network if self.calls else _("network: not confined"),
                user,
            )
        )


def offered() -> KernelProtection:
    """Return what the kernel offers."""
    return KernelProtection(landlock_version(), is_seccomp_offered(), can_take_own_user())


def shut_in(
    reads: Iterable[Path | str] = (),
    writes: Iterable[Path | str] = (),
    *,
    profile: SandboxProfile = SandboxProfile.READER,
    ports: Iterable[int] = (),
) -> KernelProtection:
    """Leave this process the program itself, `reads`, `writes` and the network of its profile.

    Call it before any thread is started, and before anything from a stranger is opened. There is
    no way back, nor for what the process starts.
    Shapes: `ports` are those that a sender may call by TCP.
    Errors: OSError, when the kernel offers it and then refuses.
    """
    program = _program()
    has_own_user = take_own_user()
    bound_tasks(is_own_user=has_own_user)
    kernel = KernelProtection(landlock_version(), is_seccomp_offered(), has_own_user)
    if not (kernel.files or kernel.calls):
        return kernel
    refuse_new_privileges()
    if kernel.files:
        is_sender = profile is SandboxProfile.SENDER
        named = {*_LOOKED_AT, *(_OF_THE_NETWORK if is_sender else ()), *map(str, reads)}
        restrict_files(
            [Path(path) for path in sorted(named)],
            [Path(path) for path in writes],
            programs=[Path(path) for path in sorted({*program, *_SYSTEM})],
            ports=ports if is_sender else (),
        )
    if kernel.calls:
        # Elsewhere the kernel itself refuses signals to processes outside.
        keeps_signals = has_own_user or kernel.files >= _SCOPES_SINCE
        restrict_calls(profile, None if keeps_signals else os.getpid())
    return kernel


def shut_in_thread(writes: Iterable[Path | str], profile: SandboxProfile) -> None:
    """Leave this thread alone the program, `writes` and the calls and network of its profile.

    The other threads of the process keep what they may: it shares their memory, so this holds back
    what a thread is led to do, not who can write in that memory. Errors: as `shut_in`.
    """
    files, calls = landlock_version(), is_seccomp_offered()
    if not (files or calls):
        return
    refuse_new_privileges()
    if files:
        # Read, as a module may be loaded late; nothing is started.
        named = sorted({*_program(), *_SYSTEM, *_LOOKED_AT})
        restrict_files(map(Path, named), map(Path, writes))
    if calls:
        restrict_calls(profile, os.getpid())


def landlock_version() -> int:
    """Return the version of Landlock that the kernel offers, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    with suppress(OSError, AttributeError):
        return _call(_CREATE_RULESET, None, 0, _VERSION)
    return 0


def is_seccomp_offered() -> bool:
    """Return whether the kernel filters calls, and we know their numbers."""
    return (
        sys.platform.startswith("linux")
        and current_machine() in MARKS
        and Path("/proc/sys/kernel/seccomp").exists()
    )


def refuse_new_privileges() -> None:
    """Let no program that this process starts be more than it is. Errors: OSError."""
    _control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def restrict_files(
    reads: Iterable[Path],
    writes: Iterable[Path],
    *,
    programs: Iterable[Path] = (),
    ports: Iterable[int] = (),
) -> None:
    """Leave this thread, and all that it starts, these files; of TCP calls to these ports alone.

    A path that is not there is passed over. Only what lies in `programs` is started. Call it before
    any other thread runs, and after `refuse_new_privileges`. Errors: OSError.
    """
    version = landlock_version()
    handled = _OF_FIRST_VERSION
    for since, right in _SINCE:
        handled |= right if version >= since else 0
    rules = _Ruleset(
        handled,
        _TCP if version >= _NETWORK_SINCE else 0,
        _SCOPES if version >= _SCOPES_SINCE else 0,
    )
    rights = (
        *((path, _RUN) for path in programs),
        *((path, _READ) for path in reads),
        *((Path(path), _USE_DEVICE) for path in _DEVICES),
        *((path, _WRITE) for path in writes),
    )
    # An older kernel knows a shorter structure, and refuses a longer one unless the rest is zero.
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    try:
        for path, allowed in rights:
            _allow(ruleset, path, allowed & handled)
        for port in ports if version >= _NETWORK_SINCE else ():
            rule = _Port(_CALL_BY_TCP, port)
            _call(_ADD_RULE, ruleset, _PORT, ctypes.byref(rule), 0)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def restrict_calls(
    profile: SandboxProfile = SandboxProfile.READER, only_process: int | None = None
) -> None:
    """Leave this thread, and all that it starts, the calls of `profile`.

    Shapes: `only_process` is the one that signals may go to, None for all that the kernel allows.
    Errors: OSError.
    """
    instructions, count = filter_for(profile, current_machine(), only_process)
    code = ctypes.create_string_buffer(instructions, len(instructions))
    program = _Program(count, ctypes.addressof(code))
    _control(_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0)


def _program() -> set[str]:
    """Return where Python and its packages lie, the ones of this program included."""
    own = {str(Path(path).resolve()) for path in sys.path if path and Path(path).exists()}
    whole = {*own, *sysconfig.get_paths().values(), sys.prefix, sys.base_prefix}
    # A place above everything is no program, and would leave all files readable.
    home = _home()
    return {
        path for path in whole if path not in ("/", "", home) and not home.startswith(f"{path}/")
    }


def _home() -> str:
    # In the sandbox /etc/passwd cannot be read, and in a container it may not list this user.
    with suppress(RuntimeError):
        return str(Path.home())
    return "/"


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.c_void_p))


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


def _call(number: int, *arguments: object) -> int:
    system = ctypes.CDLL(None, use_errno=True)
    numbers = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    result: int = system.syscall(ctypes.c_long(number), *numbers)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def _control(*arguments: int) -> None:
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(*(ctypes.c_ulong(number) for number in arguments)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

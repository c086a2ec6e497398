"""Shut this process in, as far as the kernel offers it; where it offers nothing, nothing happens.

Landlock refuses it all files but those named; seccomp refuses it sockets, calls that reach into
other processes, and leaving its process group.
Source: Linux, include/uapi/linux/landlock.h, Documentation/userspace-api/landlock.rst and
seccomp_filter.rst; the numbers of the calls from arch/x86/entry/syscalls/syscall_64.tbl and
include/uapi/asm-generic/unistd.h.
"""

import ctypes
import errno
import os
import platform
import stat
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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

# Landlock's calls have the same numbers on every processor.
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

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _PROCESSOR_AT = 0, 4
_ALLOWED = 0x7FFF0000
_REFUSED = 0x00050000 | errno.EACCES
_X32 = 0x40000000
"""The calls from here on are those of a 64-bit processor for 32-bit addresses (x32)."""


@dataclass(frozen=True)
class KernelProtection:
    """What this machine's kernel offers.

    Shapes: `files` is the version of Landlock, 0 for none; `calls` whether seccomp filters them.
    """

    files: int
    calls: bool

    @property
    def is_whole(self) -> bool:
        """True when a process can be kept from files and from the network."""
        return self.files > 0 and self.calls

    def words(self) -> str:
        """Return it in words for a person."""
        files = _("files: Landlock %(version)s") % {"version": self.files}
        network = _("network: seccomp")
        return "; ".join(
            (
                files if self.files else _("files: not confined"),
                network if self.calls else _("network: not confined"),
            )
        )


def offered() -> KernelProtection:
    """Return what the kernel offers."""
    return KernelProtection(landlock_version(), is_seccomp_offered())


def shut_in(
    reads: Iterable[Path | str] = (), writes: Iterable[Path | str] = ()
) -> KernelProtection:
    """Leave this process the program itself, `reads`, and `writes`; no network; no other process.

    Call it before any thread is started, and before anything from a stranger is opened. There is
    no way back, nor for what the process starts.
    Errors: OSError, when the kernel offers it and then refuses.
    """
    kernel = offered()
    if not (kernel.files or kernel.calls):
        return kernel
    refuse_new_privileges()
    if kernel.files:
        readable = {Path(path) for path in (*_program(), *_SYSTEM, *_LOOKED_AT, *reads)}
        restrict_files(sorted(readable), [Path(path) for path in (*_DEVICES, *writes)])
    if kernel.calls:
        restrict_calls()
    return kernel


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
        and platform.machine() in _PROCESSORS
        and Path("/proc/sys/kernel/seccomp").exists()
    )


def refuse_new_privileges() -> None:
    """Let no program that this process starts be more than it is. Errors: OSError."""
    _control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def restrict_files(reads: Iterable[Path], writes: Iterable[Path]) -> None:
    """Leave this thread, and all that it starts, these files; of the network no TCP.

    A path that is not there is passed over. Call it before any other thread runs, and after
    `refuse_new_privileges`. Errors: OSError.
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


def restrict_calls() -> None:
    """Refuse this thread, and all that it starts, those calls. Errors: OSError."""
    instructions = _instructions(_PROCESSORS[platform.machine()])
    program = _Program(len(instructions), (_Instruction * len(instructions))(*instructions))
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


@dataclass(frozen=True)
class _Processor:
    """Its mark in the kernel, and the numbers of the calls that are refused."""

    mark: int
    calls: tuple[int, ...]


# socket, ptrace, process_vm_readv and _writev, bpf, perf_event_open, userfaultfd, unshare, setns,
# mount, add_key, request_key, keyctl, io_uring_setup, pidfd_getfd, setpgid, setsid.
_PROCESSORS: Mapping[str, _Processor] = {
    "x86_64": _Processor(
        0xC000003E,
        (41, 101, 310, 311, 321, 298, 323, 272, 308, 165, 248, 249, 250, 425, 438, 109, 112),
    ),
    "aarch64": _Processor(
        0xC00000B7,
        (198, 117, 270, 271, 280, 241, 282, 97, 268, 40, 217, 218, 219, 425, 438, 154, 157),
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def _instructions(processor: _Processor) -> list[_Instruction]:
    calls = processor.calls
    checks = [
        # From each check on: so many instructions down to the last, which refuses.
        _Instruction(_IF_EQUAL, len(calls) - place, 0, number)
        for place, number in enumerate(calls)
    ]
    return [
        _Instruction(_LOAD, 0, 0, _PROCESSOR_AT),
        _Instruction(_IF_EQUAL, 0, len(calls) + 3, processor.mark),
        _Instruction(_LOAD, 0, 0, _NUMBER_AT),
        _Instruction(_IF_AT_LEAST, len(calls) + 1, 0, _X32),
        *checks,
        _Instruction(_RETURN, 0, 0, _ALLOWED),
        _Instruction(_RETURN, 0, 0, _REFUSED),
    ]


def _control(*arguments: int) -> None:
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(*(ctypes.c_ulong(number) for number in arguments)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

"""seccomp: the kernel refuses a process sockets, and calls that reach into other processes.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst; the numbers of the calls from
arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _PROCESSOR_AT = 0, 4
_ALLOWED = 0x7FFF0000
_REFUSED = 0x00050000 | errno.EACCES
_SECOND_FACE = 0x40000000
"""The calls of a 64-bit processor once more, for programs with short addresses (x32)."""


@dataclass(frozen=True)
class _Processor:
    """Its mark in the kernel, and the numbers of the calls that are refused."""

    mark: int
    calls: tuple[int, ...]


# socket, ptrace, process_vm_readv and _writev, bpf, perf_event_open, userfaultfd, unshare, setns,
# mount, add_key, request_key, keyctl, io_uring_setup, pidfd_getfd.
_PROCESSORS: Mapping[str, _Processor] = {
    "x86_64": _Processor(
        0xC000003E,
        (41, 101, 310, 311, 321, 298, 323, 272, 308, 165, 248, 249, 250, 425, 438),
    ),
    "aarch64": _Processor(
        0xC00000B7,
        (198, 117, 270, 271, 280, 241, 282, 97, 268, 40, 217, 218, 219, 425, 438),
    ),
}


class _Line(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("lines", ctypes.POINTER(_Line)))


def is_offered() -> bool:
    """True where the kernel filters calls, and we know their numbers."""
    return (
        sys.platform.startswith("linux")
        and platform.machine() in _PROCESSORS
        and Path("/proc/sys/kernel/seccomp").exists()
    )


def no_new_privileges() -> None:
    """Let no program that this process starts be more than it is. Errors: OSError."""
    _control(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def restrict() -> None:
    """Refuse this thread, and all that it starts, those calls. Errors: OSError."""
    lines = _lines(_PROCESSORS[platform.machine()])
    program = _Program(len(lines), (_Line * len(lines))(*lines))
    _control(_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0)


def _lines(processor: _Processor) -> list[_Line]:
    calls = processor.calls
    checks = [
        # From each check on: so many lines down to the last, which refuses.
        _Line(_IF_EQUAL, len(calls) - place, 0, number)
        for place, number in enumerate(calls)
    ]
    return [
        _Line(_LOAD, 0, 0, _PROCESSOR_AT),
        _Line(_IF_EQUAL, 0, len(calls) + 3, processor.mark),
        _Line(_LOAD, 0, 0, _NUMBER_AT),
        _Line(_IF_AT_LEAST, len(calls) + 1, 0, _SECOND_FACE),
        *checks,
        _Line(_RETURN, 0, 0, _ALLOWED),
        _Line(_RETURN, 0, 0, _REFUSED),
    ]


def _control(*given: int) -> None:
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(*(ctypes.c_ulong(one) for one in given)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))

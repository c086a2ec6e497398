"""The filter of system calls: an allow-list, assembled for the kernel's seccomp.

What is not allowed answers EPERM, and a call that is newer than the list ENOSYS; a call of another
processor's numbering ends the process.
Source: Linux, Documentation/userspace-api/seccomp_filter.rst; seccomp(2); clone(2); prctl(2).
"""

import errno
import platform
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from quetsach.sandbox import system_calls as calls
from quetsach.sandbox.contract import SandboxProfile


@dataclass(frozen=True)
class ArgumentRule:
    """Which values one argument may have; of a `long` one both halves are looked at.

    Shapes: `argument` counts from 0; the values are those of the bits of `mask`.
    """

    argument: int
    values: tuple[int, ...] = (0,)
    mask: int = 0xFFFFFFFF
    is_long: bool = False


MARKS: Mapping[str, int] = MappingProxyType({"x86_64": 0xC000003E, "aarch64": 0xC00000B7})
"""The processors that the lists of numbers are for, and their marks in the kernel."""

_ORDER = tuple(MARKS)

_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_NUMBER_AT, _PROCESSOR_AT, _ARGUMENTS_AT = 0, 4, 16
_ALLOWED = 0x7FFF0000
_REFUSED = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS
_ENDED = 0x80000000
_X32 = 0x40000000
"""The calls from here on are those of a 64-bit processor for 32-bit addresses (x32)."""

_NEW_NAMESPACES = 0x7E020000
"""The flags CLONE_NEWNS, CGROUP, UTS, IPC, USER, PID and NET."""

_CONTROLS = (1, 3, 15, 16, 22, 38, 39, 0x53564D41)
"""PR_SET_PDEATHSIG, GET_DUMPABLE, SET_NAME, GET_NAME, SET_SECCOMP, SET_ and GET_NO_NEW_PRIVS,
SET_VMA."""

_DEVICE_QUESTIONS = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""

_OF_ITSELF = (ArgumentRule(0),)
_CHECKED: Mapping[str, tuple[ArgumentRule, ...]] = MappingProxyType(
    {
        "clone": (ArgumentRule(0, mask=_NEW_NAMESPACES),),
        "prlimit64": _OF_ITSELF,
        # PRIO_PROCESS, and itself.
        "setpriority": (ArgumentRule(0), ArgumentRule(1)),
        "prctl": (ArgumentRule(0, _CONTROLS),),
        "ioctl": (ArgumentRule(1, _DEVICE_QUESTIONS),),
        # By an open file alone: a path could be that of any file of the same user.
        "utimensat": (ArgumentRule(1, is_long=True),),
    }
)
_AF_INET, _AF_INET6 = 2, 10
_NEW_SOCKETS = (
    ArgumentRule(0, (_AF_INET, _AF_INET6)),
    # Streams and datagrams; the bits above say whether it is inherited, and whether it waits.
    ArgumentRule(1, (1, 2), mask=0xF),
)
_NO_ADDRESS = (ArgumentRule(4, is_long=True),)


def allowed_calls(
    profile: SandboxProfile, machine: str, only_process: int | None = None
) -> dict[int, tuple[ArgumentRule, ...]]:
    """Return the numbers of the calls that `profile` may make, with what is asked of arguments.

    Shapes: `only_process` is the one that signals may go to, None where the kernel itself keeps
    them from other processes.
    """
    rules: dict[str, tuple[ArgumentRule, ...]] = dict(_CHECKED)
    if only_process is not None:
        # Its own group is 0 and its own number below zero.
        own = (0, only_process, -only_process & 0xFFFFFFFF)
        rules |= dict.fromkeys(("kill", "tgkill"), (ArgumentRule(0, own),))
    lists = [calls.ALWAYS, calls.CHECKED]
    if profile is not SandboxProfile.READER:
        lists += [calls.TALKING, calls.SOCKETS]
    if profile is SandboxProfile.SENDER:
        lists.append(calls.SENDING)
        rules |= {"socket": _NEW_SOCKETS, "sendto": ()}
    if profile is SandboxProfile.LISTENER:
        lists.append(calls.LISTENING)
        rules |= {"sendto": _NO_ADDRESS}
    place = _ORDER.index(machine)
    return {
        number: rules.get(name, ())
        for table in lists
        for name, numbers in table.items()
        # `socket` stands in the lists of whoever talks, and a listener opens none.
        if (number := numbers[place]) is not None
        and name != "clone3"
        and (name != "socket" or profile is SandboxProfile.SENDER)
    }


@cache
def filter_for(
    profile: SandboxProfile, machine: str, only_process: int | None = None
) -> tuple[bytes, int]:
    """Return the instructions of the filter, and how many they are.

    Shapes: `machine` is a key of `MARKS`; `only_process` as in `allowed_calls`.
    """
    lines = list(_lines(profile, machine, only_process))
    return b"".join(struct.pack("=HBBI", *line) for line in lines), len(lines)


def current_machine() -> str:
    """Return this machine's processor, as `MARKS` names those that are known."""
    return platform.machine()


_Line = tuple[int, int, int, int]
"""Code, lines to pass over if it holds and if not, operand."""


def _lines(profile: SandboxProfile, machine: str, only_process: int | None) -> Iterator[_Line]:
    yield _LOAD, 0, 0, _PROCESSOR_AT
    yield _IF_EQUAL, 1, 0, MARKS[machine]
    yield _RETURN, 0, 0, _ENDED
    yield _LOAD, 0, 0, _NUMBER_AT
    yield _IF_AT_LEAST, 0, 1, _X32
    yield _RETURN, 0, 0, _ENDED
    for number, rules in allowed_calls(profile, machine, only_process).items():
        body = [*_checks(rules), (_RETURN, 0, 0, _ALLOWED)]
        yield _IF_EQUAL, 0, len(body), number
        yield from body
    # A library that meets ENOSYS starts threads by `clone`, whose flags can be looked at.
    yield _IF_EQUAL, 1, 0, calls.CHECKED["clone3"][_ORDER.index(machine)] or 0
    yield _IF_AT_LEAST, 0, 1, calls.NEWEST + 1
    yield _RETURN, 0, 0, _UNKNOWN
    yield _RETURN, 0, 0, _REFUSED


def _checks(rules: Sequence[ArgumentRule]) -> Iterator[_Line]:
    for rule in rules:
        low = _ARGUMENTS_AT + 8 * rule.argument
        yield from _check(low, rule.values, rule.mask)
        if rule.is_long:
            yield from _check(low + 4, (0,), 0xFFFFFFFF)


def _check(place: int, values: Sequence[int], mask: int) -> Iterator[_Line]:
    yield _LOAD, 0, 0, place
    yield _AND, 0, 0, mask
    for position, value in enumerate(values):
        # Down over the other values and the refusal.
        yield _IF_EQUAL, len(values) - position, 0, value
    yield _RETURN, 0, 0, _REFUSED

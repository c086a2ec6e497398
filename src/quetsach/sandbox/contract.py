"""What passes between a caller and its process in the sandbox: plain, typed, bounded."""

import signal
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

OUT_OF_MEMORY = 71
"""The exit code of a process whose memory was used up."""

FRAME = struct.Struct(">cQ")
"""The head of what a process writes to its caller: the kind and the number of bytes that follow."""

ANSWER, PROGRESS = b"A", b"P"

ReportProgress: TypeAlias = Callable[[int, int], None]
"""Takes how much is done, and of how much; an act gets one."""


class SandboxProfile(StrEnum):
    """What a process in the sandbox may do with the network.

    A reader nothing; a sender calls others, on the ports named; a listener takes what comes to the
    sockets that it was given, and opens none.
    """

    READER = "reader"
    SENDER = "sender"
    LISTENER = "listener"


class SandboxLimits(msgspec.Struct, frozen=True):
    """How much a process in the sandbox may use.

    Shapes: `cpu_seconds` 0 is twice `seconds`; `own_seconds` 0 is `seconds`.
    Units: bytes of address space; seconds until its caller ends it; seconds of CPU time; seconds
    until it ends itself, time of programs that it waits for left out; bytes of one file that it
    writes; bytes of its answer.
    """

    memory: int = 4 << 30
    seconds: float = 4 * 3600
    cpu_seconds: int = 0
    own_seconds: float = 0
    file_bytes: int = 64 << 30
    answer: int = 16 << 20


class SandboxTask(msgspec.Struct, frozen=True):
    """What the process is to do; one JSON line on its stdin, before the bytes for the act.

    Shapes: `act` is "module:function", which takes bytes and a ReportProgress and returns bytes;
    `reads` are files that it may read; `writes` are folders that it may write to; `size` is the
    number of bytes that follow.
    """

    act: str
    limits: SandboxLimits
    size: int
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    profile: SandboxProfile = SandboxProfile.READER
    ports: tuple[int, ...] = ()


class SandboxProgress(msgspec.Struct, frozen=True):
    """How far the process is."""

    done: int
    total: int


class SandboxAnswer(msgspec.Struct, frozen=True):
    """What an act of plain values returned, or the problem in words for a person."""

    value: Any = None
    problem: str = ""


class SandboxFailure(StrEnum):
    """Why a process gave no answer."""

    TIME = "time"
    MEMORY = "memory"
    BROKE = "broke"


class SandboxFailed(Exception):  # noqa: N818  # reads as a sentence
    """The process gave no answer, and would give none if it were run again.

    Shapes: `reason` names how it ended; `last_line` is the last line of its stderr, untrusted.
    """

    def __init__(self, failure: SandboxFailure, reason: str = "", last_line: str = "") -> None:
        super().__init__(f"{failure} {reason}".strip())
        self.failure, self.reason, self.last_line = failure, reason, last_line


class EndedFromOutside(Exception):  # noqa: N818  # reads as a sentence
    """A person or the system ended the process by `signal`; another run may succeed."""

    def __init__(self, ended_by: signal.Signals) -> None:
        super().__init__(ended_by.name)
        self.signal = ended_by


def encode_answer(value: Any = None, problem: str = "") -> bytes:
    """Return the answer of an act of plain values, for `run.call`."""
    return msgspec.json.encode(SandboxAnswer(value, problem))

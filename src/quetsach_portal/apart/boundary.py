"""What passes between the worker and a process apart: plain, typed, bounded."""

import msgspec

ANSWER = "answer.bin"


class Limits(msgspec.Struct, frozen=True):
    """How much the process may use.

    Units: bytes of address space, seconds of time, bytes of one file that it writes, bytes of its
    answer.
    """

    memory: int = 4 << 30
    seconds: int = 4 * 3600
    file_bytes: int = 64 << 30
    answer: int = 16 << 20


class Order(msgspec.Struct, frozen=True):
    """What the process is to do, in a folder of its own.

    Shapes: `act` is "module:function" of ours, which takes `given` and a `Tell`, and returns the
    answer; `reads` are the files outside the folder that it may read, links in the folder included.
    """

    act: str
    given: bytes
    limits: Limits
    reads: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """How far the process is; one JSON line each on its stdout."""

    done: int
    total: int

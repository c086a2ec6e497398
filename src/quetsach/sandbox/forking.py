"""The warm process: `python -m quetsach.sandbox.forking SOCKET NAME ...` loads, then forks.

It loads what is named, reads orders of its caller and nothing else, and forks a process for
each. What it forks becomes the very child (`child.py`) that would have been started anew: own
session, clean environment, its own pipes, then bounds and walls, then the act. The warm process
never sees a stranger's byte, and no act sees it: the socket is closed before the child's first
line.
"""

import gc
import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Iterable
from importlib import import_module  # noqa: TID251 - the caller names what its acts load
from typing import NoReturn

import msgspec

from quetsach.sandbox import child
from quetsach.sandbox.call_filter import MARKS, current_machine, filter_for
from quetsach.sandbox.contract import SandboxProfile

LONGEST_ORDER = 1 << 16
NOT_STARTED = -1
"""Answered in the place of a number where the system starts no process now."""


class ForkOrder(msgspec.Struct, frozen=True):
    """Start a process; its stdin, stdout and stderr come with it.

    Shapes: `directory` is where it stands.
    """

    directory: str
    environment: dict[str, str]


def main() -> None:
    """Load what is named, then fork until nobody is left to ask."""
    load(sys.argv[2:])
    serve(socket.socket(fileno=int(sys.argv[1])))


def load(names: Iterable[str]) -> None:
    """Load what is named, so that no process forked later does.

    Shapes: a name is that of a module, or "module:function", which is called and loads more.
    Errors: SystemExit; ImportError.
    """
    for name in names:
        place, _colon, function = name.partition(":")
        module = import_module(place)
        if function:
            getattr(module, function)()
    # Walls are put around one thread, and a fork takes one along: no library may have begun more.
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        sys.exit("what is loaded ahead starts threads")
    if current_machine() in MARKS:
        filter_for(SandboxProfile.READER, current_machine())
    gc.collect()
    # What is here stays: no fork looks through it, and so the memory stays shared.
    gc.freeze()


def serve(orders: socket.socket) -> None:
    """Fork for each order with pipes, and answer the number; end what a number names.

    The number stays taken until its caller asks how the process ended.
    """
    while True:
        message, pipes, _flags, _address = socket.recv_fds(orders, LONGEST_ORDER, 3)
        if not message:
            return
        order = msgspec.json.decode(message, type=ForkOrder | int)
        if isinstance(order, int):
            answer = os.waitstatus_to_exitcode(os.waitpid(order, 0)[1])
        else:
            answer = _forked(order, pipes, orders)
        for pipe in pipes:
            os.close(pipe)
        orders.send(msgspec.json.encode(answer))


def _forked(order: ForkOrder, pipes: list[int], orders: socket.socket) -> int:
    try:
        number = os.fork()
    except OSError:
        return NOT_STARTED
    if number == 0:
        orders.close()
        _become_child(order, pipes)
    return number


def _become_child(order: ForkOrder, pipes: list[int]) -> NoReturn:
    """Carry out an act as a new process would, and end."""
    code = 1
    try:
        for place, pipe in enumerate(pipes):
            os.dup2(pipe, place)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        os.setsid()
        os.chdir(order.directory)
        os.environ.clear()
        os.environ.update(order.environment)
        tempfile.tempdir = None
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        child.main()
        code = 0
    except BaseException:  # noqa: BLE001  # whatever it is, the process ends with it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()

"""Sandbox processes of tests, forked off one that has loaded the libraries already.

A test that uploads or sweeps starts a few processes, and each would load the same libraries for a
second. Here one process for a whole run of tests loads them, and forks: what runs is the very
child, with the same environment, bounds and walls. The tests of the sandbox, and those marked
`new_process`, start theirs as the portal does; so do the processes that tests start themselves.
"""

import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from importlib import import_module
from pathlib import Path

from quetsach.sandbox import child
from quetsach.sandbox.clock import is_inside
from quetsach.sandbox.run import clean_environment

LOADED = (
    "quetsach.api.sweeps",
    "quetsach.api.findings",
    "quetsach.api.pdf_signatures",
    "quetsach.readers.read",
    "quetsach_portal.campaigns.sandboxed_reading",
    "quetsach_portal.files.pictures",
    "quetsach_portal.intake.sandboxed",
    "quetsach_portal.publishing.lists.sandboxed_list",
    "pypdfium2",
    "openpyxl",
)
_ROOT = Path(__file__).parents[2]
_BECOME_PARENT_OF_ORPHANS = 36


class ForkedProcesses:
    """Starts sandbox processes in place of `quetsach.sandbox.run.start_process`."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        environment = clean_environment()
        environment["PYTHONPATH"] += f"{os.pathsep}{_ROOT}"
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
                env=environment,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._one_at_a_time = threading.Lock()
        self._libc = ctypes.CDLL(None)

    def start(self, folder: Path | None) -> "subprocess.Popen[bytes]":
        """Return the process that stands in `folder`, a child of this one."""
        (given, to_give), (to_take, taken), (to_hear, heard) = os.pipe(), os.pipe(), os.pipe()
        theirs = (given, taken, heard)
        environment = clean_environment(folder)
        order = [str(folder or os.sep), environment, not is_inside()]
        with self._one_at_a_time:
            # The one that forks ends at once, so that its child becomes ours.
            self._libc.prctl(_BECOME_PARENT_OF_ORPHANS, 1, 0, 0, 0)
            socket.send_fds(self._ours, [json.dumps(order).encode()], theirs)
            pid = int(self._ours.recv(32))
            self._libc.prctl(_BECOME_PARENT_OF_ORPHANS, 0, 0, 0, 0)
        for descriptor in theirs:
            os.close(descriptor)
        return _process(pid, to_give, to_take, to_hear)

    def end(self) -> None:
        """End the process that forks."""
        self._ours.close()
        self._server.wait(10)


def _process(pid: int, stdin: int, stdout: int, stderr: int) -> "subprocess.Popen[bytes]":
    """Return a process that runs already, with its pipes."""
    process = subprocess.Popen.__new__(subprocess.Popen)
    process.args, process.pid, process.returncode = ["sandbox"], pid, None
    process.stdin = os.fdopen(stdin, "wb", -1)
    process.stdout, process.stderr = os.fdopen(stdout, "rb", -1), os.fdopen(stderr, "rb", -1)
    process._waitpid_lock = threading.Lock()
    process._child_created, process._sigint_wait_secs = True, 0.25
    return process


def serve(orders: socket.socket) -> None:
    """Fork a process for each order, until nobody is left to give one."""
    for name in LOADED:
        import_module(name)
    while True:
        order, descriptors, _flags, _address = socket.recv_fds(orders, 65_536, 3)
        if not order:
            return
        number, told = os.pipe()
        middle = os.fork()
        if middle == 0:
            inner = os.fork()
            if inner == 0:
                _carry_out(json.loads(order), descriptors)
            os.write(told, str(inner).encode())
            os._exit(0)
        os.waitpid(middle, 0)
        orders.send(os.read(number, 32))
        for descriptor in (number, told, *descriptors):
            os.close(descriptor)


def _carry_out(order: tuple[str, dict[str, str], bool], descriptors: list[int]) -> None:
    """Become the child, as if it had been started with these pipes."""
    code = 1
    try:
        folder, environment, leads = order
        for place, descriptor in enumerate(descriptors):
            os.dup2(descriptor, place)
        os.closerange(3, 1_024)
        if leads:
            os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
        child.main()
        code = 0
    except BaseException:  # noqa: BLE001  # whatever it is, the process ends with it
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))

"""Acts that the tests carry out in the sandbox, well-behaved and hostile."""

import contextlib
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time

import msgspec

from quetsach.sandbox.contract import ANSWER, FRAME, ReportProgress, SandboxLimits, encode_answer
from quetsach.sandbox.run import run


def attempt(given: bytes, _report: ReportProgress) -> bytes:
    """Run each line of Python by itself, and answer how each ended."""
    endings = []
    for line in msgspec.json.decode(given, type=list[str]):
        try:
            exec(line, {})  # lines of the tests
            endings.append("done")
        except OSError as error:
            endings.append(type(error).__name__)
    return encode_answer(endings)


def echo(given: bytes, report: ReportProgress) -> bytes:
    """Report progress twice, and answer with what was given."""
    report(1, 2)
    report(2, 2)
    return given


def evaluate(given: bytes, _report: ReportProgress) -> bytes:
    """Answer with the value of an expression, as text."""
    names = {"os": os, "sys": sys, "signal": signal, "logging": logging}
    return str(eval(given.decode(), names)).encode()


def hang(given: bytes, report: ReportProgress) -> bytes:
    """Report progress, and then do nothing that ends."""
    report(1, int(given or b"2"))
    threading.Event().wait()
    return b""


def hang_in_c(_given: bytes, _report: ReportProgress) -> bytes:
    """Stay in C code that neither ends nor lets another thread run."""
    re.match(r"(a+)+$", "a" * 64 + "b")
    return b""


def leave_a_program(_given: bytes, _report: ReportProgress) -> bytes:
    """Answer with the number of a program that is left running."""
    program = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
    return str(program.pid).encode()


def chatter(given: bytes, _report: ReportProgress) -> bytes:
    """Write much to stdout and stderr, past Python too, and answer with what was given."""
    for _time in range(200):
        os.write(1, b"from C" * 1_000)
        sys.stdout.write("from Python" * 100)
        sys.stderr.write("a message" * 100)
    return given


def forge(given: bytes, _report: ReportProgress) -> bytes:
    """Write `given` to every pipe that leads out, past the protocol, and end at once."""
    for descriptor in range(3, 20):
        with contextlib.suppress(OSError):
            os.write(descriptor, given)
    os._exit(0)


def claim(given: bytes, _report: ReportProgress) -> bytes:
    """Claim an answer of so many bytes, and never send it."""
    return forge(FRAME.pack(ANSWER, int(given)), _report)


def nest(given: bytes, _report: ReportProgress) -> bytes:
    """Answer with the process groups of this process and of one in a sandbox within it."""
    own = os.getpgid(0)
    inner = run("tests.sandbox.acts:evaluate", given, limits=SandboxLimits(seconds=60))
    return f"{own} {inner.decode()}".encode()


def nest_and_outlast(given: bytes, _report: ReportProgress) -> bytes:
    """Wait for a process in a sandbox within this one longer than this one's own clock allows."""
    limits = SandboxLimits(seconds=60)
    return run("tests.sandbox.acts:spend", given, limits=limits)


def spend(given: bytes, _report: ReportProgress) -> bytes:
    """Spend so many seconds, and answer with them."""
    until = time.monotonic() + float(given)
    while time.monotonic() < until:
        pass
    return given

"""The process in the sandbox: bounded before its act runs, and gone with its caller."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quetsach.sandbox.run import run
from tests.sandbox.carrying_out import LIMITS, POSIX, ROOT, act, evaluated, is_gone


@pytest.mark.skipif(sys.platform != "linux", reason="limits are read back on Linux")
def test_all_that_is_bounded_is_bounded_before_the_act_runs() -> None:
    limits = evaluated(
        "[__import__('resource').getrlimit(getattr(__import__('resource'), 'RLIMIT_' + name))"
        " for name in ('AS', 'CPU', 'FSIZE', 'CORE')] + [os.getpriority(os.PRIO_PROCESS, 0)]",
        cpu_seconds=17,
        file_bytes=99,
    )
    assert limits == str([(2 << 30, 2 << 30), (17, 18), (99, 99), (0, 0), 10])


def test_what_a_library_prints_is_no_part_of_the_answer() -> None:
    assert run(act("chatter"), b"answer", limits=LIMITS) == b"answer"


CALLER = """
import os, sys
from quetsach.sandbox.contract import SandboxLimits
from quetsach.sandbox.run import run
def report(progress):
    if progress is not None:
        print(progress.total, flush=True)
        os.kill(os.getpid(), 9)
run({act!r}, b"0", limits=SandboxLimits(seconds=60), on_progress=report)
"""


@POSIX
def test_it_ends_when_its_caller_is_killed(tmp_path: Path) -> None:
    (tmp_path / "own_number.py").write_text(
        "import os, threading\n"
        "def hang(given, report):\n"
        "    report(0, os.getpid())\n"
        "    threading.Event().wait()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(tmp_path)))}
    code = CALLER.format(act="own_number:hang")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == -9, done.stderr
    assert is_gone(int(done.stdout))

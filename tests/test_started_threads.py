"""A thread that cannot begin is an error at once, and not waited for."""

import _thread
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from quetsach import started_threads
from quetsach.cli.run_errors import as_problem
from quetsach.sandbox.contract import SandboxLimits
from quetsach.sandbox.run import run
from quetsach.started_threads import StartedThread


def test_it_works_and_ends() -> None:
    done, may_end = threading.Event(), threading.Event()

    def work() -> None:
        done.set()
        may_end.wait(60)

    thread = StartedThread(work)
    assert done.wait(60)
    assert not thread.join(0)
    may_end.set()
    assert thread.join(60)
    assert thread.join(0)


def test_one_that_ends_before_it_begins_is_told_as_a_lack_of_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What CPython does where a new thread gets no memory for its own state.
    monkeypatch.setattr(_thread, "start_new_thread", lambda _work, _words: 1)
    monkeypatch.setattr(started_threads, "BEGIN_S", 0.01)
    with pytest.raises(MemoryError) as caught:
        StartedThread(lambda: None)
    problem = as_problem(caught.value)
    assert problem is not None
    assert problem.problem.code == "E612"
    limits = SandboxLimits(memory=1 << 30, seconds=60)
    with pytest.raises(MemoryError):
        run("tests.sandbox.acts:echo", b"", limits=limits)


def test_where_the_system_starts_none_that_is_a_lack_of_memory_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_work: object, _words: object) -> int:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    with pytest.raises(MemoryError, match="no thread"):
        StartedThread(lambda: None)


_STARVED = """
import sys, _thread
started = _thread.start_new_thread
def starved(work, words):
    # Room for the stack, none for what the thread allocates first.
    return started(lambda: None, ())
_thread.start_new_thread = starved
from quetsach import started_threads
started_threads.BEGIN_S = 0.05
from quetsach.cli.main import main
main(["--lang", "en", "report", "verify-pdf", sys.argv[1]])
"""


def test_a_pdf_is_not_checked_for_ever_where_no_thread_begins(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    ended = subprocess.run(
        [sys.executable, "-c", _STARVED, str(tmp_path / "a.pdf")],
        capture_output=True,
        env={**os.environ, "QUETSACH_CONFIG": ""},
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert ended.stderr.startswith(b"E612 ")

"""Code of others that never returns is left behind and named, or its process ended."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from quetsach import stuck_calls
from quetsach.stuck_calls import CallProgress, StuckCallError, call_in_time


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stuck_calls, "ROUND_S", 0.05)
    monkeypatch.setattr(stuck_calls, "ROUNDS", 3)
    monkeypatch.setattr(stuck_calls, "_STUCK", set())
    # No process beside that ends this one.
    monkeypatch.setattr(stuck_calls._WATCHDOG, "_owner", os.getpid())


def endless() -> None:
    while True:
        pass


def test_what_returns_or_raises_does_so_as_if_called() -> None:
    assert call_in_time("p", lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        call_in_time("p", lambda: 1 // 0)


def test_a_loop_without_end_is_ended_and_its_package_is_not_asked_again() -> None:
    before = threading.active_count()
    with pytest.raises(StuckCallError, match="no answer within"):
        call_in_time("p", endless)
    with pytest.raises(StuckCallError):
        call_in_time("p", lambda: 7)
    assert call_in_time("q", lambda: 7) == 7
    assert threading.active_count() <= before + 1


def test_what_waits_for_ever_is_left_behind() -> None:
    with pytest.raises(StuckCallError):
        call_in_time("p", threading.Event().wait)


def test_who_gets_on_may_take_its_time() -> None:
    progress, pause = CallProgress(), threading.Event()

    def slow() -> int:
        for _step in range(10):
            pause.wait(0.05)
            progress.steps += 1
        return progress.steps

    assert call_in_time("p", slow, progress) == 10


_FROZEN = """
import re
from quetsach import stuck_calls
stuck_calls.ROUND_S, stuck_calls.ROUNDS = 0.1, 3
{how}
"""
_PATTERN = "re.match('(a+)+$', 'a' * 40 + 'b')"


@pytest.mark.parametrize(
    "how",
    [
        f"stuck_calls.call_in_time('acme 1.0', lambda: {_PATTERN})",
        f"stuck_calls.watch_over('acme 1.0')\n{_PATTERN}",
    ],
)
def test_a_process_that_a_pattern_stops_is_ended_and_says_whose_it_was(
    how: str, tmp_path: Path
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _FROZEN.format(how=how)],
        capture_output=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        timeout=60,
        check=False,
    )
    assert run.returncode < 0
    assert run.stderr.startswith(b"E651 acme 1.0: no answer within")
    assert len(run.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_ends_leaves_nothing_behind(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _FROZEN.format(how="stuck_calls.call_in_time('a', int)")],
        capture_output=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr, list(tmp_path.iterdir())) == (0, b"", [])

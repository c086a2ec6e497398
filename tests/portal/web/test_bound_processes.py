"""Processes of a portal: started again when they die, given up in time, gone with their parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach.api.problems import QuetsachError
from quetsach_portal.web.bound_processes import MOST_DEATHS, WITHIN_S, BoundProcesses
from quetsach_portal.web.management.commands.serve import RunLock, is_running
from tests.waiting import wait_until

SLEEPS = [sys.executable, "-c", "import signal; signal.pause()"]
DIES = [sys.executable, "-c", "raise SystemExit(3)"]

Said = list[tuple[str, int, float]]


@pytest.fixture
def said() -> Said:
    return []


@pytest.fixture
def processes(tmp_path: Path, said: Said) -> Iterator[BoundProcesses]:
    with RunLock(tmp_path) as lock:
        bound = BoundProcesses(lock, lambda *words: said.append(words))
        yield bound
        bound.end()


def wait_for_death(processes: BoundProcesses) -> None:
    wait_until(lambda: processes.running[0].process.poll() is not None, "it lives on")


def test_what_dies_is_started_again_after_a_wait_that_grows(
    processes: BoundProcesses, said: Said
) -> None:
    processes.add("web", SLEEPS)
    now = time.monotonic()
    for turn in range(3):
        pid = processes.running[0].process.pid
        os.kill(pid, signal.SIGKILL)
        wait_for_death(processes)
        processes.look(now)
        assert said[turn] == ("web", -signal.SIGKILL, 2.0**turn)
        processes.look(now + 2**turn - 0.1)
        assert processes.running[0].process.pid == pid
        now += 2**turn
        processes.look(now)
        assert processes.running[0].process.pid != pid
        assert processes.running[0].process.poll() is None


def die_often(processes: BoundProcesses, times: int, step_s: float) -> None:
    now = time.monotonic()
    for _turn in range(times):
        wait_for_death(processes)
        processes.look(now)
        now += step_s
        processes.look(now)


def test_what_dies_too_often_is_given_up_with_a_code(processes: BoundProcesses) -> None:
    processes.add("work light", DIES)
    die_often(processes, MOST_DEATHS, 60)
    with pytest.raises(QuetsachError) as caught:
        die_often(processes, 1, 60)
    problem = caught.value.problem
    assert (problem.code, problem.where) == ("E610", "work light")
    assert problem.facts == {"count": MOST_DEATHS + 1, "minutes": 10, "exit": 3}


def test_what_dies_now_and_then_is_never_given_up(processes: BoundProcesses, said: Said) -> None:
    processes.add("web", DIES)
    die_often(processes, 2 * MOST_DEATHS, WITHIN_S / 3)
    assert len(said) == 2 * MOST_DEATHS


def test_the_end_ends_them_with_what_they_started(processes: BoundProcesses) -> None:
    code = "import signal, subprocess, sys; print(subprocess.Popen([sys.executable, '-c', "
    code += "'import signal; signal.pause()']).pid, flush=True); signal.pause()"
    read, write = os.pipe()
    processes.add("web", ["sh", "-c", f'exec "$0" -c "$1" >/proc/{os.getpid()}/fd/{write}',
                          sys.executable, code])  # fmt: skip
    with os.fdopen(read) as pipe:
        grandchild = int(pipe.readline())
    os.close(write)
    processes.end()
    wait_until(lambda: not is_alive(grandchild), "it goes on alone", within_s=60)


PARENT = """
import sys, threading
from pathlib import Path
from quetsach_portal.web.bound_processes import BoundProcesses
from quetsach_portal.web.management.commands.serve import RunLock
with RunLock(Path(sys.argv[1])) as lock:
    processes = BoundProcesses(lock, print)
    processes.add("bound", [sys.executable, "-c", "import signal; signal.pause()"])
    print(processes.running[0].process.pid, flush=True)
    threading.Event().wait(600)
"""


def is_alive(pid: int) -> bool:
    try:
        # A process that has ended and was not waited for yet is a zombie.
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def started(home: Path) -> tuple["subprocess.Popen[str]", int]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings"}
    environment |= {"QUETSACH_HOME": str(home), "DATABASE_URL": ""}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(home)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())


@pytest.mark.skipif(sys.platform != "linux", reason="the signal is Linux's")
def test_a_parent_killed_takes_its_children_with_it_and_the_lock_ends_with_the_last(
    tmp_path: Path,
) -> None:
    parent, child = started(tmp_path)
    assert parent.stdout is not None
    with parent.stdout:
        # The child stands still: it cannot end before this test lets it.
        assert is_running(tmp_path)
        parent.send_signal(signal.SIGKILL)
        parent.wait(60)
    wait_until(lambda: not is_alive(child), "it goes on alone", within_s=60)
    assert not is_running(tmp_path)


def test_the_lock_lasts_as_long_as_any_process_that_has_it(tmp_path: Path) -> None:
    with RunLock(tmp_path) as lock:
        processes = BoundProcesses(lock, print)
        processes.add("web", SLEEPS)
    assert is_running(tmp_path)
    processes.end()
    assert not is_running(tmp_path)

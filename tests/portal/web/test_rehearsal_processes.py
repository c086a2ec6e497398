"""Processes of rehearsals: started when asked for, two at most, gone with who started them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach_portal.web import rehearsal_processes
from quetsach_portal.web.rehearsal_processes import RehearsalProcesses
from quetsach_portal.web.scratch_homes import RehearsalNote, ask_for, write_note
from tests.waiting import wait_until
from tests.whole import fault_run

SLEEPS = [sys.executable, "-c", "import signal; signal.pause()"]


def made(home: Path, number: int) -> Path:
    folder = home / "rehearsals" / f"{number:012x}"
    folder.mkdir(parents=True)
    write_note(folder, RehearsalNote(folder.name, number, "", "", ""))
    return folder


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RehearsalProcesses]:
    """With processes that only sleep: what is started is asked here, not what it does."""
    monkeypatch.setattr(rehearsal_processes, "command", lambda *_words: SLEEPS)
    started = RehearsalProcesses(tmp_path)
    yield started
    started.end()


def test_a_rehearsal_is_started_when_it_is_asked_for_and_two_at_most(
    processes: RehearsalProcesses, tmp_path: Path
) -> None:
    places = [made(tmp_path, number) for number in range(4)]
    processes.look()
    assert not processes.running
    for folder in places[1:]:
        ask_for(folder)
    processes.look()
    processes.look()
    assert set(processes.running) == set(places[1:3])
    processes.running[places[1]].kill()
    processes.running[places[1]].wait()
    # Nobody asks for that one any more, and for another one somebody does.
    os.utime(places[1] / "asked", (0, 0))
    processes.look()
    assert set(processes.running) == set(places[2:])


def test_the_end_ends_all_of_them(processes: RehearsalProcesses, tmp_path: Path) -> None:
    ask_for(made(tmp_path, 1))
    processes.look()
    (process,) = processes.running.values()
    processes.end()
    assert process.poll() is not None


PARENT = """
import django, sys, threading
from pathlib import Path
django.setup()
from quetsach_portal.web.rehearsal_processes import RehearsalProcesses
processes = RehearsalProcesses(Path(sys.argv[1]))
processes.look()
print(*(one.pid for one in processes.running.values()), flush=True)
threading.Event().wait(600)
"""


def is_alive(pid: int) -> bool:
    try:
        # A process that has ended and was not waited for yet is a zombie.
        return f"{pid} (" in (stat := Path(f"/proc/{pid}/stat").read_text()) and ") Z" not in stat
    except OSError:
        return False


@fault_run
@pytest.mark.skipif(sys.platform != "linux", reason="the signal is Linux's")
def test_a_portal_that_is_killed_takes_its_rehearsals_with_it(tmp_path: Path) -> None:
    folder = made(tmp_path, 1)
    ask_for(folder)
    environment = {
        **os.environ,
        "QUETSACH_HOME": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
    }
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], env=environment, stdout=subprocess.PIPE
    )
    try:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_until((folder / "portal.sock").exists, "it does not begin to serve")
        assert is_alive(pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait(60)
        wait_until(lambda: not is_alive(pid), "it goes on alone", within_s=60)
    finally:
        parent.kill()
        parent.wait(60)
        parent.stdout.close()

"""The clock of a rehearsal, and that all code reads the time where it can be moved."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import quetsach_portal
from quetsach_portal.rehearsals.clock import MOST_DAYS, RehearsalClock

READS_THE_REAL_CLOCK = {
    "alerts/signed_webhook.py": "the stamp by which a receiver refuses what is sent again later",
    "config/management/commands/rehearsal.py": "how long nobody has asked for a process",
    "files/uploads.py": "the age of a file on this disk",
    "intake/retention.py": "the age of a folder on this disk",
    "intake/sandboxed.py": "only where the portal names no day",
    "publishing/lists/sandboxed_list.py": "only where the portal names no day",
    "mail/letterbox.py": "the age of a file on this disk",
    "publishing/folder.py": "the age of a file on this disk",
    "jobs/beats.py": "how lately a worker was alive",
    "people/sessions.py": "how lately somebody signed in",
    "rehearsals/inside/views.py": "how lately somebody signed in",
    "web/rehearsal_processes.py": "how lately somebody asked for a process",
}
"""Who does not ask django.utils.timezone, and about what."""

_OTHER_CLOCKS = re.compile(
    r"\btime\.time\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(|\bNow\(\)|CURRENT_TIMESTAMP"
)


def test_all_code_of_the_portal_reads_the_time_where_a_rehearsal_moves_it() -> None:
    root = Path(quetsach_portal.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if "migrations" not in path.parts and _OTHER_CLOCKS.search(path.read_text())
    }
    assert found == set(READS_THE_REAL_CLOCK)


def test_days_that_are_asked_for_pass_one_by_one_each_with_what_is_due(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert not clock.move(lambda: None)
    assert not clock.ask_for(2, wait_s=0)
    days: list[int] = []
    assert clock.move(lambda: days.append(clock.days))
    assert clock.move(lambda: days.append(clock.days))
    assert not clock.move(lambda: days.append(clock.days))
    assert days == [1, 2]
    assert timedelta(days=1, hours=23) < clock.now() - datetime.now(UTC) <= timedelta(days=2)


def test_who_asks_for_a_day_waits_until_what_is_due_has_been_done(tmp_path: Path) -> None:
    clock, is_running, done = RehearsalClock(tmp_path), threading.Event(), threading.Event()

    def due() -> None:
        is_running.set()
        done.wait(60)

    def work() -> None:
        while not clock.move(due):
            threading.Event().wait(0.01)

    worker = threading.Thread(target=work)
    worker.start()
    assert not clock.ask_for(1, wait_s=0)
    assert is_running.wait(60)
    assert not clock.ask_for(0, wait_s=0)
    done.set()
    assert clock.ask_for(0, wait_s=60)
    worker.join()


def test_the_next_process_goes_on_where_the_clock_stood(tmp_path: Path) -> None:
    clock = RehearsalClock(tmp_path)
    clock.ask_for(1, wait_s=0)
    clock.move(lambda: None)
    assert RehearsalClock(tmp_path).days == 1
    (tmp_path / "clock").write_text("no number")
    assert RehearsalClock(tmp_path).days == 0


def test_no_clock_goes_further_than_a_campaign(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("99999999")
    clock = RehearsalClock(tmp_path)
    assert clock.days == MOST_DAYS
    assert clock.ask_for(1, wait_s=0)
    assert not clock.move(lambda: None)

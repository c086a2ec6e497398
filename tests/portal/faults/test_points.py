"""The layer counts each site, and lets happen there what is planned."""

import errno
import os
from collections import Counter
from pathlib import Path

import pytest
from django.db import OperationalError

from quetsach_portal.files import storage
from quetsach_portal.people.models.account import User
from tests.portal.faults.points import FaultPlan, Point, Site, under
from tests.portal.faults.running import in_child

pytestmark = pytest.mark.django_db


def written(home: Path) -> None:
    storage.write_pieces(home / "a", [b"one", b"two"])


def site_of(home: Path, call: str) -> Site:
    with under(FaultPlan(home)) as plan:
        written(home)
    (home / "a").unlink()
    return next(site for site in plan.counts if site.call == call)


def test_opening_writing_and_syncing_are_counted_by_our_line(home: Path) -> None:
    home.mkdir()
    with under(FaultPlan(home)) as plan:
        written(home)
        (home.parent / "elsewhere").write_bytes(b"")
    assert Counter(site.call for site in plan.counts) == {"open": 1, "write": 1, "fsync": 1}
    assert {site.line.split(":")[0] for site in plan.counts} == {"quetsach_portal/files/storage.py"}
    assert (home / "a").read_bytes() == b"onetwo"


@pytest.mark.parametrize(
    ("call", "fault", "left"),
    [("open", "ENOSPC", None), ("write", "short", b"one"), ("fsync", "EIO", b"onetwo")],
)
def test_a_planned_error_happens_once_and_leaves_what_was_written(
    home: Path, call: str, fault: str, left: bytes | None
) -> None:
    home.mkdir()
    plan = FaultPlan(home, Point(site_of(home, call), 1, fault))
    with under(plan), pytest.raises(OSError) as raised:  # noqa: PT011 - the number is asked
        written(home)
    assert raised.value.errno == (errno.EIO if fault == "EIO" else errno.ENOSPC)
    assert plan.happened
    place = home / "a"
    assert (place.read_bytes() if place.exists() else None) == left
    written_again = home / "b"
    written_again.write_bytes(b"x")
    assert written_again.read_bytes() == b"x"


@pytest.fixture
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child shares the connection of the test, which stays as it is."""
    monkeypatch.setattr("tests.portal.faults.running.connections.close_all", lambda: None)


@pytest.mark.usefixtures("_no_database")
def test_a_kill_leaves_what_the_kernel_has_and_no_answer(home: Path) -> None:
    home.mkdir()
    point = Point(site_of(home, "fsync"), 1, "kill")

    def killed() -> str:
        with under(FaultPlan(home, point)):
            written(home)
        return "survived"

    assert in_child(killed, may_die=True) is None
    assert (home / "a").read_bytes() == b"onetwo"
    assert in_child(os.getpid) != os.getpid()


def test_a_full_database_is_told_as_django_tells_it(home: Path) -> None:
    home.mkdir()

    def act() -> None:
        storage.upload_of(User(pk=1), storage.UUID(int=0))

    with under(FaultPlan(home)) as plan, pytest.raises(storage.FileRefused):
        act()
    (site,) = plan.counts
    assert site.call == "sql read"
    with (
        under(FaultPlan(home, Point(site, 1, "unreadable"))),
        pytest.raises(OperationalError, match="disk I/O error"),
    ):
        act()

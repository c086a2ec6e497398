"""A version is held against all evidence that is kept; what it takes back counts no more."""

import pytest

from quetsach_portal.alerts.models import Alert
from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases.models.case import Case, CaseEvent, Finding
from quetsach_portal.cases.models.coverage import FolderRead
from quetsach_portal.files.storage import path_of
from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.withdrawing import withdraw
from quetsach_portal.lists import matching
from quetsach_portal.lists.models import ListVersion, VersionNode
from quetsach_portal.people.models.roles import Role
from tests.portal.intake.handing_in import LOG, looked_through
from tests.portal.lists.versions import pulled_back, put_in_force, second_owner, tried
from tests.portal.working import run_ready
from tests.portal.world import World
from tests.sweeping.evidence import HEADER, conn

FIRST = "203.0.113.77\nbad.example\n"
BOTH = FIRST + "198.51.100.9\n"
"""10.0.0.6 met 198.51.100.9 twice, 10.0.0.5 met 203.0.113.77."""


@pytest.fixture
def swept(world: World) -> ListVersion:
    """Version 1 in force, and a log of TC01 swept with it: one case."""
    version = put_in_force(world, FIRST)
    looked_through(world, {"conn.log": LOG})
    assert [case.device.key for case in Case.objects.select_related("device")] == ["10.0.0.5"]
    return version


def test_a_trial_says_what_is_new_and_opens_no_case(world: World, swept: ListVersion) -> None:
    version = tried(world, BOTH)
    told = version.trial
    assert (told["devices"], told["units"], told["units_tried"], told["left"]) == (1, 1, 1, 0)
    assert told["rows"] == [["198.51.100.9", 1, 1, 1]]
    assert Case.objects.count() == 1


def test_what_a_new_version_adds_is_found_in_what_was_swept_before(
    world: World, swept: ListVersion
) -> None:
    version = put_in_force(world, BOTH)
    keys = {case.device.key for case in Case.objects.select_related("device")}
    assert keys == {"10.0.0.5", "10.0.0.6"}
    row = VersionNode.objects.get(version=version)
    assert (row.cases, row.left) == (1, 0)
    assert row.matched_at is not None
    old = Finding.objects.get(key="203.0.113.77")
    assert old.sightings == 1


def test_withdrawn_evidence_accuses_by_no_version_of_the_list(
    world: World, swept: ListVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(world, BOTH)
    row = Submission.objects.get()
    ended = withdraw(row, reason="nhầm đơn vị", actor=world.user("TC01", Role.FOCAL_POINT))
    assert ended == 2
    assert {case.outcome for case in Case.objects.all()} == {"withdrawn"}
    assert not FolderRead.objects.exists()
    # As when it was withdrawn while a job looked through it.
    monkeypatch.setattr(matching, "kept_evidence", lambda _version: {row.node_id: [row.pk]})
    put_in_force(world, FIRST)
    version = put_in_force(world, BOTH)
    assert VersionNode.objects.get(version=version).matched_at is not None
    assert not FolderRead.objects.exists()


def test_a_doubtful_row_accuses_nobody_until_two_people_keep_it(
    world: World, swept: ListVersion
) -> None:
    looked_through(world, {"dns.log": HEADER + conn(5, "10.0.0.7", "8.8.8.8")})
    version = put_in_force(world, FIRST + "8.8.8.8\n")
    assert (version.trial["held"], version.trial["devices"]) == (1, 0)
    assert version.doubtful.get().devices == 1
    assert Case.objects.count() == 1
    put_in_force(world, FIRST + "8.8.8.8\n", **{"8.8.8.8": "máy chủ của mã độc"})
    assert {case.device.key for case in Case.objects.all()} == {"10.0.0.5", "10.0.0.7"}


def test_what_the_list_takes_back_ends_its_cases_and_moves_the_counters(
    world: World, swept: ListVersion
) -> None:
    case = Case.objects.get()
    assert NodeCounter.objects.get(node=world.nodes["TC"]).cases_open == 1
    version = put_in_force(world, "bad.example\n")
    case.refresh_from_db()
    assert (case.outcome, case.closed_at is None) == ("withdrawn", False)
    assert Finding.objects.get().withdrawn
    counters = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (counters.cases_open, counters.cases_other) == (0, 1)
    told = Alert.objects.get(kind="list", node=world.nodes["TC01"])
    assert case.number not in told.summary
    assert VersionNode.objects.get(version=version).withdrawn == 1
    pulled_back(version, "nhầm", world.user("TC", Role.LEAD_OWNER), second_owner(world))
    run_ready()
    case.refresh_from_db()
    assert (case.outcome, Finding.objects.get().withdrawn) == ("", False)
    assert CaseEvent.objects.filter(case=case, kind="reopened", detail__because="list").exists()


def test_evidence_that_is_gone_is_counted_and_stops_nothing(
    world: World, swept: ListVersion
) -> None:
    path_of(Submission.objects.get().files.get()).unlink()
    version = put_in_force(world, BOTH)
    row = VersionNode.objects.get(version=version)
    assert (row.left, row.cases) == (2, 0)
    assert row.matched_at is not None

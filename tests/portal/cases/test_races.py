"""B3: two people at once, truly at once: one wins, the other sees why, nothing is lost."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases import actions, false_alarms
from quetsach_portal.cases.attaching import AttachResult, attach
from quetsach_portal.cases.models.case import Case, FalseAlarm, Handling, HandlingKind
from quetsach_portal.cases.models.coverage import FolderRead
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases import rows
from tests.portal.cases.sweeps import BAD, at, findings_of
from tests.portal.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def _at_once(*acts: Callable[[], object]) -> list[object]:
    """Run `acts` in threads that start together; return what each gave or was refused with."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = act()
        except Refused as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def test_B3_two_handlings_of_one_version_one_wins() -> None:
    world = make_world()
    case = rows.make_case(world, "TC01")
    people = [world.user("TC01", one) for one in (Role.TECHNICIAN, Role.FOCAL_POINT)]

    def tell(who: int) -> Handling:
        return actions.record_handling(
            case.pk,
            kind=HandlingKind.CLEANED,
            at=at(1),
            actor=people[who],
            version=case.version,
        )

    results = _at_once(lambda: tell(0), lambda: tell(1))
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1
    winner = next(one for one in results if isinstance(one, Handling))
    assert str(winner.by) in refused[0].told
    assert Handling.objects.count() == 1


def test_B3_a_proposal_is_decided_once() -> None:
    world = make_world()
    alarm = rows.make_alarm(world, "TC01")
    lead = world.user("TC", Role.LEAD_OWNER)

    def decide(approve: bool) -> None:
        false_alarms.decide(alarm.pk, approve=approve, answer="vì thế", actor=lead)

    results = _at_once(lambda: decide(True), lambda: decide(False))
    assert sum(isinstance(one, Refused) for one in results) == 1
    closed = Case.objects.get().outcome == "false-alarm"
    assert closed == (FalseAlarm.objects.get().state == "approved")
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.cases_open, tally.cases_other) == ((0, 1) if closed else (1, 0))


def test_B3_the_same_folder_taken_in_twice_at_once_counts_once(tmp_path: Path) -> None:
    world = make_world()
    folder = findings_of(tmp_path, days=[20], contacts=[(20, "10.1.1.11", BAD)])

    def take() -> AttachResult:
        assert world.campaign is not None
        return attach(
            campaign=world.campaign,
            node=world.nodes["TC01"],
            folder=folder,
            source="nộp tay",
            actor=None,
        )

    results = _at_once(take, take)
    assert sorted(one.new for one in results if isinstance(one, AttachResult)) == [0, 1]
    assert FolderRead.objects.count() == Case.objects.count() == 1
    assert NodeCounter.objects.get(node=world.nodes["TC"]).cases_open == 1

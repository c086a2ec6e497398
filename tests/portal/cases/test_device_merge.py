"""Two that are one, one that is two: nothing is lost, and both can be undone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.cases import actions, device_merge
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseEvent,
    CaseOutcome,
    Device,
    Finding,
    HandlingKind,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases.sweeps import BAD, WORSE, at, findings_of
from tests.portal.world import World

pytestmark = pytest.mark.django_db

Take = Callable[..., AttachResult]
PC, OTHER = "10.1.1.11", "10.1.1.12"


def _case(key: str) -> Case:
    return Case.objects.select_related("device").get(device__key=key)


def _clean(world: World, case: Case, ago: int) -> None:
    actor = world.user("TC01", Role.TECHNICIAN)
    actions.record_handling(case.pk, kind=HandlingKind.CLEANED, at=at(ago, 16), actor=actor)


def _both(tmp_path: Path) -> Path:
    return findings_of(tmp_path, days=[20, 10], contacts=[(20, PC, BAD), (10, OTHER, WORSE)])


def test_joined_they_are_judged_as_one_machine_and_the_recurrence_counts(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_both(tmp_path))
    _clean(world, _case(PC), 15)
    assert _case(PC).recurrences == 0
    device_merge.join(_case(PC).pk, _case(OTHER).pk, actor=world.user("TC01", Role.FOCAL_POINT))
    assert (_case(PC).state, _case(PC).recurrences) == ("recurred", 1)
    assert (_case(OTHER).outcome, _case(OTHER).device.merged_into) == (
        CaseOutcome.MERGED,
        _case(PC).device,
    )
    tally = NodeCounter.objects.get(node=world.nodes["TC"])
    assert (tally.cases_open, tally.cases_recurred) == (1, 1)


def test_separated_again_all_is_as_before(world: World, take_in: Take, tmp_path: Path) -> None:
    take_in(_both(tmp_path))
    _clean(world, _case(PC), 15)
    actor = world.user("TC01", Role.FOCAL_POINT)
    before = (_case(PC).state, _case(OTHER).state, CaseContact.objects.count())
    device_merge.join(_case(PC).pk, _case(OTHER).pk, actor=actor)
    device_merge.separate(_case(PC).pk, _case(OTHER).device.pk, actor=actor)
    assert (_case(PC).state, _case(OTHER).state, CaseContact.objects.count()) == before
    assert (_case(PC).recurrences, _case(OTHER).outcome) == (0, "")
    assert NodeCounter.objects.get(node=world.nodes["TC"]).cases_open == 2
    kinds = set(CaseEvent.objects.filter(case=_case(OTHER)).values_list("kind", flat=True))
    assert {"merged", "split", "reopened"} <= kinds
    with pytest.raises(Refused):
        device_merge.separate(_case(PC).pk, _case(OTHER).device.pk, actor=actor)


def test_new_sightings_of_a_joined_device_reach_the_case_it_is_part_of(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_both(tmp_path))
    device_merge.join(_case(PC).pk, _case(OTHER).pk, actor=world.user("TC01", Role.FOCAL_POINT))
    _clean(world, _case(PC), 8)
    told = take_in(findings_of(tmp_path, days=[2], contacts=[(2, OTHER, BAD)], name="later"))
    assert (told.new, told.attached, told.reopened) == (0, 1, 1)
    assert (_case(PC).state, _case(OTHER).outcome) == ("recurred", CaseOutcome.MERGED)


def test_life_of_either_counts_for_the_joined_machine(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_both(tmp_path))
    device_merge.join(_case(PC).pk, _case(OTHER).pk, actor=world.user("TC01", Role.FOCAL_POINT))
    _clean(world, _case(PC), 9)
    take_in(findings_of(tmp_path, days=list(range(8, 0, -1)), hosts=(OTHER,), name="later"))
    assert _case(PC).outcome == CaseOutcome.VERIFIED


def test_joining_what_cannot_be_joined_is_refused(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_both(tmp_path))
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, PC, BAD)], name="there"), "TC02")
    actor = world.user("TC01", Role.FOCAL_POINT)
    mine = Case.objects.filter(node=world.nodes["TC01"]).order_by("pk")
    there = Case.objects.get(node=world.nodes["TC02"])
    for pair in ((mine[0].pk, mine[0].pk), (mine[0].pk, there.pk)):
        with pytest.raises(Refused):
            device_merge.join(*pair, actor=actor)
    device_merge.join(mine[0].pk, mine[1].pk, actor=actor)
    with pytest.raises(Refused):
        device_merge.join(mine[0].pk, mine[1].pk, actor=actor)
    assert Case.objects.filter(outcome=CaseOutcome.MERGED).count() == 1


def test_split_off_the_chosen_findings_have_a_case_of_their_own(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    met = [(20, PC, BAD), (19, PC, WORSE)]
    take_in(findings_of(tmp_path, days=[20, 19], contacts=met, name="first"))
    actor = world.user("TC01", Role.FOCAL_POINT)
    _clean(world, _case(PC), 18)
    chosen = Finding.objects.get(key=WORSE)
    new = device_merge.split_off(
        _case(PC).pk, findings=[chosen.pk], label="Máy quầy 2", actor=actor
    )
    assert new.device.key == f"{PC}#2"
    assert (new.state, _case(PC).state) == ("infected", "cannot-tell")
    assert NodeCounter.objects.get(node=world.nodes["TC01"]).cases_open == 2
    told = take_in(findings_of(tmp_path, days=[3], contacts=[(3, PC, WORSE)], name="later"))
    assert (told.new, told.attached, told.sightings) == (0, 1, 1)
    assert (_case(PC).recurrences, Case.objects.count()) == (0, 2)
    device_merge.join(_case(PC).pk, new.pk, actor=actor)
    assert (_case(PC).state, _case(PC).recurrences) == ("recurred", 1)
    assert Device.objects.count() == 2


def test_a_split_of_nothing_or_everything_is_refused(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(findings_of(tmp_path, days=[20], contacts=[(20, PC, BAD)]))
    actor = world.user("TC01", Role.FOCAL_POINT)
    for chosen in ([], [Finding.objects.get().pk], [999_999]):
        with pytest.raises(Refused):
            device_merge.split_off(_case(PC).pk, findings=chosen, label="", actor=actor)
    assert Device.objects.count() == 1

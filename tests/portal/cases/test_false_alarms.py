"""False alarms: the device at once, the unit and the campaign after the lead office."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from quetsach.api import findings
from quetsach_portal.cases import false_alarms
from quetsach_portal.cases.attaching import AttachResult
from quetsach_portal.cases.false_alarms import decisions_file
from quetsach_portal.cases.models.case import Case, CaseOutcome, FalseAlarm, Finding
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases.sweeps import BAD, WORSE, findings_of
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

Take = Callable[..., AttachResult]
Reach = FalseAlarm.Reach
PC, OTHER = "10.1.1.11", "10.1.1.12"


def _propose(world: World, case: Case, scope: Reach, *keys: str, code: str = "TC01") -> FalseAlarm:
    return false_alarms.propose(
        case.pk,
        keys=keys or (BAD,),
        scope=scope,
        reason="Máy chủ cập nhật của chính đơn vị",
        actor=world.user(code, Role.FOCAL_POINT),
    )[0]


def _decide(world: World, alarm: FalseAlarm, *, approve: bool = True, answer: str = "") -> None:
    lead = world.user("TC", Role.LEAD_OWNER)
    false_alarms.decide(alarm.pk, approve=approve, answer=answer, actor=lead)


def _two(tmp_path: Path, name: str = "first") -> Path:
    met = [(20, PC, BAD), (20, OTHER, BAD)]
    return findings_of(tmp_path / name, days=[20], contacts=met)


@pytest.fixture(autouse=True)
def _places(tmp_path: Path) -> None:
    for name in ("first", "second", "third"):
        (tmp_path / name).mkdir()


def test_for_this_device_only_it_closes_at_once_and_reaches_no_other(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    case = Case.objects.get(device__key=PC)
    _propose(world, case, Reach.DEVICE)
    assert Case.objects.get(pk=case.pk).outcome == CaseOutcome.FALSE_ALARM
    assert Case.objects.get(device__key=OTHER).outcome == ""
    assert decisions_file(world.nodes["TC01"]) is None


def test_with_another_indicator_left_the_case_stays_open(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    met = [(20, PC, BAD), (20, PC, WORSE)]
    take_in(findings_of(tmp_path, days=[20], contacts=met))
    _propose(world, Case.objects.get(), Reach.DEVICE)
    assert (Case.objects.get().outcome, Case.objects.get().state) == ("", "infected")
    _propose(world, Case.objects.get(), Reach.DEVICE, WORSE)
    assert Case.objects.get().outcome == CaseOutcome.FALSE_ALARM


def test_for_the_unit_it_closes_only_after_approval_and_then_every_case_of_it(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    alarm = _propose(world, Case.objects.get(device__key=PC), Reach.UNIT)
    assert set(Case.objects.values_list("outcome", flat=True)) == {""}
    _decide(world, alarm)
    assert set(Case.objects.values_list("outcome", flat=True)) == {CaseOutcome.FALSE_ALARM}


def test_for_the_campaign_other_units_follow_by_a_job(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path), "TC01")
    take_in(_two(tmp_path, "second"), "TC02")
    case = Case.objects.get(device__key=PC, node=world.nodes["TC01"])
    _decide(world, _propose(world, case, Reach.CAMPAIGN))
    there = Case.objects.filter(node=world.nodes["TC02"])
    assert set(there.values_list("outcome", flat=True)) == {""}
    run_ready()
    assert set(there.values_list("outcome", flat=True)) == {CaseOutcome.FALSE_ALARM}


@pytest.mark.parametrize(("scope", "elsewhere"), [(Reach.UNIT, 2), (Reach.CAMPAIGN, 0)])
def test_the_next_sweep_of_those_in_scope_tags_it_and_blames_nobody(
    scope: Reach, elsewhere: int, world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    _decide(world, _propose(world, Case.objects.get(device__key=PC), scope))
    met = [(10, PC, BAD), (10, OTHER, BAD)]

    def blamed(code: str, name: str) -> list[findings.FoundDevice]:
        decisions = decisions_file(world.nodes[code])
        folder = findings_of(tmp_path / name, days=[10], contacts=met, decisions=decisions)
        return findings.devices_in(findings.read_folder(folder))

    assert blamed("TC01", "second") == []
    assert len(blamed("TC02", "third")) == elsewhere


def test_findings_made_at_home_without_the_decision_open_no_work(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    _decide(world, _propose(world, Case.objects.get(device__key=PC), Reach.UNIT))
    later = findings_of(tmp_path / "second", days=[10], contacts=[(10, "10.1.1.13", BAD)])
    take_in(later)
    assert not Case.objects.filter(closed_at__isnull=True).exists()


def test_refused_it_stays_open_and_the_answer_is_kept(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    alarm = _propose(world, Case.objects.get(device__key=PC), Reach.UNIT)
    with pytest.raises(Refused):
        _decide(world, alarm, approve=False)
    _decide(world, alarm, approve=False, answer="Tên miền này vẫn đang phát tán mã độc")
    assert set(Case.objects.values_list("outcome", flat=True)) == {""}
    assert FalseAlarm.objects.get().state == "refused"


def test_B3_two_owners_decide_at_once_one_wins_and_the_other_sees_why(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    alarm = _propose(world, Case.objects.get(device__key=PC), Reach.UNIT)
    _decide(world, alarm)
    with pytest.raises(Refused) as caught:
        _decide(world, alarm, approve=False, answer="Không")
    assert str(world.user("TC", Role.LEAD_OWNER)) in caught.value.told


def test_who_proposed_it_does_not_approve_it(world: World, take_in: Take, tmp_path: Path) -> None:
    take_in(_two(tmp_path))
    alarm = _propose(world, Case.objects.get(device__key=PC), Reach.UNIT)
    FalseAlarm.objects.update(proposed_by=world.user("TC", Role.LEAD_OWNER))
    with pytest.raises(Refused):
        _decide(world, alarm)
    assert FalseAlarm.objects.get().state == "proposed"
    _decide(world, alarm, approve=False, answer="Không")


def test_withdrawn_it_counts_again_and_opens_the_cases(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    alarm = _propose(world, Case.objects.get(device__key=PC), Reach.UNIT)
    _decide(world, alarm)
    false_alarms.withdraw(alarm.pk, actor=world.user("TC", Role.LEAD_OWNER))
    assert set(Case.objects.values_list("outcome", flat=True)) == {""}
    assert not Finding.objects.filter(set_aside__isnull=False).exists()
    assert decisions_file(world.nodes["TC01"]) is None


def test_a_decision_that_expired_is_asked_again(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    _decide(world, _propose(world, Case.objects.get(device__key=PC), Reach.UNIT))
    FalseAlarm.objects.update(holds_until=timezone.now() - timedelta(seconds=1))
    assert decisions_file(world.nodes["TC01"]) is None
    enqueue("cases.ask_for_all", key="cases.ask_for_all:x")
    run_ready()
    assert set(Case.objects.values_list("outcome", flat=True)) == {""}


def test_without_reason_or_for_what_it_never_met_it_is_refused(
    world: World, take_in: Take, tmp_path: Path
) -> None:
    take_in(_two(tmp_path))
    case = Case.objects.get(device__key=PC)
    actor = world.user("TC01", Role.FOCAL_POINT)
    for keys, reason, field in (
        ((BAD,), " ", "reason"),
        (("x",), "vì", "keys"),
        ((), "vì", "keys"),
    ):
        with pytest.raises(Refused) as caught:
            false_alarms.propose(case.pk, keys=keys, scope=Reach.DEVICE, reason=reason, actor=actor)
        assert caught.value.field == field
    _propose(world, case, Reach.UNIT)
    with pytest.raises(Refused):
        _propose(world, case, Reach.UNIT)


def test_pages_after_the_decision_ask_for_nothing_more(
    world: World, take_in: Take, tmp_path: Path, client_of: Callable[..., Client]
) -> None:
    take_in(_two(tmp_path))
    case = Case.objects.get(device__key=PC)
    alarm = _propose(world, case, Reach.CAMPAIGN)
    lead = client_of("TC", Role.LEAD_OWNER)
    asked = lead.get(f"/cases/alarms/{alarm.pk}/").content.decode()
    assert 'name="answer"' in asked
    assert str(alarm.proposed_by) in asked
    _decide(world, alarm)
    decided = lead.get(f"/cases/alarms/{alarm.pk}/").content.decode()
    assert 'name="answer"' not in decided
    assert str(world.user("TC", Role.LEAD_OWNER)) in decided
    page = client_of("TC01", Role.FOCAL_POINT).get(f"/cases/{case.pk}/").content.decode()
    assert "không còn việc phải làm" in page
    assert f"/cases/{case.pk}/handle" not in page

"""A line to look at opens no case by itself; a person makes one, with a reason, and it is kept."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.cases.by_hand import LineSeen, made_of, open_by_hand
from quetsach_portal.cases.history import event_text
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseEvent,
    CaseState,
    Finding,
    Sighting,
)
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.cases import rows
from tests.portal.world import World

pytestmark = pytest.mark.django_db

LINE = LineSeen(
    number="00aa11bb22cc33dd",
    path="evidence/gw.log",
    offset=4096,
    text="<134>1 gw7 ~ 10.20.3.41 > 203.0.113.77",
    dataset="text",
    indicator="203.0.113.77",
)
REASON = "Văn thư xác nhận máy này."


def _make(world: World, line: LineSeen = LINE, machine: str = "PC-KETOAN-03") -> Case:
    return open_by_hand(
        rows.node_of(world, "TC01"),
        line,
        machine=machine,
        reason=REASON,
        source="submission:7",
        actor=world.user("TC01", Role.TECHNICIAN),
    )


def test_the_case_rests_on_the_line_and_on_what_the_person_said(world: World) -> None:
    case = _make(world)
    assert (case.device.key, case.device.grade) == ("PC-KETOAN-03", "unknown")
    # The line proves no contact, so that nothing is claimed of the machine.
    assert case.state == CaseState.CANNOT_TELL
    (finding,) = Finding.objects.filter(device=case.device)
    assert (finding.shown, finding.best_grade, finding.sightings) == (
        LINE.indicator,
        "mentioned",
        0,
    )
    sample = Sighting.objects.get(finding=finding)
    assert (sample.raw, sample.file, sample.offset) == (LINE.text, LINE.path, LINE.offset)
    assert not CaseContact.objects.get(finding=finding).sure
    made = CaseEvent.objects.get(case=case, kind="by_hand")
    assert made.note == REASON
    assert LINE.indicator in event_text(made)
    assert made.by == world.user("TC01", Role.TECHNICIAN)


def test_the_act_is_in_the_trail_with_its_reason_and_moves_the_counters(world: World) -> None:
    case = _make(world)
    (act,) = AuditEvent.objects.filter(action="case.by_hand")
    assert (act.object_id, act.detail["reason"]) == (str(case.pk), REASON)
    assert act.detail["sighting"] == LINE.number
    assert NodeCounter.objects.get(node=case.node).cases_open == 1


def test_a_machine_that_has_an_open_case_keeps_it(world: World) -> None:
    before = rows.make_case(world, "TC01", "192.0.2.11")
    for machine in ("192.0.2.11", "máy bí mật 192.0.2.11"):
        line = LineSeen(machine[:8], "a.log", 0, "x", "text", "203.0.113.77")
        assert _make(world, line, machine).pk == before.pk
    assert Case.objects.count() == 1
    assert made_of(before.node, ["192.0.2.", "gone"]) == {"192.0.2.": before.pk}


@pytest.mark.parametrize(("machine", "reason"), [("  ", REASON), ("PC-1", " \n")])
def test_without_machine_or_reason_there_is_no_case(
    machine: str, reason: str, world: World
) -> None:
    node, actor = rows.node_of(world, "TC01"), world.user("TC01", Role.TECHNICIAN)
    with pytest.raises(Refused):
        open_by_hand(node, LINE, machine=machine, reason=reason, source="x", actor=actor)
    assert not Case.objects.exists()


def test_one_line_makes_one_case(world: World) -> None:
    _make(world)
    with pytest.raises(Refused):
        _make(world, machine="PC-2")
    assert Case.objects.count() == 1


def test_an_archived_campaign_takes_no_case(world: World) -> None:
    campaign = rows.node_of(world, "TC01").campaign
    campaign.state = CampaignState.ARCHIVED
    campaign.save()
    with pytest.raises(Refused):
        _make(world)

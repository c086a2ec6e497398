"""Reports without a finding and with full coverage are accepted together; all others alone."""

import pytest

from quetsach.api.reports import FigureGrade, GradedCount, read_form
from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.looks.models import UnitLook, UnitLookGrade
from quetsach_portal.reports import together
from quetsach_portal.reports.models.report import VersionState
from quetsach_portal.reports.records import answers
from quetsach_portal.reports.records.units import DerivedAnswer
from quetsach_portal.reports.writing.answers import TypedAnswer
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import PEOPLE, WHY, above, fresh, slot_of, submitted
from tests.portal.reports.own_form import OWN, chosen
from tests.portal.world import World

FORM = OWN.replace("people_joined", "devices_found")


def looked(world: World, code: str) -> None:
    whole = {"seen": 1, "machines": 1, "is_sized": True, "days": 14, "of_days": 14}
    whole["grade"] = UnitLookGrade.FULL
    UnitLook.objects.update_or_create(node=world.nodes[code], defaults=whole)


def why(world: World) -> dict[str, str]:
    rows = together.waiting_reports(slot_of(world, "TC"))
    return {row.version.slot.node.unit.code: row.why_alone for row in rows}


def test_only_what_looked_at_everything_and_found_nothing_is_ticked_and_accepted(
    world: World,
) -> None:
    looked(world, "TC02")
    ready, alone = submitted(world, "TC02"), submitted(world, "TC01")
    reasons = why(world)
    assert reasons["TC02"] == ""
    assert reasons["TC01"] == "chưa biết đơn vị có bao nhiêu máy"
    actor = above(world, "TC02")
    done = together.accept_together(slot_of(world, "TC"), {ready.pk, alone.pk}, actor=actor)
    assert (done.accepted, len(done.refused)) == (1, 1)
    assert fresh(ready).state == VersionState.ACCEPTED
    assert fresh(alone).state == VersionState.SUBMITTED


def test_a_finding_makes_a_report_one_to_read(world: World) -> None:
    looked(world, "TC02")
    version = submitted(world, "TC02")
    NodeCounter.objects.filter(node=world.nodes["TC02"]).update(cases_open=1)
    assert why(world)["TC02"] == "có máy bị phát hiện"
    done = together.accept_together(slot_of(world, "TC"), {version.pk}, actor=above(world, "TC02"))
    assert (done.accepted, len(done.refused)) == (0, 1)


@pytest.mark.parametrize(
    ("typed", "recorded", "reason"),
    [("3", 0, "có khai số máy"), ("0", 1, "có số liệu sửa khác số hệ thống ghi"), ("0", 0, "")],
)
def test_a_report_that_says_machines_itself_is_one_to_read(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str, recorded: int, reason: str
) -> None:
    chosen(world, read_form(FORM.encode(), "own.toml"))
    looked(world, "TC02")
    count = DerivedAnswer(GradedCount(recorded, FigureGrade.MEASURED))
    query = (("devices_found",), lambda _node: {"devices_found": count})
    monkeypatch.setattr(answers, "QUERIES", (query,))
    given = {key: TypedAnswer(text="0", reason=WHY) for key in (PEOPLE, "assessment")}
    version = submitted(world, "TC02", given | {PEOPLE: TypedAnswer(text=typed, reason=WHY)})
    assert why(world)["TC02"] == reason
    done = together.accept_together(slot_of(world, "TC"), {version.pk}, actor=above(world, "TC02"))
    assert done.accepted == (not reason)


def test_machines_that_were_scanned_are_no_finding(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(world, read_form(FORM.replace("devices_found", "devices_scanned").encode(), "own.toml"))
    looked(world, "TC02")
    count = DerivedAnswer(GradedCount(4, FigureGrade.MEASURED))
    query = (("devices_scanned",), lambda _node: {"devices_scanned": count})
    monkeypatch.setattr(answers, "QUERIES", (query,))
    given = {key: TypedAnswer(text="4", reason=WHY) for key in (PEOPLE, "assessment")}
    submitted(world, "TC02", given)
    assert why(world)["TC02"] == ""


def test_without_a_tick_nothing_is_done(world: World) -> None:
    with pytest.raises(Refused):
        together.accept_together(slot_of(world, "TC"), (), actor=above(world, "TC02"))

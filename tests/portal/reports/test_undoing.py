"""What was sent or accepted is undone for half an hour; what has gone further is corrected."""

from datetime import timedelta

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.lifecycle.recount import recount
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.reports import deciding, undoing
from quetsach_portal.reports.models.report import (
    ChangeNotice,
    NoticeState,
    ReportReturn,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.totals.adding import below_of
from quetsach_portal.reports.worklist import for_writer
from quetsach_portal.web import acts
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    above,
    accepted,
    correction,
    fresh,
    handed_in,
    signed,
    slot_of,
    submitted,
    written,
)
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def undo(world: World, version: ReportVersion) -> ReportVersion:
    undoing.undo_acceptance(version, actor=above(world, version.slot.node.unit.code))
    return fresh(version)


def counted(world: World, code: str) -> list[int]:
    return [row.version.n for row in below_of(slot_of(world, code)) if row.version is not None]


def test_an_acceptance_is_undone_and_stays_in_the_trail(world: World) -> None:
    version = accepted(world, "TC01A")
    assert undoing.accepted_until([version])
    assert counted(world, "TC01") == [1]
    assert undo(world, version).state == VersionState.SUBMITTED
    assert counted(world, "TC01") == []
    assert slot_of(world, "TC01A").state == "submitted"
    states = list(version.events.order_by("pk").values_list("state", flat=True))
    assert states == ["submitted", "accepted", "submitted"]
    assert AuditEvent.objects.filter(action="report.acceptance_undone").count() == 1
    assert recount(world.campaign) == []
    deciding.accept(fresh(version), actor=above(world, "TC01A"))
    assert counted(world, "TC01") == [1]


def test_what_the_version_replaced_stands_again_with_its_signature(world: World) -> None:
    first = signed(world, "TC01A")
    second = correction(world, "TC01A", "9")
    deciding.accept(second, actor=above(world, "TC01A"))
    assert fresh(first).state == VersionState.SUPERSEDED
    undo(world, fresh(second))
    assert (fresh(first).state, fresh(second).state) == ("signed", "submitted")
    assert counted(world, "TC01") == [1]
    assert recount(world.campaign) == []
    # What was brought back was accepted long before: it opens no half hour of its own.
    assert undoing.accepted_until([fresh(first)]) == {}


def test_half_an_hour_later_it_is_returned_instead(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = accepted(world, "TC01A")
    monkeypatch.setattr(acts, "UNDO", timedelta(0))
    assert undoing.accepted_until([version]) == {}
    with pytest.raises(Refused, match="30 phút"):
        undo(world, version)
    assert fresh(version).state == VersionState.ACCEPTED
    deciding.return_version(version, {"": "xem lại"}, actor=above(world, "TC01A"))


def test_what_a_report_above_counts_is_corrected_by_a_named_act(world: World) -> None:
    version = accepted(world, "TC01A")
    total = handed_in(written(world, "TC01"), world.user("TC01", Role.FOCAL_POINT))
    assert undoing.accepted_until([version]) == {}
    with pytest.raises(Refused, match="đính chính"):
        undo(world, version)
    assert undoing.may_ask_correction(version)
    compiler = above(world, "TC01A")
    with pytest.raises(Refused):
        undoing.ask_correction(version, " ", actor=compiler)
    undoing.ask_correction(version, "Sai số người", actor=compiler)
    assert fresh(version).state == VersionState.ACCEPTED, "it counts until it is corrected"
    assert fresh(total).state == VersionState.SUBMITTED
    with pytest.raises(Refused):
        undoing.ask_correction(version, "nữa", actor=compiler)
    scope = scope_of(world.user("TC01A", Role.FOCAL_POINT))
    assert next(task.title for task in for_writer(scope)).startswith("Yêu cầu đính chính")
    correction(world, "TC01A", "9")
    assert for_writer(scope) == []
    assert ReportReturn.objects.get().resolved_by is not None


def test_a_signed_report_is_not_undone(world: World) -> None:
    version = signed(world, "TC01A")
    with pytest.raises(Refused):
        undo(world, version)
    assert undoing.may_ask_correction(version)


def test_a_change_that_was_told_above_is_told_again_after_a_second_acceptance(
    world: World,
) -> None:
    handed_in(written(world, "TC01"), world.user("TC01", Role.FOCAL_POINT))
    version = accepted(world, "TC01A")
    notice = ChangeNotice.objects.get(new_version=version)
    undo(world, version)
    notice.refresh_from_db()
    assert notice.state == NoticeState.UNDONE
    assert not deciding.may_decide(ChangeNotice.objects.get(pk=notice.pk))
    deciding.accept(fresh(version), actor=above(world, "TC01A"))
    notice.refresh_from_db()
    assert (notice.state, notice.by) == (NoticeState.OPEN, None)
    deciding.carry(notice, actor=world.user("TC01", Role.COMPILER))
    with pytest.raises(Refused):
        undo(world, fresh(version))
    assert undoing.accepted_until([fresh(version)]) == {}


def test_only_accepted_reports_have_an_acceptance(world: World) -> None:
    version = submitted(world, "TC01A")
    with pytest.raises(Refused):
        undo(world, version)
    assert undoing.accepted_until([version]) == {}
    assert not undoing.may_ask_correction(version)


def test_an_acceptance_stays_while_a_newer_version_waits(world: World) -> None:
    first = accepted(world, "TC01A")
    second = correction(world, "TC01A", "9")
    assert undoing.accepted_until([fresh(first)]) == {}
    with pytest.raises(Refused, match="phiên bản 2"):
        undo(world, fresh(first))
    with pytest.raises(Refused, match="phiên bản 2"):
        deciding.return_version(first, {"": "xem lại"}, actor=above(world, "TC01A"))
    assert (fresh(first).state, fresh(second).state) == ("accepted", "submitted")
    deciding.accept(second, actor=above(world, "TC01A"))
    assert (fresh(first).state, fresh(second).state) == ("superseded", "accepted")
    assert undoing.accepted_until([fresh(second)])
    assert recount(world.campaign) == []


def test_an_acceptance_stays_while_its_correction_is_written(world: World) -> None:
    version = accepted(world, "TC01A")
    draft = deciding.begin(
        slot_of(world, "TC01A"),
        kind="correction",
        reason_code="counted_wrong",
        reason="cộng sót một phòng",
        actor=world.user("TC01A", Role.FOCAL_POINT),
    )
    assert undoing.accepted_until([fresh(version)]) == {}
    with pytest.raises(Refused, match="đang soạn phiên bản mới"):
        undo(world, fresh(version))
    assert fresh(version).state == VersionState.ACCEPTED
    assert slot_of(world, "TC01A").draft == draft

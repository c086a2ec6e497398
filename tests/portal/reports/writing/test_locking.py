"""Locks, the token of the page of check answers, and the audit trail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.roles import Role
from quetsach_portal.reports.models.report import (
    ReportVersion,
)
from quetsach_portal.reports.pages.pages import check_page
from quetsach_portal.reports.writing import locking, submitting
from quetsach_portal.web.acts import Refused
from tests.portal.reports.acting import (
    LATER,
    accepted,
    numbers,
    slot_of,
    submitted,
    total,
    written,
)
from tests.portal.world import World


@pytest.mark.asvs("V2.3.1")
def test_B1_nothing_is_handed_in_without_its_check_page(world: World) -> None:
    slot, author = written(world, "TC01A"), world.user("TC01A", Role.FOCAL_POINT)
    other = locking.make(slot_of(world, "TC02"), slot.draft.revision)
    for made_up in ("", "x:y:z", other, locking.make(slot, slot.draft.revision, "nil")):
        with pytest.raises(Refused, match="kiểm tra"):
            submitting.submit(slot, checked_with=made_up, actor=author, gap=LATER)
    assert not ReportVersion.objects.exists()


def test_locked_phase_takes_no_first_report_until_more_time_is_given(world: World) -> None:
    slot = written(world, "TC01A")
    past = timezone.now() - timedelta(hours=1)
    world.phase.locks_at = world.phase.due_at = slot.due_at = past
    world.phase.save()
    slot.save()
    once, author = locking.make(slot, slot.draft.revision), world.user("TC01A", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        submitting.submit(slot, checked_with=once, actor=author, gap=LATER)
    slot.due_at = timezone.now() + timedelta(days=1)
    slot.save()
    assert not submitting.submit(slot, checked_with=once, actor=author, gap=LATER).is_late


def test_B1_a_report_from_below_that_nobody_looked_at_does_not_slip_in(world: World) -> None:
    slot = written(world, "TC01", numbers(people="2"))
    looked_at = check_page(slot, slot.draft).token
    accepted(world, "TC01A")
    author = world.user("TC01", Role.FOCAL_POINT)
    with pytest.raises(Refused):
        submitting.submit(slot, checked_with=looked_at, actor=author, gap=LATER)
    made = submitting.submit(
        slot, checked_with=check_page(slot, slot.draft).token, actor=author, gap=LATER
    )
    assert total(made) == 7


def test_kinds_in_the_audit_trail_stay_when_a_class_is_renamed(world: World) -> None:
    assert sorted(locking.AUDIT_KINDS.values()) == [
        "campaignnode",
        "changenotice",
        "documentsignature",
        "paperreport",
        "reportdocument",
        "reportdraft",
        "reportversion",
        "workbookbatch",
    ]
    version = submitted(world, "TC01A")
    event = AuditEvent.objects.get(action="report.submitted")
    assert (event.object_kind, event.object_id) == ("reportversion", str(version.pk))

"""After a case was closed, one technician alone withdraws no evidence."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.cases.models.case import Case, CaseOutcome
from quetsach_portal.intake.models import Submission, SubmissionState
from quetsach_portal.intake.second_withdrawal import (
    asked_key,
    confirm,
    decline,
    needs_second,
    to_confirm,
    withdraw_or_ask,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.cases.rows import ClientOf
from tests.portal.intake.handing_in import LOG, looked_through, publish
from tests.portal.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(world: World) -> Submission:
    """Evidence with a case that was closed since."""
    publish(world)
    row = looked_through(world, {"conn.log": LOG})
    Case.objects.update(closed_at=timezone.now(), outcome=CaseOutcome.VERIFIED)
    return Submission.objects.select_related("node__unit").get(pk=row.pk)


def _ask(row: Submission, actor: User) -> bool:
    return withdraw_or_ask(row, reason="nhầm tháng", scope=scope_of(actor), actor=actor)


def test_before_a_close_and_for_the_focal_point_one_word_is_enough(
    world: World, row: Submission
) -> None:
    technician, focal = world.user("TC01", Role.TECHNICIAN), world.user("TC01", Role.FOCAL_POINT)
    assert needs_second(row, scope_of(technician))
    assert not needs_second(row, scope_of(focal))
    Case.objects.update(closed_at=row.created_at - timedelta(days=1))
    assert not needs_second(row, scope_of(technician))
    assert _ask(row, technician)


def test_a_technician_asks_and_another_person_of_the_unit_confirms(
    world: World, row: Submission
) -> None:
    technician, focal = world.user("TC01", Role.TECHNICIAN), world.user("TC01", Role.FOCAL_POINT)
    assert not _ask(row, technician)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_reason) == (SubmissionState.DONE, "nhầm tháng")
    with pytest.raises(Refused):
        _ask(row, technician)
    shown = asked_key(row)
    with pytest.raises(Refused):
        confirm(row, shown, actor=technician)
    assert to_confirm(scope_of(technician)) == []
    assert [task.hint for task in to_confirm(scope_of(focal))] == ["nhầm tháng"]
    confirm(row, shown, actor=focal)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_by) == (SubmissionState.WITHDRAWN, focal)
    assert row.withdrawal_asked_by == technician
    assert to_confirm(scope_of(focal)) == []
    acts = AuditEvent.objects.filter(action__startswith="evidence.withdraw").order_by("seq")
    assert [act.actor_id for act in acts] == [technician.pk, focal.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=row.pk).update(withdrawn_by=technician)


def test_who_confirms_decides_on_the_question_that_was_shown(world: World, row: Submission) -> None:
    technician, focal = world.user("TC01", Role.TECHNICIAN), world.user("TC01", Role.FOCAL_POINT)
    _ask(row, technician)
    row.refresh_from_db()
    first = asked_key(row)
    decline(row, first, actor=technician)
    row.refresh_from_db()
    assert (asked_key(row), row.withdrawn_reason) == ("", "")
    _ask(row, technician)
    with pytest.raises(Refused):
        confirm(row, first, actor=focal)
    row.refresh_from_db()
    assert row.state == SubmissionState.DONE


def test_the_page_asks_says_who_asked_and_decides(
    world: World, row: Submission, client_of: ClientOf
) -> None:
    technician, focal = client_of("TC01", Role.TECHNICIAN), client_of("TC01", Role.FOCAL_POINT)
    address = reverse("intake:withdraw", args=[row.pk])
    assert "người thứ hai" in technician.get(address).content.decode()
    assert technician.post(address, {"reason": "nhầm tháng"}).status_code == 302
    row.refresh_from_db()
    page = focal.get(address).content.decode()
    assert "nhầm tháng" in page
    assert f'name="asked" value="{asked_key(row)}"' in page
    assert 'value="confirm"' not in technician.get(address).content.decode()
    assert "nhầm tháng" in focal.get("/").content.decode()
    focal.post(address, {"act": "confirm", "asked": "khác"})
    row.refresh_from_db()
    assert row.state == SubmissionState.DONE
    focal.post(address, {"act": "confirm", "asked": asked_key(row)})
    row.refresh_from_db()
    assert row.state == SubmissionState.WITHDRAWN

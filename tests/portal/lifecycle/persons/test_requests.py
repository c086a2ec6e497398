"""A person asks, an owner who is somebody else decides, a job erases; deadlines are by decree."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.lifecycle.persons import requests
from quetsach_portal.lifecycle.persons.erasing import erase, is_erased
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.erasure import ErasureRequest, ErasureState
from quetsach_portal.people.models.news import NewsEvent, NewsKind
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.signing_in import signed_in
from tests.portal.world import World

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (datetime(2026, 6, 1, 9), "2026-06-03"),
        (datetime(2026, 6, 4, 23, 59), "2026-06-08"),
        (datetime(2026, 6, 6, 9), "2026-06-09"),
    ],
)
def test_the_answer_is_due_after_two_working_days_and_the_erasure_after_twenty(
    asked: datetime, answer: str
) -> None:
    moment = asked.replace(tzinfo=HANOI)
    assert requests.answer_due(moment).date().isoformat() == answer
    assert (requests.erase_due(moment) - moment).days == 20


@pytest.mark.django_db
def test_a_request_goes_to_the_owners_and_can_be_taken_back(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    asked = requests.ask(user, reason="Tôi chuyển công tác")
    told = NewsEvent.objects.filter(kind=NewsKind.ASKED, key=f"erasure:{asked.pk}")
    units = {world.units["TC01"].pk, world.units["TC"].pk}
    assert set(told.values_list("unit_id", flat=True)) == units
    assert user.name not in str(list(told.values()))
    with pytest.raises(Refused):
        requests.ask(user, reason="")
    requests.withdraw(user)
    with pytest.raises(Refused):
        requests.withdraw(user)
    assert requests.ask(user, reason="").state == ErasureState.ASKED
    acts = AuditEvent.objects.filter(action__startswith="erasure.").values_list("action", flat=True)
    assert list(acts) == ["erasure.asked", "erasure.withdrawn", "erasure.asked"]


@pytest.mark.django_db
def test_only_an_owner_who_manages_the_account_decides(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    requests.ask(user, reason="")
    for code in ("TC01", "TC"):
        owner = world.user(code, Role.LEAD_OWNER)
        assert requests.person_to_erase(scope_of(owner), user.pk) == user
    with pytest.raises(PermissionDenied):
        requests.person_to_erase(scope_of(world.user("TC01", Role.COMPILER)), user.pk)
    with pytest.raises(Http404):
        requests.person_to_erase(scope_of(world.user("KH", Role.LEAD_OWNER)), user.pk)


@pytest.mark.django_db
def test_a_refusal_needs_a_reason_and_changes_nothing(world: World) -> None:
    user, owner = world.user("TC01", Role.CLERK), world.user("TC", Role.LEAD_OWNER)
    requests.ask(user, reason="")
    with pytest.raises(Refused):
        requests.decide(user, grants=False, answer="", actor=owner)
    requests.decide(user, grants=False, answer="Còn chiến dịch", actor=owner)
    assert not Job.objects.filter(kind="people.erase").exists()
    user.refresh_from_db()
    assert user.is_active
    with pytest.raises(Refused):
        requests.decide(user, grants=True, answer="", actor=owner)


@pytest.mark.django_db
def test_who_decided_once_and_has_no_role_any_more_decides_nothing_later(world: World) -> None:
    user, owner = world.user("TC01", Role.CLERK), world.user("TC01", Role.LEAD_OWNER)
    requests.ask(user, reason="")
    requests.decide(user, grants=False, answer="Còn chiến dịch", actor=owner)
    Assignment.objects.filter(user=owner).update(valid_to=timezone.localdate())
    # What was decided can still be read, until there is a newer request.
    assert requests.person_to_erase(scope_of(owner), user.pk) == user
    requests.ask(user, reason="")
    with pytest.raises(Http404):
        requests.person_to_erase(scope_of(owner), user.pk)
    with pytest.raises(Http404):
        requests.decide(user, grants=True, answer="", actor=owner)
    assert not Job.objects.filter(kind="people.erase").exists()


@pytest.mark.django_db
def test_an_account_that_was_erased_meanwhile_is_not_erased_again(world: World) -> None:
    user, owner = world.user("TC01", Role.CLERK), world.user("TC", Role.LEAD_OWNER)
    requests.ask(user, reason="x")
    requests.decide(user, grants=True, answer="", actor=owner)
    erase(user, actor=None, files={})
    job = Job.objects.get(kind="people.erase")
    for _turn in range(2):
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, leased_by="test")
        requests.run_erasure(RunningJob(job.pk, job.kind, job.payload, "test", 1))
    assert ErasureRequest.objects.get().state == ErasureState.ERASED
    assert AuditEvent.objects.filter(action="user.erased").count() == 1
    assert signed_in(owner).get(f"/account/erasure/{user.pk}/").status_code == 200


@pytest.mark.django_db
def test_what_was_granted_is_erased_by_a_job_and_the_decider_sees_the_receipt(
    world: World,
) -> None:
    user, owner = world.user("TC01", Role.CLERK), world.user("TC", Role.LEAD_OWNER)
    name = "Phạm Thị Văn Thư"
    User.objects.filter(pk=user.pk).update(name=name)
    requests.ask(user, reason=f"Tôi là {name}")
    requests.decide(user, grants=True, answer="", actor=owner)
    job = Job.objects.get(kind="people.erase")
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, leased_by="test")
    requests.run_erasure(RunningJob(job.pk, job.kind, job.payload, "test", 1))
    user.refresh_from_db()
    assert is_erased(user)
    asked = ErasureRequest.objects.get()
    assert (asked.state, asked.reason) == (ErasureState.ERASED, "")
    assert asked.receipt["account"] == user.pk
    page = signed_in(owner).get(f"/account/erasure/{user.pk}/")
    assert page.status_code == 200
    assert name not in page.content.decode()
    assert "Những gì còn lưu" in page.content.decode()

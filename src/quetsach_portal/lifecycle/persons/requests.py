"""A person asks for erasure, an owner decides, a job erases; each act is in the trail."""

import time
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.jobs.queue import RunningJob, enqueue
from quetsach_portal.lifecycle.persons.erasing import count_files, erase, is_erased, preview
from quetsach_portal.lifecycle.persons.grounds import ANSWER_WORKING_DAYS, ERASE_DAYS
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.erasure import ErasureRequest, ErasureState
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.news.writing import NewsSubject, tell
from quetsach_portal.people.roles.access import owns_office_of, person_to_manage, running
from quetsach_portal.people.roles.scope import Scope, scope_of
from quetsach_portal.people.roles.second_person import refuse_same_hand
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

_RENEW_S = 10


def last_request(user: User) -> ErasureRequest | None:
    """Return the newest request of `user`."""
    return ErasureRequest.objects.filter(user=user).order_by("-pk").first()


def answer_due(asked_at: datetime) -> datetime:
    """Return the last moment for an answer: two working days later (Decree 356/2025, Article 5).

    Saturdays and Sundays are no working days; public holidays are counted as working days, so that
    the day named is never too late.
    """
    day, left = timezone.localtime(asked_at), ANSWER_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def erase_due(asked_at: datetime) -> datetime:
    """Return the last moment for the erasure: twenty days later (Decree 356/2025, Article 5)."""
    return asked_at + timedelta(days=ERASE_DAYS)


def ask(user: User, *, reason: str) -> ErasureRequest:
    """Return the new request of `user`, of which the owners of unit and parent unit are told.

    Errors: Refused while another one is open.
    """
    with transaction.atomic():
        account = User.objects.select_for_update().get(pk=user.pk)
        if _open_of(account) is not None:
            raise Refused(_("You have already asked for this."))
        erasure = ErasureRequest.objects.create(user=account, reason=reason)
        _note("erasure.asked", erasure, account)
        page = reverse("erasure", args=[account.pk])
        for unit in _units_of(account):
            subject = NewsSubject(f"erasure:{erasure.pk}", unit.name, page)
            for unit_id in filter(None, (unit.pk, unit.parent_id)):
                tell(NewsKind.ASKED, unit_id, subject, by=account)
    return erasure


def withdraw(user: User) -> None:
    """Take back what `user` asked for. Errors: Refused once it was decided."""
    with transaction.atomic():
        erasure = _locked(user)
        erasure.state = ErasureState.WITHDRAWN
        erasure.save(update_fields=["state"])
        _note("erasure.withdrawn", erasure, user)


def person_to_erase(scope: Scope, user_id: int) -> User:
    """Return the person of whose request the reader decides: an owner who manages the account.

    Who decided the newest request sees its receipt later, when the person has no role any more.
    Errors: Http404, PermissionDenied.
    """
    rows = ErasureRequest.objects.filter(user_id=user_id).select_related("user")
    newest = rows.order_by("-pk").first()
    if newest is not None and newest.decided_by_id == scope.user_id:
        return newest.user
    return _person_to_decide(scope, user_id)


def _person_to_decide(scope: Scope, user_id: int) -> User:
    user = person_to_manage(scope, user_id)
    if not owns_office_of(scope, user):
        raise PermissionDenied(_("An owner of the office decides on this."))
    return user


def decide(user: User, *, grants: bool, answer: str, actor: User) -> None:
    """Grant or refuse what `user` asked for; what is granted is erased by a job.

    Errors: Refused without an open request, for a refusal without a reason, and for two accounts
    under one control; Http404, PermissionDenied for who is no owner there today.
    """
    with transaction.atomic():
        erasure = _locked(user)
        _person_to_decide(scope_of(actor), user.pk)
        if not grants and not answer:
            raise Refused(_("Say why; the person has a right to the reason."), field="answer")
        refuse_same_hand(user.pk, actor)
        erasure.state = ErasureState.GRANTED if grants else ErasureState.REFUSED
        erasure.decided_by, erasure.decided_at, erasure.answer = actor, timezone.now(), answer
        erasure.save(update_fields=["state", "decided_by", "decided_at", "answer"])
        _note("erasure.granted" if grants else "erasure.refused", erasure, actor)
        if grants:
            enqueue(
                "people.erase", key=f"people.erase:{erasure.pk}", payload={"request": erasure.pk}
            )


def run_erasure(work: RunningJob) -> None:
    """Erase the person of a granted request, and keep the receipt on it. A job's handler.

    An account that was erased meanwhile by whoever runs the server is not erased again.
    """
    erasure = ErasureRequest.objects.select_related("user", "decided_by").get(
        pk=work.payload["request"]
    )
    renewed_at = time.monotonic()

    def renew() -> None:
        nonlocal renewed_at
        if time.monotonic() - renewed_at > _RENEW_S:
            work.renew()
            renewed_at = time.monotonic()

    if erasure.state != ErasureState.GRANTED:
        return
    is_done = is_erased(erasure.user)
    files = {} if is_done else count_files(erasure.user, renew)
    with work.finishing():
        receipt = (
            preview(erasure.user)
            if is_done
            else erase(erasure.user, actor=erasure.decided_by, files=files)
        )
        ErasureRequest.objects.filter(pk=erasure.pk).update(
            state=ErasureState.ERASED,
            erased_at=timezone.now(),
            reason="",
            receipt=receipt.as_json(),
        )


def _open_of(user: User) -> ErasureRequest | None:
    rows = ErasureRequest.objects.select_for_update().filter(user=user)
    return rows.filter(state__in=[ErasureState.ASKED, ErasureState.GRANTED]).first()


def _locked(user: User) -> ErasureRequest:
    erasure = _open_of(user)
    if erasure is None or erasure.state != ErasureState.ASKED:
        raise Refused(_("There is no open request."))
    return erasure


def _units_of(user: User) -> list[OrgUnit]:
    seats = running().filter(user=user, acting_for__isnull=True)
    return list(OrgUnit.objects.filter(pk__in=seats.values("unit_id")).order_by("pk"))


def _note(action: str, erasure: ErasureRequest, actor: User) -> None:
    units = _units_of(erasure.user)
    path = units[0].path if units else ""
    record(action, actor=actor, kind="user", object_id=erasure.user_id, unit_path=path)

"""Acts of two people: two accounts under one control count as one person.

A person who invites an address of their own, or takes over an account by a new link, controls two
accounts. So for some days an invited account counts as its inviter, and a delegate counts as the
person they act for. On the server, `quetsach manage invite_owner` creates an independent second
owner at once.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation
from quetsach_portal.people.roles.access import running
from quetsach_portal.people.sessions import was_confirmed_recently
from quetsach_portal.web.acts import Refused

LATELY = timedelta(days=3)
_MOST_STEPS = 20


def refuse_same_hand(first_id: int | None, actor: User) -> None:
    """Accept a second person who is independent of the first.

    Errors: Refused for two accounts under one control. Cost: two queries per person, and one per
    inviter.
    """
    if first_id is None or first_id == actor.pk:
        return
    first = User.objects.filter(pk=first_id).values_list("email", flat=True).first()
    if first is not None and _mailbox(first) == _mailbox(actor.email):
        raise Refused(
            _(
                "Both accounts have the same mailbox. Somebody else must do this, not a second "
                "account."
            )
        )
    if hands_of(first_id) & hands_of(actor.pk):
        raise Refused(
            _(
                "Within the last %(days)s days one of you received a role, an account or a new "
                "link from the other, or both of you from the same person; or one acts for the "
                "other. Somebody else must do this, or the same person after that time."
            )
            % {"days": LATELY.days}
        )


def _mailbox(address: str) -> str:
    """Return whose mails they are: behind "+" stands a folder (RFC 5233)."""
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def refuse_both_keys(user: User, actor: User) -> None:
    """Refuse that one person removes an account's second factors and also creates a link to it.

    Errors: Refused when `actor` did either lately.
    """
    since = timezone.now() - LATELY
    link = Invitation.objects.filter(user=user, invited_by=actor, created_at__gt=since).exists()
    dropped = AuditEvent.objects.filter(
        action="user.factors-dropped",
        object_kind="user",
        object_id=str(user.pk),
        actor_id=actor.pk,
        at__gt=since,
    ).exists()
    if link and dropped:
        raise Refused(
            _(
                "The person who removes the second factors of an account cannot also create a "
                "link to it within %(days)s days: somebody else must do it, or the account's "
                "owner requests a new password on the sign-in page."
            )
            % {"days": LATELY.days}
        )


def hands_of(user_id: int) -> frozenset[int]:
    """Return `user_id` and all who could have made this account theirs lately."""
    user_ids: set[int] = set()
    frontier = {user_id}
    for _step in range(_MOST_STEPS):
        user_ids |= frontier
        frontier = set(_let_in_by(frontier)) - user_ids
        if not frontier:
            break
    return frozenset(user_ids)


def _let_in_by(users: Iterable[int]) -> Iterable[int]:
    ids, since = list(users), timezone.now() - LATELY
    assignments = Assignment.objects.filter(
        user_id__in=ids, created_at__gt=since, given_by__isnull=False, acting_for__isnull=True
    )
    links = Invitation.objects.filter(
        accepted_by_id__in=ids, accepted_at__gt=since, invited_by__isnull=False
    )
    lent = running().filter(user_id__in=ids, acting_for__isnull=False)
    dropped = AuditEvent.objects.filter(
        action="user.factors-dropped",
        object_kind="user",
        object_id__in=[str(one) for one in ids],
        at__gt=since,
        actor_id__isnull=False,
    )
    return (
        assignments.values_list("given_by_id", flat=True)
        .union(
            links.values_list("invited_by_id", flat=True),
            lent.values_list("acting_for_id", flat=True),
            dropped.values_list("actor_id", flat=True),
        )
        .iterator()
    )


# Sensitive acts require a confirmation of identity not older than ten minutes.


Rest = ParamSpec("Rest")
View = Callable[Concatenate[Any, Rest], HttpResponse]


def confirmed_recently(view: View[Rest]) -> View[Rest]:
    """Return `view` with a required confirmation of identity, unless it is recent (A6)."""

    @wraps(view)
    def asked(request: Any, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not was_confirmed_recently(request):
            require_confirmation(request)
        return view(request, *args, **kwargs)

    return asked


def require_confirmation(request: HttpRequest) -> None:
    """Redirect to the page that confirms the identity; it leads back here.

    Errors: always one: ReauthenticationRequired or ImmediateHttpResponse, which allauth's
    middleware answers; PermissionDenied for a person with neither password nor second factor here.
    """
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        raise PermissionDenied(
            _(
                "Sign out and sign in again: this action requires a sign-in within the last 10 "
                "minutes."
            )
        )
    if request.FILES:
        # allauth keeps the fields of a form and would drop its files silently.
        back = urlencode({"next": request.get_full_path()})
        raise ImmediateHttpResponse(redirect(f"{methods[0]['url']}?{back}"))
    if request.method not in ("GET", "HEAD", "POST"):
        raise ImmediateHttpResponse(redirect(reverse("home")))
    raise ReauthenticationRequired

"""Make, end and recognise tokens; who may do so, its form, and how a program sends one."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from ninja.errors import HttpError
from ninja.security import HttpBearer

from quetsach_portal.api.models import ApiToken, TokenScope
from quetsach_portal.audit.record import record
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope, get_or_404, scope_of, unit_for
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.days import DayField

PREFIX = "qs_"
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class ApiCaller:
    """Who a program acts for: a person's rights, in one unit alone, for some purposes."""

    token: ApiToken
    scope: Scope

    @property
    def user(self) -> User:
        """The person who answers for the token."""
        return self.token.made_by

    def may(self, purpose: TokenScope) -> bool:
        """True when the token is for `purpose`."""
        return purpose in self.token.scopes

    @property
    def may_fetch_lists(self) -> bool:
        """True when the token is for lists for devices."""
        return self.may(TokenScope.LISTS)


def make_token(
    unit: OrgUnit, *, name: str, scopes: Sequence[str], expires_on: date, actor: User
) -> tuple[ApiToken, str]:
    """Return a new token and its text, which is shown once and kept nowhere.

    Errors: Refused for no purpose, or a day that is past or more than a year off.
    """
    today = timezone.localdate()
    if not scopes or not set(scopes) <= set(TokenScope.values):
        raise Refused(_("Choose at least one permission for the token."), field="scopes")
    if not today < expires_on <= today + LONGEST:
        raise Refused(_("Choose a day within the next year."), field="expires_on")
    text = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        record(
            "token.made",
            actor=actor,
            kind="unit",
            object_id=unit.pk,
            unit_path=unit.path,
            detail={"name": name, "scopes": sorted(scopes), "expires_on": expires_on.isoformat()},
        )
        token = ApiToken.objects.create(
            unit=unit,
            name=name,
            digest=_digest(text),
            begins=text[:8],
            scopes=sorted(scopes),
            made_by=actor,
            expires_on=expires_on,
        )
    return token, text


def end_token(token: ApiToken, *, actor: User) -> None:
    """End `token`; the next request with it is refused."""
    with transaction.atomic():
        locked_token = ApiToken.objects.select_for_update().select_related("unit").get(pk=token.pk)
        if locked_token.ended_at is not None:
            return
        record(
            "token.ended",
            actor=actor,
            kind="unit",
            object_id=locked_token.unit_id,
            unit_path=locked_token.unit.path,
            detail={"name": locked_token.name},
        )
        locked_token.ended_at = timezone.now()
        locked_token.save(update_fields=["ended_at"])


def caller_of(text: str) -> ApiCaller | None:
    """Return who calls with this token; None for one that is unknown, over or without rights.

    Cost: two queries, and one update on a token's first use of the day.
    """
    if not text.startswith(PREFIX) or len(text) > 100:
        return None
    token = ApiToken.objects.select_related("unit", "made_by").filter(digest=_digest(text)).first()
    today = timezone.localdate()
    if token is None or token.ended_at is not None or token.expires_on <= today:
        return None
    whole = scope_of(token.made_by)
    own = tuple(seat for seat in whole.seats if seat.unit_id == token.unit_id)
    if not own:
        return None
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)
    return ApiCaller(token, Scope(whole.user_id, own))


def _digest(text: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()


MAKES_TOKENS = (Role.FOCAL_POINT, Role.COMPILER, Role.LEAD_OWNER)


def own_unit(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit for whose programs the person answers.

    Errors: Http404 where it may not be seen, PermissionDenied where it may.
    """
    unit = unit_for(scope, unit_id)
    if not scope.has_role_in(unit, *MAKES_TOKENS):
        raise PermissionDenied(
            _("Only the unit's own focal point or compiler can create its tokens.")
        )
    return unit


def own_token(scope: Scope, token_id: int) -> ApiToken:
    """Return the token. Errors: as `own_unit`."""
    token = get_or_404(ApiToken.objects.filter(pk=token_id).select_related("unit"))
    own_unit(scope, token.unit_id)
    return token


def units_with_tokens(scope: Scope) -> list[OrgUnit]:
    """Return the units for whose programs the person answers."""
    return list(OrgUnit.objects.filter(pk__in=scope.own_units(*MAKES_TOKENS)).order_by("name"))


class ByToken(HttpBearer):
    """Lets in who has a token for one of `purposes`; firewalls that know only Basic send it so."""

    def __init__(self, *purposes: TokenScope) -> None:
        self.purposes = purposes
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        """Return the caller. Errors: 401 without a good token, 403 for another purpose."""
        caller = caller_of(token_in(request.headers.get("Authorization", "")))
        if caller is None:
            return None
        if not any(caller.may(purpose) for purpose in self.purposes):
            raise HttpError(403, f"the token lacks the scope {' or '.join(self.purposes)}")
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the caller; ninja asks for it by this name."""
        return caller_of(token)


def token_in(header: str) -> str:
    """Return the token that the header carries, "" where there is none."""
    way, _space, rest = header.strip().partition(" ")
    if way.lower() == "bearer":
        return rest.strip()
    if way.lower() == "basic":
        try:
            pair = base64.b64decode(rest.strip(), validate=True).decode()
        except ValueError:  # no Base64, no ASCII or no UTF-8
            return ""
        return pair.partition(":")[2]
    return ""


def caller(request: HttpRequest) -> ApiCaller:
    """Return who calls; the route's guard has put it there."""
    found: ApiCaller = request.auth  # type: ignore[attr-defined]  # ninja adds it
    return found


# The page about programs.


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_lazy("Which program will use it?"),
        help_text=_lazy(
            "For example a firewall, a resolver or a script. The name helps you recognise the "
            "token later."
        ),
        max_length=80,
    )
    scopes = forms.MultipleChoiceField(
        label=_lazy("What may it do?"),
        choices=TokenScope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = DayField(
        label=_lazy("Until which day?"),
        help_text=_lazy("At most one year. The token stops working on that day."),
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.initial.setdefault("expires_on", timezone.localdate() + timedelta(days=180))


@dataclass(frozen=True)
class UnitTokens:
    """A unit and its tokens that still work."""

    unit: OrgUnit
    tokens: Sequence[ApiToken]


def with_tokens(units: Sequence[OrgUnit]) -> list[UnitTokens]:
    """Return each unit with its working tokens. Cost: one query."""
    today = timezone.localdate()
    working = ApiToken.objects.filter(
        unit__in=units, ended_at__isnull=True, expires_on__gt=today
    ).select_related("made_by")
    by_unit: dict[int, list[ApiToken]] = {}
    for token in working.order_by("pk"):
        by_unit.setdefault(token.unit_id, []).append(token)
    return [UnitTokens(unit, by_unit.get(unit.pk, [])) for unit in units]

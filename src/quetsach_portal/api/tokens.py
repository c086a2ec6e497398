"""Make, end and recognise tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.api.models import ApiToken, TokenScope
from quetsach_portal.audit.record import record
from quetsach_portal.people.models import User
from quetsach_portal.rights.scope import Scope, scope_of
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.problems import Refused

PREFIX = "qs_"
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Caller:
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


def make_token(
    unit: OrgUnit, *, name: str, scopes: Sequence[str], expires_on: date, actor: User
) -> tuple[ApiToken, str]:
    """Return a new token and its text, which is shown once and kept nowhere.

    Errors: Refused for no purpose, or a day that is past or more than a year off.
    """
    today = timezone.localdate()
    if not scopes or not set(scopes) <= set(TokenScope.values):
        raise Refused(_("Choose what the token is for."), field="scopes")
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
        held = ApiToken.objects.select_for_update().select_related("unit").get(pk=token.pk)
        if held.ended_at is not None:
            return
        record(
            "token.ended",
            actor=actor,
            kind="unit",
            object_id=held.unit_id,
            unit_path=held.unit.path,
            detail={"name": held.name},
        )
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])


def caller_of(text: str) -> Caller | None:
    """Return who calls with this token; None for one that is unknown, over or without rights.

    Cost: two queries, and one update on a token's first use of the day.
    """
    if not text.startswith(PREFIX) or len(text) > 100:
        return None
    found = ApiToken.objects.select_related("unit", "made_by").filter(digest=_digest(text)).first()
    today = timezone.localdate()
    if found is None or found.ended_at is not None or found.expires_on <= today:
        return None
    whole = scope_of(found.made_by)
    own = tuple(seat for seat in whole.seats if seat.unit_id == found.unit_id)
    if not own:
        return None
    if found.used_on != today:
        ApiToken.objects.filter(pk=found.pk).update(used_on=today)
    return Caller(found, Scope(whole.user_id, own))


def _digest(text: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()

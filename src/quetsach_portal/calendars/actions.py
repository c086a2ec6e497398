"""Acts: make an address, end it."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.calendars.models import CalendarFeed
from quetsach_portal.people.models import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.problems import Refused

MOST_FEEDS = 20


def make_feed(unit: OrgUnit, *, name: str, actor: User) -> tuple[CalendarFeed, str]:
    """Return a new address of the unit's calendar and its secret, which is shown once.

    Errors: Refused when the unit has MOST_FEEDS already.
    """
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        held = CalendarFeed.objects.filter(unit=unit, ended_at__isnull=True)
        if held.count() >= MOST_FEEDS:
            raise Refused(_("The unit has enough calendar addresses. End one first."))
        feed = CalendarFeed.objects.create(
            unit=unit,
            name=name.strip()[:80],
            digest=digest_of(secret),
            begins=secret[:6],
            made_by=actor,
        )
        _record("calendar.made", feed, actor)
    return feed, secret


def end_feed(feed: CalendarFeed, *, actor: User) -> None:
    """End an address; whoever fetches it from now on finds nothing."""
    with transaction.atomic():
        rows = CalendarFeed.objects.select_for_update(of=("self",)).select_related("unit")
        held = rows.get(pk=feed.pk)
        if held.ended_at is not None:
            return
        _record("calendar.ended", held, actor)
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])


def digest_of(secret: str) -> str:
    """Return what is kept of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(act: str, feed: CalendarFeed, actor: User) -> None:
    record(
        act,
        actor=actor,
        kind="unit",
        object_id=feed.unit_id,
        unit_path=feed.unit.path,
        detail={"name": feed.name},
    )

"""Create and end the secret addresses of a unit's calendar, with the permission to do so."""

import hashlib
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.calendar import CalendarFeed
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.access import running
from quetsach_portal.people.roles.scope import Scope, get_or_404, unit_for
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.plain_text import one_line

MOST_FEEDS = 20


def make_feed(unit: OrgUnit, *, name: str, actor: User) -> tuple[CalendarFeed, str]:
    """Return a new address of the unit's calendar and its secret, which is shown once.

    Errors: Refused when the unit has MOST_FEEDS already.
    """
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if feeds_of(unit).count() >= MOST_FEEDS:
            raise Refused(_("The unit has reached the limit of calendar addresses. End one first."))
        feed = CalendarFeed.objects.create(
            unit=unit,
            name=one_line(name)[:80],
            digest=digest_of(secret),
            begins=secret[:6],
            made_by=actor,
        )
        _record("calendar.made", feed, actor)
    return feed, secret


def end_feed(feed: CalendarFeed, *, actor: User | None) -> None:
    """End an address: requests for it get 404 from now on. `actor` None is the portal itself."""
    with transaction.atomic():
        rows = CalendarFeed.objects.select_for_update(of=("self",)).select_related("unit")
        feed = rows.get(pk=feed.pk)
        if feed.ended_at is not None:
            return
        _record("calendar.ended", feed, actor)
        feed.ended_at = timezone.now()
        feed.save(update_fields=["ended_at"])


def digest_of(secret: str) -> str:
    """Return the stored digest of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(act: str, feed: CalendarFeed, actor: User | None) -> None:
    record(
        act,
        actor=actor,
        kind="unit",
        object_id=feed.unit_id,
        unit_path=feed.unit.path,
        detail={"name": feed.name},
    )


ENDS_ALL = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)
"""Roles that end what others of the unit made."""


def own_unit(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit if the person has a role in it. Errors: Http404, PermissionDenied."""
    unit = unit_for(scope, unit_id)
    if not scope.has_role_in(unit, *Role):
        raise PermissionDenied(_("Only people of the unit create addresses of its calendar."))
    return unit


def feed_to_end(scope: Scope, feed_id: int) -> CalendarFeed:
    """Return the feed for its author or a person in charge of the unit. Errors: as `own_unit`."""
    feed = get_or_404(CalendarFeed.objects.filter(pk=feed_id).select_related("unit"))
    own_unit(scope, feed.unit_id)
    if feed.made_by_id != scope.user_id and not scope.has_role_in(feed.unit, *ENDS_ALL):
        raise PermissionDenied(_("Only its creator or the unit's focal point can end the address."))
    return feed


def unit_of(secret: str) -> OrgUnit:
    """Return the unit whose calendar this address opens. Errors: Http404 for any other.

    An address whose creator has no role in the unit any more is ended here, for good.
    Cost: two queries, and one update on the first use of the day.
    """
    rows = CalendarFeed.objects.filter(digest=digest_of(secret[:100]), ended_at__isnull=True)
    feed = get_or_404(rows.select_related("unit"))
    if not _of_people_there(rows, feed.unit).exists():
        end_feed(feed, actor=None)
        raise Http404
    today = timezone.localdate()
    if feed.used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(used_on=today)
    return feed.unit


def end_left_feeds(work: RunningJob) -> None:
    """End the addresses whose creators have no role in the unit any more; a periodic job.

    So none opens again when its creator gets a role once more.
    """
    for feed in CalendarFeed.objects.filter(ended_at__isnull=True).select_related("unit"):
        if not _of_people_there(CalendarFeed.objects.filter(pk=feed.pk), feed.unit).exists():
            end_feed(feed, actor=None)
            work.renew()


def feeds_of(unit: OrgUnit) -> QuerySet[CalendarFeed]:
    """Return the addresses that open the calendar today, the newest first."""
    rows = CalendarFeed.objects.filter(unit=unit, ended_at__isnull=True)
    return _of_people_there(rows, unit).select_related("made_by").order_by("-pk")


def _of_people_there(rows: QuerySet[CalendarFeed], unit: OrgUnit) -> QuerySet[CalendarFeed]:
    """Return those of `rows` whose creators have a role in `unit` today, and an account."""
    people = running().filter(unit=unit, user__is_active=True).values("user")
    return rows.filter(made_by__in=people)

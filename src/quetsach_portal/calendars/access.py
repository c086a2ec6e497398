"""Who makes and ends the addresses of a unit's calendar, and who may fetch it."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.calendars.actions import digest_of
from quetsach_portal.calendars.models import CalendarFeed
from quetsach_portal.rights.models import Role
from quetsach_portal.rights.scope import Scope, found, unit_for
from quetsach_portal.units.models import OrgUnit

ENDS_ALL = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)
"""Roles that end what others of the unit made."""


def own_unit(scope: Scope, unit_id: int) -> OrgUnit:
    """Return the unit to whoever sits in it. Errors: Http404, PermissionDenied where it is seen."""
    unit = unit_for(scope, unit_id)
    if not scope.has_role_in(unit, *Role):
        raise PermissionDenied(_("The unit's own people hand out the addresses of its calendar."))
    return unit


def feed_to_end(scope: Scope, feed_id: int) -> CalendarFeed:
    """Return the feed to who made it, or answers for the unit. Errors: as `own_unit`."""
    feed = found(CalendarFeed.objects.filter(pk=feed_id).select_related("unit"))
    own_unit(scope, feed.unit_id)
    if feed.made_by_id != scope.user_id and not scope.has_role_in(feed.unit, *ENDS_ALL):
        raise PermissionDenied(_("Who made the address ends it, or the unit's focal point."))
    return feed


def unit_of(secret: str) -> OrgUnit:
    """Return the unit whose calendar this address opens. Errors: Http404 for any other.

    Cost: one query, and one update on the first use of the day.
    """
    rows = CalendarFeed.objects.filter(digest=digest_of(secret[:100]), ended_at__isnull=True)
    feed = found(rows.select_related("unit"))
    today = timezone.localdate()
    if feed.used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(used_on=today)
    return feed.unit

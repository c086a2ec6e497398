"""What the page of a unit's calendar shows."""

from django.db.models import QuerySet

from quetsach_portal.calendars.models import CalendarFeed
from quetsach_portal.units.models import OrgUnit


def feeds_of(unit: OrgUnit) -> QuerySet[CalendarFeed]:
    """Return the addresses that hold, the newest first."""
    rows = CalendarFeed.objects.filter(unit=unit, ended_at__isnull=True)
    return rows.select_related("made_by").order_by("-pk")

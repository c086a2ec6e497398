"""Secret addresses of a unit's calendar; nothing in the calendar is personal."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from quetsach_portal.units.models import OrgUnit


class CalendarFeed(models.Model):
    """An address under which a calendar program fetches the deadlines of a unit.

    Shapes: the address holds 256 random bits; the row keeps their SHA-256 alone, and `begins` to
    tell one from another. Ended, never deleted.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="calendar_feeds")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=8)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    used_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

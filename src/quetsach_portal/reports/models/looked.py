"""What stands behind a version of a report: what was looked at, and why no more."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class GapReason(models.TextChoices):
    """Why not all was looked at."""

    LATER = "later", _lazy("it is looked at later, and a supplement follows")
    NO_PC = "no_pc", _lazy("the unit has no computer")
    BROKEN = "broken", _lazy("machines are broken or no longer in use")
    NOBODY = "nobody", _lazy("nobody can do it: help is asked for")
    NO_LOGS = "no_logs", _lazy("there are no logs of the network")
    OTHER = "other", _lazy("another reason")


class ReportLook(models.Model):
    """What was looked at when a version was made; its row is never changed.

    Shapes: the payload of the version has `words`, `reason`, `received`, `expected` and `missing`
    as they are here; `machines` is None where their number was not known, `days` for several units.
    """

    version = models.OneToOneField(
        "reports.ReportVersion", primary_key=True, on_delete=models.PROTECT, related_name="look"
    )
    words = models.CharField(max_length=500)
    reason_code = models.CharField(max_length=8, choices=GapReason.choices, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    received = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    missing = models.JSONField(default=list)
    seen = models.PositiveIntegerField(default=0)
    part = models.PositiveIntegerField(default=0)
    machines = models.PositiveIntegerField(null=True)
    days = models.PositiveIntegerField(null=True)
    of_days = models.PositiveIntegerField(null=True)

"""Counters by day, family and coverage, gathered by a job so that pages walk no tree."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode, Phase
from quetsach_portal.files.models import StoredFile


class CounterDay(models.Model):
    """The counters of a node's subtree when they were last gathered on `day`.

    Shapes: a row for each day with a change; a day without a row repeats the last row before it.
    `infected`, `handled` and `unproven` are the open cases by their evidence. `looked_full` and
    `looked_part` are the units that had looked at machines, None in rows older than these columns.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    units = models.IntegerField(default=0)
    told = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    deployed = models.IntegerField(default=0)
    staff = models.IntegerField(default=0)
    joined_staff = models.IntegerField(default=0)
    joined_relatives = models.IntegerField(default=0)
    joined_public = models.IntegerField(default=0)
    infected = models.IntegerField(default=0)
    handled = models.IntegerField(default=0)
    unproven = models.IntegerField(default=0)
    cases_verified = models.IntegerField(default=0)
    cases_other = models.IntegerField(default=0)
    looked_full = models.IntegerField(null=True)
    looked_part = models.IntegerField(null=True)

    class Meta:
        """Unique by node and day."""

        constraints = [models.UniqueConstraint(fields=["node", "day"], name="tally_day_once")]

    @property
    def open_cases(self) -> int:
        """All open cases, whatever their evidence."""
        return self.infected + self.handled + self.unproven

    @property
    def is_blind(self) -> bool:
        """True where no unit had looked at anything and no case was known: no zero is told."""
        has_cases = self.open_cases or self.cases_verified or self.cases_other
        return not has_cases and self.looked_full == 0 and self.looked_part == 0


class FamilyCounter(models.Model):
    """How many devices of a node's subtree met indicators of a family; "" where none is named."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=120, blank=True)
    devices = models.PositiveIntegerField()

    class Meta:
        """Unique by node and family."""

        constraints = [models.UniqueConstraint(fields=["node", "family"], name="family_once")]


class CoverageCounter(models.Model):
    """How many units of a node's subtree had scanned logs of `day`."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    units = models.PositiveIntegerField()

    class Meta:
        """Unique by node and day."""

        constraints = [models.UniqueConstraint(fields=["node", "day"], name="coverage_tally_once")]


class SubtreeFile(models.Model):
    """A requested table of a whole subtree; `file` is empty until it is written.

    It is that person's alone, and removed after some days.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

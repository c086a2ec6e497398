"""Counters by day, family and coverage, gathered by a job; pages read these and walk no tree."""

from django.db import models

from quetsach_portal.campaigns.models import CampaignNode


class TallyDay(models.Model):
    """The counters of a node's subtree as they stood when they were last gathered on `day`.

    Shapes: a row for each day on which something changed; a day without one is as the last before.
    `infected`, `handled` and `unproven` are the open cases by what evidence says of them.
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

    class Meta:
        """One a node and day."""

        constraints = [models.UniqueConstraint(fields=["node", "day"], name="tally_day_once")]


class FamilyTally(models.Model):
    """How many devices of a node's subtree met indicators of a family; "" where none is named."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=120, blank=True)
    devices = models.PositiveIntegerField()

    class Meta:
        """One a node and family."""

        constraints = [models.UniqueConstraint(fields=["node", "family"], name="family_once")]


class CoverageTally(models.Model):
    """How many units of a node's subtree had logs of `day` looked at."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    units = models.PositiveIntegerField()

    class Meta:
        """One a node and day."""

        constraints = [models.UniqueConstraint(fields=["node", "day"], name="coverage_tally_once")]

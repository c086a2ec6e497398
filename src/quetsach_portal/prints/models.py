"""A list asked of fingerprints, and the unit-days on which something of it was seen."""

from django.db import models
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.people.models.account import User


class PrintQuestion(models.Model):
    """The campaign's list of one moment, asked of all fingerprints of its units.

    Shapes: `release_sha256` is that of the file; `asked_days` counts the unit-days that could be
    asked, `incomplete` those of them that may hold more, `forgotten` those without a secret or that
    cannot be read; `cannot_tell` counts indicators; `by_chance` is how many of the hits are to be
    expected although nothing was there. Without `done_at` it is being asked; `problem` says why it
    could not be.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    release_sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    asked_days = models.IntegerField(default=0)
    incomplete = models.IntegerField(default=0)
    forgotten = models.IntegerField(default=0)
    cannot_tell = models.IntegerField(default=0)
    by_chance = models.FloatField(default=0)

    class Meta:
        """Asked for by campaign, newest first."""

        indexes = [models.Index(fields=["campaign", "-id"])]


class PrintMatch(models.Model):
    """A day of a unit, or days, on which something of the list was seen.

    Shapes: `indicators` are the first as the list has them, `count` how many; where it is not
    `is_exact`, only host or address were seen and the list wants more. `first_day` is None where no
    line told its day. `is_destroyed` says that none of the logs is here any more.
    """

    question = models.ForeignKey(PrintQuestion, on_delete=models.CASCADE, related_name="hits")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    indicators = models.JSONField(default=list)
    count = models.IntegerField(default=0)
    is_exact = models.BooleanField(default=True)
    is_destroyed = models.BooleanField(default=False)
    requested_at = models.DateTimeField(null=True)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

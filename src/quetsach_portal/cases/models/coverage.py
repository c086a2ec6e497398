"""Findings folders that were accepted for a node, and the days that evidence covers."""

from django.db import models
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.account import User


class FolderRead(models.Model):
    """A findings folder that was accepted for a node, once by its digest.

    Shapes: the folder itself is kept under `cases.folders.path_of`. One that does not prove
    silence brings contacts, and no day without one.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="folders_read")
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=120)
    zone = models.CharField(max_length=60)
    evidence_until = models.DateTimeField(null=True)
    complete = models.BooleanField(default=True)
    proves_silence = models.BooleanField(default=True)
    read_at = models.DateTimeField(default=timezone.now)
    read_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Once a node and digest."""

        constraints = [models.UniqueConstraint(fields=["node", "digest"], name="folder_once")]


class CoveredDay(models.Model):
    """A day of one kind of evidence, as far as the cases of a node need it.

    Shapes: `hours`, `usual`, `thin` are local hours; `alive` has the devices with a case that
    spoke, by engine key, `alive_count` counts all; `unseen` those whose DNS may have gone past it.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="covered_days")
    unit = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=60)
    day = models.CharField(max_length=10)
    lines = models.BigIntegerField(default=0)
    hours = models.JSONField(default=list)
    usual = models.JSONField(default=list)
    thin = models.JSONField(default=list)
    alive = models.JSONField(default=list)
    alive_count = models.PositiveIntegerField(default=0)
    unseen = models.JSONField(default=list)
    sources = models.PositiveIntegerField(default=0)

    class Meta:
        """One a node, unit, kind and day."""

        constraints = [
            models.UniqueConstraint(fields=["node", "unit", "kind", "day"], name="covered_once")
        ]

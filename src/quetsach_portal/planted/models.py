"""Places of a unit at which one PC plants names, and what was planted there day by day."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit


def today() -> date:
    """Return the day here."""
    return timezone.localdate()


class PlantedPlace(models.Model):
    """A subnet or room of a unit with one PC that asks, until `ended_at`.

    Shapes: `subnet` is a network as text, "" where none is named; `since` the first day for which
    its PC has a name.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="planted_places")
    name = models.CharField(max_length=64)
    subnet = models.CharField(max_length=43, blank=True)
    since = models.DateField(default=today)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A name once a unit; an end has its person."""

        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(ended_at__isnull=True),
                name="planted_place_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="planted_place_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlantedName(models.Model):
    """What was planted at a place on a day, and what is known of it in one campaign.

    Shapes: `asked_at` is when the PC's note says that it asked, `seen_at` when a log shows it, and
    `source` which one, `is_live` that a watch told any of it; `looked_at` is when evidence of that
    day was looked through. All None where nothing is known.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="planted")
    place = models.ForeignKey(PlantedPlace, on_delete=models.PROTECT, related_name="names")
    day = models.DateField()
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=15)
    asked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=300, blank=True)
    is_live = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        """Once a place and day; a watch tells it by its name."""

        constraints = [
            models.UniqueConstraint(fields=["node", "place", "day"], name="planted_name_once")
        ]
        indexes = [
            models.Index(fields=["node", "day"], name="planted_of_day"),
            models.Index(fields=["node", "name"], name="planted_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SubnetSeen(models.Model):
    """A subnet of a unit whose machines spoke in the logs that it handed in."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="subnets_seen")
    network = models.CharField(max_length=43)
    machines = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once a node."""

        constraints = [
            models.UniqueConstraint(fields=["node", "network"], name="planted_subnet_once")
        ]

    def __str__(self) -> str:
        return self.network

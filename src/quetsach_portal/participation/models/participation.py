"""Join codes and counters by day; no row identifies a person or a browser."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_public import codes


class JoinKind(models.TextChoices):
    """The audience of a code; each is counted separately."""

    STAFF = "staff", _lazy("Officials and staff")
    RELATIVE = "relative", _lazy("Relatives and friends")
    PUBLIC = "public", _lazy("Residents")


class JoinCode(models.Model):
    """A code of a unit for one kind of people: 130 random bits, in the QR codes of its papers.

    `short` is the same for who types it or hears it read out. A few may be found by trying; that
    gives what a poster gives to whoever passes by: a press for the unit, capped and declared.
    A code that was replaced still leads to its unit's page until `ended_at`.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="join_codes")
    kind = models.CharField(max_length=8, choices=JoinKind.choices)
    code = models.CharField(max_length=32, unique=True)
    short = models.CharField(max_length=8, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One open code a unit and kind."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_join_code",
            ),
        ]

    @property
    def shown(self) -> str:
        """Return the short code as it is printed."""
        return codes.format_code(self.short)


class JoinCounter(models.Model):
    """Counters of one unit, kind and day.

    Shapes: `joined` pressed "I take part"; `checked`, `flagged`, `cleaned` are what they said they
    did and met; `pulled` is how often material was fetched from the public page. `over_cap` came
    faster than people come and count for nothing; more than a few, and the unit is under question
    for that day. `rolled` is how many of `joined` the counters of the tree hold already. `lately`
    is what was counted in the newest hour, {"hour", column: how many}.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="join_tallies")
    kind = models.CharField(max_length=8, choices=JoinKind.choices)
    day = models.DateField()
    joined = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    flagged = models.PositiveIntegerField(default=0)
    cleaned = models.PositiveIntegerField(default=0)
    pulled = models.PositiveIntegerField(default=0)
    over_cap = models.PositiveBigIntegerField(default=0)
    rolled = models.PositiveIntegerField(default=0)
    lately = models.JSONField(default=dict)

    class Meta:
        """One a unit, kind and day; the figures by the minute add up the last days of all units."""

        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "day"], name="join_tally_once"),
        ]
        indexes = [models.Index(fields=["day"], name="join_tally_day")]


class UsedTicket(models.Model):
    """A form that was sent: a second press of the same page counts once. Gone after two hours.

    Shapes: `digest` is the SHA-256 of the page's own random number; it says nothing of anybody.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    used_at = models.DateTimeField(default=timezone.now, db_index=True)

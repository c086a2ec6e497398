"""Join codes, slips, counters, editions of handouts; no row says who joined or from where."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_public import codes


class JoinKind(models.TextChoices):
    """The audience of a code; each is counted separately."""

    STAFF = "staff", _lazy("Officials and staff")
    RELATIVE = "relative", _lazy("Relatives and friends")
    PUBLIC = "public", _lazy("Residents")


class JoinCode(models.Model):
    """A code of a unit for one kind of people: 130 random bits, in the QR codes of its papers.

    `short` is the form to type or read aloud. Some may be found by trial; that grants no more than
    a public poster: a capped, declared join for the unit. A code that was replaced still leads to
    its unit's page until `ended_at`.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="join_codes")
    kind = models.CharField(max_length=8, choices=JoinKind.choices)
    code = models.CharField(max_length=32, unique=True)
    short = models.CharField(max_length=8, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One open code per unit and kind."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_join_code",
            )
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
        """One per unit, kind and day; live figures add up the last days of all units."""

        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "day"], name="join_tally_once")
        ]
        indexes = [models.Index(fields=["day"], name="join_tally_day")]


class UsedTicket(models.Model):
    """A form that was sent: a second press of the same page counts once. Gone after two hours.

    Shapes: `digest` is the SHA-256 of the page's own random number; it identifies no person.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    used_at = models.DateTimeField(default=timezone.now, db_index=True)


class SlipLot(models.Model):
    """Slips that a unit printed at once, to be cut up: each counts one person of its staff, once.

    Shapes: `size` slips; a lot that was lost is revoked, and its slips count no more from then on.
    What was pressed before stays counted, unless it is struck as well, for `struck_reason`.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="slip_lots")
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.CharField(max_length=300, blank=True)


class Slip(models.Model):
    """One slip: whether it was pressed, and not when; no row leads from it to a person.

    Shapes: `digest` is the keyed digest of its code (`slips.codes`). The code itself is on the
    paper alone. Rows of a lot stand in the order of their digests, not in that of the sheets.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    lot = models.ForeignKey(SlipLot, on_delete=models.PROTECT, related_name="slips")
    is_used = models.BooleanField(default=False)


class SlipHour(models.Model):
    """How many slips of a lot were pressed in one hour; `hour` is its beginning."""

    lot = models.ForeignKey(SlipLot, on_delete=models.PROTECT, related_name="hours")
    hour = models.DateTimeField()
    pressed = models.PositiveIntegerField(default=0)

    class Meta:
        """One per lot and hour."""

        constraints = [models.UniqueConstraint(fields=["lot", "hour"], name="slip_hour_once")]


class ConfirmedBurst(models.Model):
    """A named person's word that many presses of a unit in one hour were people.

    Shapes: `pressed` is how many there were then; with more, the hour is under question again.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="slip_bursts")
    hour = models.DateTimeField()
    pressed = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One per unit and hour; a later word takes the place of an earlier one."""

        constraints = [models.UniqueConstraint(fields=["node", "hour"], name="burst_once")]


class HandoutEdition(models.Model):
    """An edition of one kind in one language, as the campaign as a whole hands it out.

    Shapes: `source` is the digest of what it says and how it is set: while that stays, so does the
    edition. `content` is the file, `sha256` its digest. Rows stay for ever.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="handouts")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    day = models.DateField(default=timezone.localdate)
    source = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        """One of a number."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind", "language", "number"], name="handout_edition_once"
            )
        ]


class HandoutPull(models.Model):
    """How often one kind was pulled on one day by or for a unit.

    Shapes: `here` were made in this portal with the unit's own code, `public` came from the public
    page by that code.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="handout_pulls")
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    day = models.DateField()
    here = models.PositiveIntegerField(default=0)
    public = models.PositiveIntegerField(default=0)

    class Meta:
        """One per unit, kind, language and day."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "language", "day"], name="handout_pull_once"
            )
        ]

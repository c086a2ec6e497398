"""Editions of handouts and download counts; no row identifies a person."""

from django.db import models
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode


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
            ),
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
        """One a unit, kind, language and day."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "language", "day"], name="handout_pull_once"
            ),
        ]

"""Public figures by day, and the live figures."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign


class FiguresState(models.TextChoices):
    """The state of prepared figures."""

    PREPARED = "prepared", _lazy("Prepared")
    PUBLISHED = "published", _lazy("Published")
    WITHDRAWN = "withdrawn", _lazy("Taken back")


class PublicFigures(models.Model):
    """The figures of a campaign on `day`.

    Shapes: `content` is what everybody sees (`content.Shown` as JSON), `kept` what the next ones
    are held against and nobody sees: {"bases": {cell: number}, "grouped": [node ids]}. `sha256` is
    that of what is shown; what is published is what was previewed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="public_figures")
    day = models.DateField()
    content = models.JSONField()
    kept = models.JSONField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=FiguresState.choices, default=FiguresState.PREPARED
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """One published a campaign and day, and one that waits."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "day"], condition=Q(state="published"), name="published_once"
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="prepared"), name="one_prepared"
            ),
        ]


class LiveFigures(models.Model):
    """The live figures of a campaign, and the numbers that they are compared with.

    Shapes: `bases` and `steps` are the number behind what is shown and how far it may stray, by
    cell, with each unit's band of shares and its margin; `grouped` the node ids that stand together
    for good; `days` what was shown on each day, {day: [people, units]}; `said` sums over past days,
    {"through": day, "scanned", "cleaned"}; `questioned` the node ids whose count is under question
    this hour; `content` what is shown. Nobody sees anything of it but `content`.
    """

    campaign = models.OneToOneField(
        Campaign, primary_key=True, on_delete=models.CASCADE, related_name="live_figures"
    )
    bases = models.JSONField(default=dict)
    steps = models.JSONField(default=dict)
    grouped = models.JSONField(default=list)
    days = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    questioned = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    units_at = models.DateTimeField(null=True)

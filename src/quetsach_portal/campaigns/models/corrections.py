"""What is corrected in a campaign that runs: a unit, a date or a text, by two people."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.models.changes import RunningChangeState


class CorrectionKind(models.TextChoices):
    """What is corrected."""

    UNIT = "unit", _lazy("A unit")
    DATE = "date", _lazy("A date")
    TEXT = "text", _lazy("The text")


class CampaignCorrection(models.Model):
    """One correction: who asked for it and why, and the second person who decided.

    Shapes: `proposal` is what is to stand, `before` what stood when it was carried out, each by the
    name of the field; `facts` counts what it changed; `words` says it in Vietnamese, one line a
    change. `digest` binds the confirmation to what the second person was shown. `letter_id` is the
    draft of the letter that tells it, None where no letter said otherwise.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=4, choices=CorrectionKind.choices)
    state = models.CharField(
        max_length=10, choices=RunningChangeState.choices, default=RunningChangeState.ASKED
    )
    reason = models.CharField(max_length=500)
    proposal = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    words = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    letter_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """One open question a campaign; nobody confirms what they asked for."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(state="asked"),
                name="correction_asked_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by"))),
                name="correction_needs_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.kind}"

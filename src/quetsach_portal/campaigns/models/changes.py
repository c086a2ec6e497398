"""What becomes of a campaign after its start: paused, ended early, or cancelled, by two people."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign


class RunningChangeKind(models.TextChoices):
    """What is done to a campaign that runs."""

    PAUSE = "pause", _lazy("Pause")
    END = "end", _lazy("End early")
    CANCEL = "cancel", _lazy("Cancel")


class RunningChangeState(models.TextChoices):
    """How far a change is."""

    ASKED = "asked", _lazy("Waits for a second person")
    DONE = "done", _lazy("Done")
    DECLINED = "declined", _lazy("Declined")
    RETRACTED = "retracted", _lazy("Withdrawn")


class RunningChange(models.Model):
    """One change: who asked for it and why, and the second person who decided.

    Shapes: `until` is the first day on which a paused campaign runs again; `resumed_at` is when it
    did, `resumed_by` None where that was by the calendar; `moved_days` is by how many days the
    open deadlines stand later through the pause.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=RunningChangeKind.choices)
    state = models.CharField(
        max_length=10, choices=RunningChangeState.choices, default=RunningChangeState.ASKED
    )
    reason = models.CharField(max_length=500)
    until = models.DateField(null=True)
    moved_days = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        """One open question a campaign; nobody confirms what they asked for."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(state="asked"),
                name="change_asked_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(decided_by=models.F("asked_by")),
                name="change_needs_second_person",
            ),
        ]

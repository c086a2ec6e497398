"""Requests to erase what is kept about a person, each with its answer and its receipt."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class ErasureState(models.TextChoices):
    """How far a request is."""

    ASKED = "asked", _lazy("Waiting for a decision")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")
    REFUSED = "refused", _lazy("Refused")
    GRANTED = "granted", _lazy("Granted; the data is being erased")
    ERASED = "erased", _lazy("Erased")


class ErasureRequest(models.Model):
    """Somebody asks that their personal data be erased; another person decides.

    Shapes: `answer` is what the decider says; `receipt` is that of lifecycle.persons.erasing, empty
    until the data was erased. Neither names anybody.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=ErasureState.choices, default=ErasureState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    erased_at = models.DateTimeField(null=True)
    receipt = models.JSONField(default=dict)

    class Meta:
        """One open request a person; nobody decides their own."""

        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=["asked", "granted"]),
                name="one_open_erasure",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("user")),
                name="erasure_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"

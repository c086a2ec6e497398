"""A piece of background work as a row: asked for in the act's transaction, leased while it runs."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class JobState(models.TextChoices):
    """The state of a job; `failed` waits for a person after its last try."""

    READY = "ready", _lazy("Waiting")
    RUNNING = "running", _lazy("Running now")
    DONE = "done", _lazy("Done")
    FAILED = "failed", _lazy("Failed")
    CANCELLED = "cancelled", _lazy("Called off")


class Job(models.Model):
    """One job.

    Shapes: `kind` names a handler of `jobs.registry`; `key` makes asking twice the same as asking
    once; `progress` is 0 to 1000. A running job whose lease has run out is taken up again.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.READY)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=5)
    run_after = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=64, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    said = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    unit_path = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """The worker asks for the oldest that is ready."""

        indexes = [models.Index(fields=["state", "run_after"])]

"""The outbox: one row for each mail, and the queues in which the mails wait."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class MailPurpose(StrEnum):
    """Why a mail is sent; each purpose has its composer in config/jobs.py."""

    LETTER = "letter"
    FOLLOWUP = "followup"
    INVITATION = "invitation"
    NEW_PASSWORD = "new_password"  # noqa: S105  # names a purpose
    ACCOUNT_NOTICE = "account_notice"
    ALERT = "alert"
    NEWS = "news"


class OutboxState(models.TextChoices):
    """How far a mail is; what is in doubt may have arrived, and is never sent again by itself."""

    QUEUED = "queued", _lazy("Waiting")
    SENDING = "sending", _lazy("Being handed over")
    SENT = "sent", _lazy("Taken by the mail server")
    IN_DOUBT = "in_doubt", _lazy("In doubt")
    FAILED = "failed", _lazy("Failed")


class MailQueue(models.Model):
    """Mails that one job at a time sends, in the order in which they were asked for.

    Shapes: `round` numbers the jobs of the queue, one after the other; `failures` counts the
    rounds in a row that sent nothing; `problem` is why mails wait, in words. `unit_path` and
    `asked_by_id` are those of the jobs.
    Units: `per_second` mails, 0 = as fast as the server takes them.
    """

    name = models.CharField(max_length=60, unique=True)
    is_paused = models.BooleanField(default=False)
    per_second = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    next_try_at = models.DateTimeField(null=True)
    unit_path = models.CharField(max_length=255, blank=True)
    asked_by_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return self.name


def fresh_message_id() -> str:
    """Return 32 random hex digits."""
    return uuid.uuid4().hex


class OutboxMail(models.Model):
    """One mail to one address, without its text: that is composed from `object_id` when it is sent.

    Shapes: `key` makes asking twice the same as asking once. `message_id` is the same in every
    attempt. Before `retry_at` it is not sent. `claim` is the token of the attempt that took the
    row, `claimed_by_job` its job.
    `reply` is the word of the server, or of a person, on it; `address_unknown` says that the server
    knows no such address.
    """

    purpose = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    queue = models.ForeignKey(MailQueue, on_delete=models.PROTECT, related_name="mails")
    key = models.CharField(max_length=160, unique=True)
    to = models.CharField(max_length=254)
    message_id = models.CharField(max_length=32, unique=True, default=fresh_message_id)
    state = models.CharField(max_length=8, choices=OutboxState.choices, default=OutboxState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_by_job = models.BigIntegerField(null=True)
    retry_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=500, blank=True)
    address_unknown = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """Nothing is sent without a claim; a queue asks for what is due, a feature for its mail."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sending") | ~Q(claim=""), name="mail_sent_by_claim"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "state", "retry_at"]),
            models.Index(fields=["purpose", "object_id"]),
        ]

    def __str__(self) -> str:
        return self.key

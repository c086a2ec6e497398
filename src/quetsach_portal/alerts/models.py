"""Alerts about machines and other matters, the mails that tell them, and what units answer."""

import secrets
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import Case, CaseEvent
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit

LINK_DAYS = 14
"""For so long the link of a mail can be answered without an account."""


class AlertKind(models.TextChoices):
    """What happened."""

    NEW = "new", _lazy("New machine")
    RECURRED = "recurred", _lazy("Infected again")
    DEAD_SENSOR = "dead-sensor", _lazy("A log or sensor does not report")
    LOSS = "loss", _lazy("Lines of a log were lost")
    LIST = "list", _lazy("The list of malicious addresses")
    NOTICE = "notice", _lazy("Notice of the authority")


class AlertState(models.TextChoices):
    """How far an alert is; it ends with an answer or with its case."""

    RAISED = "raised", _lazy("Not yet told")
    TOLD = "told", _lazy("Told, not answered")
    ANSWERED = "answered", _lazy("Answered")
    CLOSED = "closed", _lazy("Over")


class AlertLevel(models.IntegerChoices):
    """Who has to see to it."""

    UNIT = 0, _lazy("the unit")
    PARENT = 1, _lazy("the office above")
    LEAD = 2, _lazy("the lead office")


class AlertAnswer(models.TextChoices):
    """What a unit says; none of it closes a case."""

    FOUND = "found", _lazy("We have found the machine")
    CLEANED = "cleaned", _lazy("We have cleaned it")
    NOT_OURS = "not-ours", _lazy("It is not a machine of ours")
    SEEN = "seen", _lazy("We are seeing to it")
    HELP = "help", _lazy("We need help")
    ACTED = "acted", _lazy("Somebody worked on the case")


OPEN_STATES = (AlertState.RAISED, AlertState.TOLD)

WANTS_OFFICE = (AlertAnswer.HELP, AlertAnswer.NOT_OURS)
"""Answers after which the office above has to do something."""


class Alert(models.Model):
    """Something about a case, or about another matter, that a unit has to know now.

    Shapes: `event` is what raised it, once. A matter without case has a `key`, what it is in
    words (`summary`, which never stands in a mail), and the `page` where more is said. `level` is
    who was asked last, `due_at` when the next office is asked unless an answer comes; None at the
    last one.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="alerts")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="alerts")
    event = models.OneToOneField(
        CaseEvent, null=True, on_delete=models.PROTECT, related_name="alert"
    )
    key = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=AlertKind.choices)
    state = models.CharField(max_length=8, choices=AlertState.choices, default=AlertState.RAISED)
    level = models.PositiveSmallIntegerField(choices=AlertLevel.choices, default=AlertLevel.UNIT)
    raised_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=8, choices=AlertAnswer.choices, blank=True)
    remark = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """An answer has its time; open alerts are asked for by unit, and by when they are due."""

        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="alert_answer_has_time",
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=False, event__isnull=False, key="")
                | (Q(case__isnull=True, event__isnull=True) & ~Q(key="")),
                name="alert_has_case_or_key",
            ),
            models.UniqueConstraint(
                fields=["node", "key"],
                condition=~Q(key="") & ~Q(state="closed"),
                name="alert_matter_once",
            ),
        ]
        indexes = [
            models.Index(fields=["node", "state"]),
            models.Index(
                fields=["due_at"], condition=Q(state__in=["raised", "told"]), name="alert_due"
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Return whether it can still be answered."""
        return self.state in OPEN_STATES

    def __str__(self) -> str:
        return f"{self.kind}: {self.case.number if self.case else self.key}"


class AlertMailKind(models.TextChoices):
    """Why a mail about alerts is sent."""

    AT_ONCE = "at-once", _lazy("At once")
    DIGEST = "digest", _lazy("In the morning")
    SILENT = "silent", _lazy("A unit below stays silent")
    HELP = "help", _lazy("A unit below needs the office")


TO_OFFICE = (AlertMailKind.SILENT, AlertMailKind.HELP)
"""Mails to offices above the unit: they open no page without account."""


def fresh_secret() -> str:
    """Return what makes the link of a mail different from all others, 32 hex digits."""
    return secrets.token_hex(16)


def link_end() -> datetime:
    """Return until when the link of a mail made now can be answered."""
    return timezone.now() + timedelta(days=LINK_DAYS)


class AlertMail(models.Model):
    """One mail to one address about alerts of one unit, without its text.

    Shapes: `node` is the unit that the alerts are about, whoever the mail goes to. `state`,
    `problem` and `done_at` are as the outbox has them.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="alert_mails")
    kind = models.CharField(max_length=8, choices=AlertMailKind.choices)
    address = models.EmailField()
    key = models.CharField(max_length=120)
    alerts = models.ManyToManyField(Alert, related_name="mails")
    secret = models.CharField(max_length=32, default=fresh_secret)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=link_end)
    state = models.CharField(max_length=8, default="queued")
    problem = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """The same thing goes to an address once."""

        constraints = [models.UniqueConstraint(fields=["key", "address"], name="alert_mail_once")]
        indexes = [models.Index(fields=["node", "kind", "made_at"])]

    def __str__(self) -> str:
        return self.key


class AlertChannel(models.Model):
    """Where a unit or an office is told beside the mail: a webhook, syslog, a chat.

    Shapes: `secret` is the encrypted address, "" once removed; `kind` is what that begins with.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="alert_channels")
    kind = models.CharField(max_length=12)
    host = models.CharField(max_length=255)
    secret = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        """Channels are asked for by unit."""

        indexes = [models.Index(fields=["unit", "removed_at"])]

    def __str__(self) -> str:
        return f"{CHANNEL_KINDS.get(self.kind, self.kind)}: {self.host}"


CHANNEL_KINDS = {
    "json": _lazy("Webhook without encryption"),
    "jsons": _lazy("Webhook"),
    "hook": _lazy("Signed webhook without encryption"),
    "hooks": _lazy("Signed webhook"),
    "rsyslog": "Syslog",
    "tgram": "Telegram",
    "workflow": "Microsoft Teams",
    "workflows": "Microsoft Teams",
    "slack": "Slack",
    "discord": "Discord",
    "gchat": "Google Chat",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
}


class ChannelMessageState(models.TextChoices):
    """How far a message to a channel is."""

    QUEUED = "queued", _lazy("waiting")
    SENT = "sent", _lazy("delivered")
    FAILED = "failed", _lazy("not delivered")
    NOT_NEEDED = "not-needed", _lazy("no longer needed")


class ChannelMessage(models.Model):
    """One message to one channel; a test has no node."""

    channel = models.ForeignKey(AlertChannel, on_delete=models.PROTECT, related_name="messages")
    node = models.ForeignKey(CampaignNode, null=True, on_delete=models.PROTECT, related_name="+")
    alerts = models.ManyToManyField(Alert, related_name="channel_messages")
    key = models.CharField(max_length=120)
    text = models.CharField(max_length=1000)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(
        max_length=10, choices=ChannelMessageState.choices, default=ChannelMessageState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """The same thing goes to a channel once."""

        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="channel_message_once")
        ]

    def __str__(self) -> str:
        return self.key

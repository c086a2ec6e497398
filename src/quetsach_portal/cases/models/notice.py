"""The notices that an authority sent, and how each of them ended."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.account import User


class BatchState(models.TextChoices):
    """The state of the tracing of a file of notices."""

    WAITING = "waiting", _lazy("Waiting")
    TRACED = "traced", _lazy("Traced")
    FAILED = "failed", _lazy("Failed")


class NoticeOutcome(models.TextChoices):
    """How one notice ended; each item has exactly one of these."""

    DEVICE = "device", _lazy("Machine found")
    CANDIDATES = "candidates", _lazy("Several candidates")
    CANNOT_TELL = "cannot-tell", _lazy("Cannot tell")
    NO_DATA = "no-data", _lazy("No log of that time")
    NOT_OURS = "not-ours", _lazy("Not our address")
    REJECTED = "rejected", _lazy("Not a readable notice")


class NoticeBatch(models.Model):
    """One file that was handed in: the authority's own, or the result of a trace made at home.

    Shapes: `only` are the numbers of the items that are a unit's, where the lead office forwarded
    a part of its file; `accounts` has the ledger of the trace: items and outcomes in all and by
    file, or the term ("due") of a file that is allotted; `missing` the logs that would have told
    more, with how to get them.
    """

    class Source(models.TextChoices):
        """What the file is."""

        NOTICES = "notices", _lazy("File of the authority")
        TRACED = "traced", _lazy("Result of a trace made at home")
        ALLOT = "allot", _lazy("File of the authority for the units below")
        PART = "part", _lazy("Notices forwarded by the lead office")

    HANDED_IN = (Source.NOTICES, Source.TRACED)

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="notice_batches")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source.choices)
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.WAITING)
    problem = models.CharField(max_length=500, blank=True)
    runs = models.PositiveIntegerField(default=1)
    only = models.JSONField(default=list)
    items = models.PositiveIntegerField(default=0)
    accounts = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    evidence = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(default=timezone.now)
    traced_at = models.DateTimeField(null=True)


class NoticeItem(models.Model):
    """One item: what the authority said, and what became of it.

    Shapes: `because` is a sentence in the language of the trace; `missing` are names of logs;
    `rivals` are [device, grade, reasons]; `row` the item as it was written.
    """

    batch = models.ForeignKey(NoticeBatch, on_delete=models.PROTECT, related_name="rows")
    place = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    file = models.CharField(max_length=255, blank=True)
    outcome = models.CharField(max_length=12, choices=NoticeOutcome.choices)
    at = models.DateTimeField(null=True)
    address = models.CharField(max_length=60, blank=True)
    port = models.PositiveIntegerField(null=True)
    remote = models.CharField(max_length=255, blank=True)
    family = models.CharField(max_length=120, blank=True)
    device_key = models.CharField(max_length=255, blank=True)
    grade = models.CharField(max_length=12, blank=True)
    because = models.TextField(blank=True)
    missing = models.JSONField(default=list)
    rivals = models.JSONField(default=list)
    row = models.JSONField(default=list)
    case = models.ForeignKey(
        "cases.Case", null=True, on_delete=models.PROTECT, related_name="notices"
    )

    class Meta:
        """In the order of the answer."""

        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="item_once")]
        indexes = [models.Index(fields=["batch", "outcome"])]

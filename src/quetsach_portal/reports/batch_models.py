"""Many filled workbooks handed in at once, until what they change was looked at and saved."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from quetsach_portal.campaigns.models import Slot


class WorkbookBatch(models.Model):
    """The workbooks that somebody handed in for their unit and those below; the newest alone.

    `slot` is the report of the unit itself. It is forgotten after some days, saved or not.
    """

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        """One a person and report: another upload takes its place."""

        constraints = [models.UniqueConstraint(fields=["slot", "by"], name="batch_once")]


class BatchFile(models.Model):
    """One file of a batch.

    Shapes: `raw` are its bytes until it is read; `opened` what the engine then read, as its text;
    `refused` why it is no workbook of ours.
    """

    batch = models.ForeignKey(WorkbookBatch, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    raw = models.BinaryField(null=True)
    opened = models.TextField(blank=True)
    refused = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True)

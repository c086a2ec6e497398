"""Letters that ask who held public addresses, and what the logs say of each address."""

from django.db import models
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.notice import BatchState
from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.account import User


class AddressRequest(models.Model):
    """A letter that asks a unit who held its public addresses.

    Shapes: `zone` is the time zone that a person declared for times without one, or ""; `answer`
    is what `answer_holders` says of the letter as a whole: who asks, on what basis, until when.
    """

    node = models.ForeignKey(
        CampaignNode, on_delete=models.PROTECT, related_name="address_requests"
    )
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=BatchState.choices, default=BatchState.WAITING)
    problem = models.CharField(max_length=500, blank=True)
    runs = models.PositiveIntegerField(default=1)
    zone = models.CharField(max_length=64, blank=True)
    answer = models.JSONField(default=dict)
    evidence = models.PositiveIntegerField(default=0)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(default=timezone.now)
    traced_at = models.DateTimeField(null=True)

    class Meta:
        """A letter is handed in once for a unit; it may be traced again."""

        indexes = [models.Index(fields=["node", "handed_in_at"])]

    def __str__(self) -> str:
        return self.stored.name


class AskedAddress(models.Model):
    """One row of a request.

    Shapes: `outcome` is one of NoticeOutcome, or "unclear-request" where the letter leaves
    something open; `row` is the row of the answer as `answer_holders` gives it.
    """

    request = models.ForeignKey(AddressRequest, on_delete=models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    address = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=16)
    row = models.JSONField(default=dict)

    class Meta:
        """Each row once, in the order of the letter."""

        constraints = [models.UniqueConstraint(fields=["request", "number"], name="asked_row_once")]

    def __str__(self) -> str:
        return f"{self.request_id}.{self.number}"

"""Whose public address is whose, the notices that were allotted by it, and the answers."""

import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases.models.case import Case
from quetsach_portal.cases.models.notice import NoticeBatch
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit


class PublicRange(models.Model):
    """A range of public addresses of one unit, for a time, in the table of one lead office.

    Shapes: `unit` is None where the range is known to be of none of ours; one of `cidr` and `asn`
    is set. `since` and `until` are the first and the last day, both included, None where open. It
    counts from the day on which a second person approved it until it is `withdrawn`.
    """

    office = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="kept_ranges")
    unit = models.ForeignKey(OrgUnit, null=True, on_delete=models.PROTECT, related_name="ranges")
    cidr = models.CharField(max_length=50, blank=True)
    asn = models.BigIntegerField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    shared = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Two persons stand behind what decides who is asked."""

        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("added_by")),
                name="range_needs_second_person",
            ),
            models.CheckConstraint(
                condition=(Q(asn__isnull=True) & ~Q(cidr="")) | Q(asn__isnull=False, cidr=""),
                name="range_is_network_or_system",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="range_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["office", "withdrawn_at"])]

    def __str__(self) -> str:
        return self.cidr or f"AS{self.asn}"


class PrefixFile(models.Model):
    """What autonomous systems announced on a day, as far as the office's table names them.

    Shapes: `prefixes` is {number of the system: [network, ...]}. It counts once a second person
    has approved it, in place of the file of that day that counted before.
    """

    office = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    prefixes = models.JSONField(default=dict)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        """One a day counts, and one may wait."""

        constraints = [
            models.UniqueConstraint(
                fields=["office", "as_of"],
                condition=Q(approved_at__isnull=False),
                name="prefix_file_once",
            ),
            models.UniqueConstraint(
                fields=["office", "as_of"],
                condition=Q(approved_at__isnull=True),
                name="prefix_file_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("added_by")),
                name="prefix_file_needs_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AllottedState(models.TextChoices):
    """What the lead office can answer the authority about a notice."""

    OPEN = "open", _lazy("Waiting for the unit")
    FOUND = "found", _lazy("Machine found")
    CANNOT_TELL = "cannot-tell", _lazy("Cannot be determined")
    NOT_OURS = "not-ours", _lazy("Not our address")
    UNDECIDED = "undecided", _lazy("To be decided by the lead office")
    REJECTED = "rejected", _lazy("Not a readable notice")


class AllottedNotice(models.Model):
    """One item of the lead office's file, and to whom it went.

    Shapes: `outcome` is what the ranges said ("allotted", "shared", "nobodys", "not-ours",
    "rejected"), `why` in words why it went to nobody; `decided_by` is who decided where the ranges
    did not.
    """

    batch = models.ForeignKey(NoticeBatch, on_delete=models.PROTECT, related_name="allotted")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(null=True)
    days = models.JSONField(default=list)
    address = models.CharField(max_length=60, blank=True)
    port = models.PositiveIntegerField(null=True)
    remote = models.CharField(max_length=255, blank=True)
    family = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10)
    why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=AllottedState.choices)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Each item once."""

        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="allotted_once")]
        indexes = [models.Index(fields=["batch", "state"])]

    def __str__(self) -> str:
        return f"{self.batch_id}.{self.number}"


def fresh_secret() -> str:
    """Return what makes the link of a forwarding different from all others, 32 hex digits."""
    return secrets.token_hex(16)


class Forwarding(models.Model):
    """The notices of one file that one unit is asked about, with its deadline.

    Shapes: `part` is the unit's own batch, which is traced in its evidence and that of the offices
    above; `climbed` says how many offices were told that it is late.
    """

    batch = models.ForeignKey(NoticeBatch, on_delete=models.PROTECT, related_name="forwardings")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="forwardings")
    part = models.OneToOneField(NoticeBatch, on_delete=models.PROTECT, related_name="forwarded")
    secret = models.CharField(max_length=32, default=fresh_secret)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    climbed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A unit is asked once a file; what is decided later is added."""

        constraints = [models.UniqueConstraint(fields=["batch", "node"], name="forwarded_once")]
        indexes = [models.Index(fields=["due_at"])]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.node}"


class UnitAnswer(models.TextChoices):
    """What a unit says about a notice."""

    FOUND = "found", _lazy("We have found the machine")
    NOT_OURS = "not-ours", _lazy("It is not our address")
    CANNOT_TELL = "cannot-tell", _lazy("We cannot tell")
    TAKEN = "taken", _lazy("Another unit has found it")


class NoticeQuestion(models.Model):
    """One notice that one unit is asked about.

    Shapes: `by_trace` says that its logs named the machine; with an answer by the link of a mail
    `answered_by` is None. `looked_at` is what was looked at, in the unit's words.
    """

    notice = models.ForeignKey(AllottedNotice, on_delete=models.PROTECT, related_name="questions")
    forwarding = models.ForeignKey(Forwarding, on_delete=models.PROTECT, related_name="questions")
    answer = models.CharField(max_length=12, choices=UnitAnswer.choices, blank=True)
    looked_at = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    by_trace = models.BooleanField(default=False)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """A unit is asked about a notice once; an answer has its time."""

        constraints = [
            models.UniqueConstraint(fields=["notice", "forwarding"], name="asked_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="unit_answer_has_time",
            ),
        ]
        indexes = [models.Index(fields=["forwarding", "answer"])]

    def __str__(self) -> str:
        return f"{self.notice} → {self.forwarding.node}"

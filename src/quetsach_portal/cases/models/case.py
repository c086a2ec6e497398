"""Devices, their contacts, the cases about them, and what people did."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.account import User


class CaseState(models.TextChoices):
    """The state of a device according to the evidence; nobody can choose it."""

    INFECTED = "infected", _lazy("Infected")
    RECURRED = "recurred", _lazy("Infected again")
    HANDLED = "handled", _lazy("Handled, being watched")
    QUIET = "quiet-not-proven", _lazy("Quiet, not proven")
    CANNOT_TELL = "cannot-tell", _lazy("Cannot tell")
    VERIFIED = "verified-clean", _lazy("Verified clean")


class CaseOutcome(models.TextChoices):
    """How a case ended; an open one has none."""

    OPEN = "", _lazy("Open")
    VERIFIED = "verified-clean", _lazy("Verified clean")
    ACCEPTED_RISK = "accepted-risk", _lazy("Risk accepted")
    FALSE_ALARM = "false-alarm", _lazy("False alarm")
    MERGED = "merged", _lazy("Part of another case")
    WITHDRAWN = "withdrawn", _lazy("List or evidence withdrawn")


class CaseRule(models.Model):
    """What a campaign asks for: when a case is due, and what proves a device clean. In days."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="case_rule")
    due_days = models.PositiveSmallIntegerField(default=7)
    covered_days = models.PositiveSmallIntegerField(default=7)
    alive_days = models.PositiveSmallIntegerField(default=3)


class Device(models.Model):
    """A machine of a node.

    Shapes: `key` is what the engine calls it, or "KEY#2" for one that was split from KEY;
    `engine_key` what it looks for in the logs; `label` is the unit's own word. A device that is
    the same machine as another points at it with `merged_into`, which itself points nowhere.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="devices")
    key = models.CharField(max_length=255)
    engine_key = models.CharField(max_length=255)
    label = models.CharField(max_length=120, blank=True)
    host_name = models.CharField(max_length=255, blank=True)
    mac = models.CharField(max_length=40, blank=True)
    addresses = models.JSONField(default=list)
    grade = models.CharField(max_length=12, default="unknown")
    rivals = models.JSONField(default=list)
    place = models.CharField(max_length=255, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged"
    )
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="split_off"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One a node and key; none is merged into itself."""

        constraints = [
            models.UniqueConstraint(fields=["node", "key"], name="device_once"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="device_not_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.host_name or self.key


class Case(models.Model):
    """The work on one device until it is proven clean.

    Shapes: `state` and all down to `recheck` are what the engine judged on `judged_on`; `said` has
    {"vi": {"because": "...", "missing": [...]}, "en": ...}. `version` grows with each change, so
    that two people who act at once do not undo each other. `held` is set by a verifier who
    reopened it, until the device is handled again.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="cases")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(
        max_length=20, choices=CaseState.choices, default=CaseState.INFECTED, db_index=True
    )
    said = models.JSONField(default=dict)
    since_day = models.CharField(max_length=10, blank=True)
    covered_days = models.PositiveIntegerField(default=0)
    alive_days = models.PositiveIntegerField(default=0)
    recurrences = models.PositiveIntegerField(default=0)
    recheck = models.JSONField(default=list)
    judged_on = models.DateField(null=True)
    outcome = models.CharField(max_length=16, choices=CaseOutcome.choices, blank=True, default="")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    technician = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="cases")
    isolated_at = models.DateTimeField(null=True)
    owner_says = models.CharField(max_length=10, blank=True)
    owner_said_at = models.DateTimeField(null=True)
    verifier_says = models.CharField(max_length=10, blank=True)
    verifier_said_at = models.DateTimeField(null=True)
    held = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One open case a device; a closed one has an outcome, an open one none."""

        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(closed_at__isnull=True), name="one_open_case"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="no_end_without_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["node", "closed_at", "state"]),
            models.Index(fields=["technician", "closed_at"]),
        ]

    @property
    def number(self) -> str:
        """The public number of the case; it reveals nothing about the device."""
        return f"VV-{self.pk:06d}"


class FalseAlarm(models.Model):
    """A statement that an indicator is harmless here: for a device, a unit, the campaign.

    Shapes: `key` is the indicator's, `tlp` its marking; what is wider than the device waits for
    the lead office.
    """

    class Reach(models.TextChoices):
        """How far it reaches."""

        DEVICE = "device", _lazy("This device only")
        UNIT = "unit", _lazy("This indicator, for the whole unit")
        CAMPAIGN = "campaign", _lazy("This indicator, for the whole campaign")

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", _lazy("Proposed")
        APPROVED = "approved", _lazy("Approved")
        REFUSED = "refused", _lazy("Refused")
        WITHDRAWN = "withdrawn", _lazy("Taken back")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="false_alarms")
    key = models.CharField(max_length=255)
    shown = models.CharField(max_length=255)
    tlp = models.CharField(max_length=12, blank=True)
    scope = models.CharField(max_length=10, choices=Reach.choices)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    holds_until = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        """One open proposal a case and indicator."""

        constraints = [
            models.UniqueConstraint(
                fields=["case", "key"],
                condition=Q(state__in=["proposed", "approved"]),
                name="one_false_alarm_at_a_time",
            )
        ]


class Finding(models.Model):
    """An indicator that a device contacted: counts and times over all findings.

    Shapes: `origin` is the device that the engine names, `device` the one it belongs to after a
    split; `set_aside` is the false alarm that took it out of the judgement; `withdrawn` says that
    the campaign's list has taken the indicator back since, or without contacts, that all evidence
    of it was. `tlp` to `window` are
    what its lists say: the strictest marking, the confidence as stated and what was left of it at
    the contact (0 to 100), the sides of its validity on which contacts were ("before", "after").
    """

    origin = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="findings_as_named")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="findings")
    key = models.CharField(max_length=255)
    shown = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=120, blank=True)
    listed_in = models.CharField(max_length=255, blank=True)
    row = models.PositiveIntegerField(null=True)
    tlp = models.CharField(max_length=12, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True)
    confidence_then = models.PositiveSmallIntegerField(null=True)
    family = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=20, blank=True)
    window = models.JSONField(default=list)
    sightings = models.PositiveIntegerField(default=0)
    best_grade = models.CharField(max_length=12, default="asked")
    first_seen = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    set_aside = models.ForeignKey(
        FalseAlarm, null=True, on_delete=models.PROTECT, related_name="findings"
    )
    withdrawn = models.BooleanField(default=False)

    class Meta:
        """One a device and indicator."""

        constraints = [models.UniqueConstraint(fields=["origin", "key"], name="finding_once")]
        indexes = [models.Index(fields=["key"])]

    @property
    def counts(self) -> bool:
        """Whether it is in the judgement: no false alarm, and still on the list."""
        return self.set_aside_id is None and not self.withdrawn


class Sighting(models.Model):
    """A sample behind a finding, with the raw line that the unit's own people see.

    Shapes: `steps` is the way from the address to the device; `raw` is cut at 4,096 bytes.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="samples")
    number = models.CharField(max_length=32)
    at = models.DateTimeField(null=True)
    grade = models.CharField(max_length=12)
    dataset = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=60, blank=True)
    field = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    way = models.CharField(max_length=80, blank=True)
    file = models.CharField(max_length=500, blank=True)
    offset = models.BigIntegerField(null=True)
    raw = models.TextField(blank=True)
    steps = models.JSONField(default=list)

    class Meta:
        """One a finding and number."""

        constraints = [models.UniqueConstraint(fields=["finding", "number"], name="sample_once")]


class CaseContact(models.Model):
    """What of the sightings counts for the judgement: the first and last of an hour and kind.

    Units: `when_us` in us since 1970, UTC, 0 where `day` is "" and no time was told.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="contacts")
    when_us = models.BigIntegerField()
    day = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=60)
    unit = models.CharField(max_length=255, blank=True)
    number = models.CharField(max_length=32, blank=True)
    sure = models.BooleanField(default=True)
    by_notice = models.BooleanField(default=False)


class HandlingKind(models.TextChoices):
    """What people do about a device."""

    ISOLATED = "isolated", _lazy("Disconnected from the network")
    SCANNED = "scanned", _lazy("Scanned")
    CLEANED = "cleaned", _lazy("Malware removed")
    REINSTALLED = "reinstalled", _lazy("Re-installed")
    REPLACED = "replaced", _lazy("Replaced by another machine")
    ACCEPTED_RISK = "accepted-risk", _lazy("Risk accepted for a time")
    RESTORED = "restored", _lazy("Updated, passwords changed, reconnected")


class DeviceScanResult(models.TextChoices):
    """What a scan said."""

    CLEAN = "clean", _lazy("Nothing was found")
    REMOVED = "removed", _lazy("Malware was found and removed")
    FOUND = "found", _lazy("Malware was found and is still there")


class Handling(models.Model):
    """Something that was done to a device; `at` is when, `told_at` when it was written down.

    Shapes: `token` is of the form that recorded it, so that sending it twice records it once;
    `proof` is the file that came with it, None without one, or once it is forgotten.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handlings")
    kind = models.CharField(max_length=16, choices=HandlingKind.choices)
    at = models.DateTimeField()
    tool = models.CharField(max_length=120, blank=True)
    result = models.CharField(max_length=10, choices=DeviceScanResult.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    review_on = models.DateField(null=True)
    proof = models.ForeignKey("CaseFile", null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)

    class Meta:
        """One form records one handling."""

        constraints = [
            models.UniqueConstraint(fields=["case", "token"], name="handling_recorded_once")
        ]


class CaseFile(models.Model):
    """A file that supports what is said in a case; `token` is of the form that brought it.

    Several cases of a unit may show one stored file: it is kept once, and goes with the last.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    token = models.UUIDField(null=True)

    class Meta:
        """One form brings one file, which a case shows once."""

        constraints = [
            models.UniqueConstraint(fields=["case", "token"], name="case_file_brought_once"),
            models.UniqueConstraint(fields=["case", "stored"], name="case_file_once"),
        ]


class CaseEvent(models.Model):
    """What happened to a case; rows are only ever added, the database refuses to change one.

    Shapes: `kind` is "opened", "handled" and the like (history.py); `detail` has what it needs to
    be told in any language; `note` is what a person wrote.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        """Read by case, in order."""

        indexes = [models.Index(fields=["case", "at"])]

"""What a unit handed in, what came out of it, and what it knows of its own network."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.models import StoredFile
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit


class SubmissionKind(models.TextChoices):
    """What is handed in."""

    LOGS = "logs", _lazy("Logs of the network")
    COLLECTOR = "collector", _lazy("What the collector packed on a PC")
    FINDINGS = "findings", _lazy("A findings folder made at home")


class SubmissionState(models.TextChoices):
    """The state of a submission; the last five are final."""

    RECEIVING = "receiving", _lazy("Being uploaded")
    CHECKING = "checking", _lazy("Files are being checked")
    QUEUED = "queued", _lazy("Waiting")
    SWEEPING = "sweeping", _lazy("Being looked through")
    DONE = "done", _lazy("Finished")
    FAILED = "failed", _lazy("Could not be looked through")
    REFUSED = "refused", _lazy("Not taken")
    QUARANTINED = "quarantined", _lazy("In quarantine")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn by the unit")


ENDED = frozenset(
    {
        SubmissionState.DONE,
        SubmissionState.FAILED,
        SubmissionState.REFUSED,
        SubmissionState.QUARANTINED,
        SubmissionState.WITHDRAWN,
    }
)


class Trust(models.TextChoices):
    """What proves the origin of findings; those made by the portal need no proof."""

    OWN = "own", _lazy("Made here")
    SIGNED = "signed", _lazy("Signed by the unit’s key")
    UNKNOWN_KEY = "unknown-key", _lazy("Signed by a key that is not registered")
    UNSIGNED = "unsigned", _lazy("Unsigned, not checked")


class Submission(models.Model):
    """Something handed in for a node.

    Shapes: `token` makes sending a form twice the same as once; `findings` is the folder's name
    below the portal's home, "" while there is none; `prints` is that of its fingerprints, "" where
    there are none or no longer; `summary` is `outcome.Outcome` as JSON;
    `told` is {"code", "where", "facts"} of what ended it badly. The figures are those of
    `summary` that lists and the units above show; `manifest_digest` names the findings; `declared`
    is what the unit declared of its log sources when it was swept, `boundary.SourceDeclared`;
    `streams_kept` and `looks_kept` say that its parts of streams, and its looks, are recorded.
    `withdrawal_asked_by` is who asked a second person to withdraw it, for `withdrawn_reason`.
    """

    token = models.UUIDField(unique=True)
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="submissions")
    kind = models.CharField(max_length=10, choices=SubmissionKind.choices)
    state = models.CharField(
        max_length=12, choices=SubmissionState.choices, default=SubmissionState.QUEUED
    )
    note = models.CharField(max_length=500, blank=True)
    files = models.ManyToManyField(StoredFile, related_name="submissions")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    runs = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=dict)
    findings = models.CharField(max_length=120, blank=True)
    prints = models.CharField(max_length=120, blank=True)
    manifest_digest = models.CharField(max_length=80, blank=True)
    release_sha256 = models.CharField(max_length=64, blank=True)
    declared = models.JSONField(default=list)
    is_campaigns_list = models.BooleanField(default=True)
    trust = models.CharField(max_length=12, choices=Trust.choices, default=Trust.OWN)
    summary = models.JSONField(default=dict)
    streams_kept = models.BooleanField(default=False)
    looks_kept = models.BooleanField(default=False)
    lines = models.BigIntegerField(default=0)
    sources = models.IntegerField(default=0)
    sightings = models.BigIntegerField(default=0)
    devices = models.IntegerField(default=0)
    problems = models.IntegerField(default=0)
    days = models.IntegerField(default=0)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    raw_destroyed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    withdrawal_asked_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_asked_at = models.DateTimeField(null=True)

    class Meta:
        """Asked for by node, newest first; nobody confirms the withdrawal they asked for."""

        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawal_asked_by__isnull=True)
                | ~Q(withdrawn_by=models.F("withdrawal_asked_by")),
                name="withdrawal_needs_second_person",
            )
        ]
        indexes = [
            models.Index(fields=["node", "-id"]),
            models.Index(
                fields=["finished_at"],
                condition=Q(raw_destroyed_at__isnull=True),
                name="raw_files_still_here",
            ),
        ]


class TableKind(models.TextChoices):
    """What a unit knows of its own network."""

    INVENTORY = "inventory", _lazy("List of machines")
    PLAN = "plan", _lazy("Network plan")
    LEASES = "leases", _lazy("Records of address leases (DHCP)")
    NAT = "nat", _lazy("Records of address translation (NAT)")


class OwnTable(models.Model):
    """A table of a unit, used in its sweeps from `added_at` until `ended_at`.

    `as_of` is the day whose state it shows. Of machines and networks the newest counts, of leases
    and translations all that have not ended.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="own_tables")
    kind = models.CharField(max_length=10, choices=TableKind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Asked for by unit."""

        indexes = [models.Index(fields=["unit", "kind", "ended_at"])]


class LogSource(models.Model):
    """What a unit declares of one source of logs, used in its sweeps until `ended_at`.

    A change ends the row with its reason, and `follows` leads from the new row to it: what held on
    a day stays to be read. Shapes: `pattern` has one pattern of paths a line; `zone` is an IANA
    name, "UTC" or "+07:00", "" where it is not declared; `taken` a day in ISO 8601 or ""; `inside`
    networks as text. Units: `clock_offset` in seconds that the clock is ahead of the true time.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="log_sources")
    name = models.CharField(max_length=120)
    pattern = models.CharField(max_length=500)
    zone = models.CharField(max_length=60, blank=True)
    clock_offset = models.FloatField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    taken = models.CharField(max_length=10, blank=True)
    inside = models.JSONField(default=list)
    follows = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """Asked for by unit; an end has its person."""

        indexes = [models.Index(fields=["unit", "ended_at"], name="log_source_in_use")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="log_source_ended_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitKey(models.Model):
    """A public key by which a unit signs findings that it made at home; ended, never deleted."""

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="finding_keys")
    key_id = models.CharField(max_length=16)
    owner = models.CharField(max_length=200, blank=True)
    pem = models.TextField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A key holds once a unit."""

        constraints = [
            models.UniqueConstraint(
                fields=["unit", "key_id"], condition=Q(ended_at__isnull=True), name="unit_key_once"
            )
        ]


class IntakeRules(models.Model):
    """What the lead office decided on evidence in a campaign."""

    campaign = models.OneToOneField(
        Campaign, primary_key=True, on_delete=models.CASCADE, related_name="intake_rules"
    )
    unsigned_allowed = models.BooleanField(default=True)
    unsigned_proves = models.BooleanField(default=False)
    keep_raw_days = models.PositiveSmallIntegerField(default=30)


class SourceDay(models.Model):
    """A day of an examined file: it makes the same log, handed in twice, count once.

    Shapes: `source_digest` is the chain of its text, in rows of earlier versions its BLAKE3 or
    SHA-256, in hex. `lines` are all lines of that day in it, None in rows of earlier versions.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="source_days")
    source_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    day = models.DateField()
    lines = models.BigIntegerField(null=True)

    class Meta:
        """Once."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "source_digest", "kind", "day"], name="source_day_once"
            )
        ]


class CoverageDay(models.Model):
    """The evidence examined of a node on a local day, by kind.

    `alive` is the largest number of inside addresses that one source saw speak on that day.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="coverage_days")
    day = models.DateField()
    kind = models.CharField(max_length=40)
    lines = models.BigIntegerField(default=0)
    alive = models.IntegerField(default=0)

    class Meta:
        """One a node, day and kind."""

        constraints = [
            models.UniqueConstraint(fields=["node", "day", "kind"], name="coverage_day_once")
        ]


class UnitStream(models.Model):
    """One log of a node over all its submissions, however it grew, was packed or renamed.

    Shapes: `head` is the digest of its first line, `chain` the end of the chain of its text, as it
    was last (decision 15). `lines` and `sightings` count each once. Units: `length` in bytes.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="streams")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    head = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    length = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    lines = models.BigIntegerField(default=0)
    sightings = models.BigIntegerField(default=0)

    class Meta:
        """Found by the first line, or by the name."""

        indexes = [
            models.Index(fields=["node", "head"], name="stream_by_head"),
            models.Index(fields=["node", "kind", "name"], name="stream_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PartChange(models.TextChoices):
    """What a log is, compared with what was handed in of it before; as quetsach.api.ledger."""

    SAME = "same", _lazy("the same as before")
    GROWN = "grown", _lazy("has grown")
    SHORTER = "shorter", _lazy("shorter, all of it known")
    NEW = "new", _lazy("new")
    DIVERGED = "diverged", _lazy("edited or damaged since")


class StreamPart(models.Model):
    """What a submission brought of a stream: bytes [`start`, `to`) of its text were new.

    Shapes: `chain` and `digest` are of the whole log as it was handed in; `numbers` are those of
    the sightings that were new, eight bytes each; `list_version` is what was looked for.
    """

    stream = models.ForeignKey(UnitStream, on_delete=models.CASCADE, related_name="parts")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="parts")
    path = models.CharField(max_length=300)
    change = models.CharField(max_length=8, choices=PartChange.choices)
    is_proved = models.BooleanField(default=True)
    start = models.BigIntegerField(default=0)
    to = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64, db_index=True)
    lines = models.BigIntegerField(default=0)
    new_lines = models.BigIntegerField(default=0)
    sightings = models.BigIntegerField(default=0)
    new_sightings = models.BigIntegerField(default=0)
    numbers = models.BinaryField(default=bytes)
    list_version = models.CharField(max_length=150)

    @property
    def known_sightings(self) -> int:
        """How many of its sightings were known before."""
        return self.sightings - self.new_sightings

"""The campaign: its phases, its frozen tree, the reports it expects, and figures by counters."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import PublicPage as PublicPage
from quetsach_portal.campaigns.tree.waiting import WaitingChange as WaitingChange
from quetsach_portal.files.models import StoredFile
from quetsach_portal.units.models import OrgUnit


class CampaignState(models.TextChoices):
    """A campaign's life; only these moves, in this order; one that runs may be cancelled."""

    DRAFT = "draft", _lazy("In preparation")
    READY = "ready", _lazy("Ready")
    LIVE = "live", _lazy("Running")
    CLOSING = "closing", _lazy("Closing")
    CLOSED = "closed", _lazy("Closed")
    CANCELLED = "cancelled", _lazy("Cancelled")
    ARCHIVED = "archived", _lazy("Archived")


class Campaign(models.Model):
    """A campaign, run by `lead_unit`.

    Shapes: `tasks` are the letter's points as text; `letter` is what `letter read` gave, reviewed.
    `release_file` is the indicator release, `release_path` where its bytes lie, `release_sha256`
    the digest of its content in hex, `release_facts` its count and words, and `release_lists` the
    lists that it was last made of. `form_code` is the appendix. `lines` are those the tree was
    copied from, the first going before the others; `tree_choice` is what a person chose beside them
    (`tree.choosing.TreeChoice.as_json`). `paused_until` is the first
    day on which a paused campaign runs again. `changed_at` is of what is prepared.
    """

    title = models.CharField(max_length=255)
    lead_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="campaigns")
    legal_basis = models.TextField(blank=True)
    goal = models.TextField(blank=True)
    tasks = models.JSONField(default=list)
    letter = models.JSONField(default=dict)
    page_url = models.URLField(blank=True)
    form_code = models.CharField(max_length=60, default="phu-luc-2022")
    form_version = models.CharField(max_length=20, default="1")
    form_definition = models.TextField(blank=True)
    letter_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    release_file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    release_lists = models.ManyToManyField(StoredFile, related_name="+")
    release_path = models.CharField(max_length=255, blank=True)
    release_sha256 = models.CharField(max_length=64, blank=True)
    release_facts = models.JSONField(default=dict)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    paused_until = models.DateField(null=True)
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    lines = models.JSONField(default=list)
    tree_choice = models.JSONField(default=dict)
    frozen_on = models.DateField(null=True)
    tree_rev = models.PositiveIntegerField(default=0)
    silent_days = models.PositiveSmallIntegerField(default=3)
    start_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    start_asked_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    archive_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The person who requested the start cannot confirm it."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(started_by__isnull=True)
                | ~models.Q(started_by=models.F("start_asked_by")),
                name="start_needs_second_person",
            )
        ]

    def __str__(self) -> str:
        return self.title


USUAL_CARRY = Decimal(1)
"""Default percentage of a figure below which a change may wait."""

USUAL_LOOK_BACK_DAYS = 14
"""Of so many days logs of the network are wanted, unless the lead office decides otherwise."""


class Phase(models.Model):
    """One round with its deadline.

    Shapes: `due_at` is exclusive: what comes at that instant is late. `level_lead_days` has, per
    depth below the root (as text), how many days earlier that level is due, counted in working
    days (Monday to Friday) with `working_days`. `counted_until` is the day as of which figures are
    given, None where each unit says it. A change from below that is no more than `carry_percent`
    of each figure may wait for the next supplement. Logs of the network are wanted of the last
    `looks_back_days` days.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="phases")
    no = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, blank=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    locks_at = models.DateTimeField(null=True)
    level_lead_days = models.JSONField(default=dict)
    working_days = models.BooleanField(default=True)
    counted_until = models.DateField(null=True)
    carry_percent = models.DecimalField(max_digits=4, decimal_places=1, default=USUAL_CARRY)
    looks_back_days = models.PositiveSmallIntegerField(default=USUAL_LOOK_BACK_DAYS)

    class Meta:
        """Counted from 1."""

        constraints = [models.UniqueConstraint(fields=["campaign", "no"], name="phase_number_once")]


class NodeState(models.TextChoices):
    """What became of a node after the tree was frozen."""

    ACTIVE = "active", _lazy("Active")
    MERGED = "merged", _lazy("Merged")
    SPLIT = "split", _lazy("Split")
    MOVED = "moved", _lazy("Moved")
    EXCUSED = "excused", _lazy("Excused")
    CLOSED = "closed", _lazy("Dissolved")


COUNTED = (NodeState.ACTIVE.value, NodeState.MOVED.value)
"""A node in another state is in no figure of units: what replaced it is."""


class CampaignNode(models.Model):
    """A unit in the frozen tree of a campaign; all figures belong to nodes.

    Shapes: `path` is "/1/34/" by node ids; `depth` of the root is 0. The `..._at` are the first
    time of each step of the ladder that is no report's.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="nodes")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=255, db_index=True)
    depth = models.PositiveSmallIntegerField(default=0)
    name_at_freeze = models.CharField(max_length=255)
    staff = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=NodeState.choices, default=NodeState.ACTIVE)
    replaced_by = models.ManyToManyField("self", symmetrical=False, related_name="replaces")
    from_event = models.BigIntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    deployed_at = models.DateTimeField(null=True)

    class Meta:
        """A unit is in a campaign once, whatever its lines."""

        constraints = [models.UniqueConstraint(fields=["campaign", "unit"], name="node_once")]
        # Who is counted is told by these alone, without the row.
        indexes = [models.Index(fields=["campaign", "unit", "state"], name="node_counted")]

    def __str__(self) -> str:
        return self.name_at_freeze


class ExpectedReportState(models.TextChoices):
    """The state of an expected report."""

    OPEN = "open", _lazy("Open")
    DRAFT = "draft", _lazy("Draft")
    SUBMITTED = "submitted", _lazy("Submitted")
    RETURNED = "returned", _lazy("Returned")
    ACCEPTED = "accepted", _lazy("Accepted")
    SIGNED = "signed", _lazy("Signed")
    FORWARDED = "forwarded", _lazy("Forwarded")
    EXCUSED = "excused", _lazy("Excused")


class ExpectedReport(models.Model):
    """An expected report of a node in a phase: the denominator of every rate."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="slots")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="slots")
    state = models.CharField(
        max_length=10, choices=ExpectedReportState.choices, default=ExpectedReportState.OPEN
    )
    excuse_reason = models.CharField(max_length=255, blank=True)
    due_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    is_nil = models.BooleanField(default=False)

    class Meta:
        """One per node and phase."""

        constraints = [models.UniqueConstraint(fields=["phase", "node"], name="slot_once")]
        indexes = [models.Index(fields=["node", "phase"])]

    @property
    def is_on_time(self) -> bool:
        """True when the report came in before its deadline, which is itself too late."""
        return self.reported_at is not None and self.reported_at < self.due_at


class NodeCounter(models.Model):
    """Counters of a node's subtree, itself included; pages read these and walk no tree.

    Units of which all or a part was looked at, their machines and those looked at whole and in
    part, units whose number of machines is known, and units with logs of each day wanted, are
    those of `looks.counting`.
    """

    node = models.OneToOneField(
        CampaignNode, primary_key=True, on_delete=models.CASCADE, related_name="tally"
    )
    units = models.IntegerField(default=0)
    told = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    deployed = models.IntegerField(default=0)
    staff = models.IntegerField(default=0)
    joined_staff = models.IntegerField(default=0)
    joined_relatives = models.IntegerField(default=0)
    joined_public = models.IntegerField(default=0)
    cases_open = models.IntegerField(default=0)
    cases_verified = models.IntegerField(default=0)
    cases_recurred = models.IntegerField(default=0)
    cases_other = models.IntegerField(default=0)
    looked_full = models.IntegerField(default=0)
    looked_part = models.IntegerField(default=0)
    machines = models.IntegerField(default=0)
    machines_seen = models.IntegerField(default=0)
    machines_part = models.IntegerField(default=0)
    machines_sized = models.IntegerField(default=0)
    logs_full = models.IntegerField(default=0)


class ReportCounter(models.Model):
    """Counters of the expected reports in a node's subtree, itself included, for one phase."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="slot_tallies")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="tallies")
    expected = models.IntegerField(default=0)
    excused = models.IntegerField(default=0)
    reported = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    nil = models.IntegerField(default=0)
    signed = models.IntegerField(default=0)

    class Meta:
        """One per node and phase."""

        constraints = [models.UniqueConstraint(fields=["node", "phase"], name="slot_tally_once")]


class ReportCounterDay(models.Model):
    """The fields of ReportCounter at the end of `day`; past days are never changed.

    Shapes: a row for each day on which something changed, and one for the day of the freeze.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    expected = models.IntegerField(default=0)
    excused = models.IntegerField(default=0)
    reported = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    nil = models.IntegerField(default=0)
    signed = models.IntegerField(default=0)

    class Meta:
        """One per node, phase and day."""

        constraints = [
            models.UniqueConstraint(fields=["node", "phase", "day"], name="slot_tally_day_once")
        ]


class ReadingState(models.TextChoices):
    """The state of the reading of a letter."""

    WAITING = "waiting", _lazy("Being read")
    READ = "read", _lazy("Read, to be reviewed")
    FAILED = "failed", _lazy("Could not be read")
    USED = "used", _lazy("A campaign was made of it")


class LetterReading(models.Model):
    """An uploaded letter from which a campaign is created.

    Shapes: `result` is what the engine read, field by field, each with its words and place.
    """

    lead_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=8, choices=ReadingState.choices, default=ReadingState.WAITING
    )
    result = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    campaign = models.OneToOneField(
        Campaign, null=True, on_delete=models.PROTECT, related_name="reading"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)


class MaterialKind(models.TextChoices):
    """The kind of a material."""

    POSTER = "poster", _lazy("Poster")
    LEAFLET = "leaflet", _lazy("Leaflet")
    GUIDE = "guide", _lazy("Guide")
    CHAT_TEXT = "chat_text", _lazy("Text for chat groups")
    SLIDES = "slides", _lazy("Slides")
    OTHER = "other", _lazy("Other")


class Material(models.Model):
    """A material of the awareness kit; a new version is a new row, and the old one stays."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=20)
    language = models.CharField(
        max_length=10,
        default="vi",
        choices=[("vi", "Tiếng Việt"), ("km", "ភាសាខ្មែរ"), ("en", "English")],
    )
    kind = models.CharField(max_length=10, choices=MaterialKind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A version is unique for a title and language."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "title", "language", "version"], name="material_once"
            )
        ]


class MaterialPull(models.Model):
    """Downloads of a material by a unit on a day; no person is recorded."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="pulls")
    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="pulls")
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        """One per node, material and day."""

        constraints = [
            models.UniqueConstraint(fields=["node", "material", "day"], name="pull_once")
        ]

"""The campaign: its phases, its frozen tree, the reports it expects, and figures by counters."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit


class CampaignState(models.TextChoices):
    """A campaign's life; only these moves, in this order."""

    DRAFT = "draft", _lazy("In preparation")
    READY = "ready", _lazy("Ready")
    LIVE = "live", _lazy("Running")
    CLOSING = "closing", _lazy("Closing")
    CLOSED = "closed", _lazy("Closed")
    ARCHIVED = "archived", _lazy("Archived")


class Campaign(models.Model):
    """The whole undertaking, run by `lead_unit`.

    Shapes: `tasks` are the letter's points as text; `letter` is what `letter read` gave, reviewed;
    `release_path`, `release_sha256` name the indicator release; `form_code` the appendix.
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
    release_path = models.CharField(max_length=255, blank=True)
    release_sha256 = models.CharField(max_length=64, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    tree_rev = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title


class Phase(models.Model):
    """One round with its deadline.

    Shapes: `due_at` is exclusive: what comes at that instant is late. `level_lead_days` has, per
    depth below the root (as text), how many days earlier that level is due.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="phases")
    no = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, blank=True)
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    locks_at = models.DateTimeField(null=True)
    level_lead_days = models.JSONField(default=dict)

    class Meta:
        """Counted from 1."""

        constraints = [
            models.UniqueConstraint(fields=["campaign", "no"], name="phase_number_once"),
        ]


class NodeState(models.TextChoices):
    """What became of a node after the tree was frozen."""

    ACTIVE = "active", _lazy("Active")
    MERGED = "merged", _lazy("Merged")
    SPLIT = "split", _lazy("Split")
    MOVED = "moved", _lazy("Moved")
    EXCUSED = "excused", _lazy("Excused")
    CLOSED = "closed", _lazy("Dissolved")


class CampaignNode(models.Model):
    """A unit in the frozen tree of a campaign: what every number hangs on.

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
        """A unit stands in a campaign once, whatever its lines."""

        constraints = [
            models.UniqueConstraint(fields=["campaign", "unit"], name="node_once"),
        ]

    def __str__(self) -> str:
        return self.name_at_freeze


class SlotState(models.TextChoices):
    """Where an expected report stands."""

    OPEN = "open", _lazy("Open")
    DRAFT = "draft", _lazy("Draft")
    SUBMITTED = "submitted", _lazy("Submitted")
    RETURNED = "returned", _lazy("Returned")
    ACCEPTED = "accepted", _lazy("Accepted")
    SIGNED = "signed", _lazy("Signed")
    FORWARDED = "forwarded", _lazy("Forwarded")
    EXCUSED = "excused", _lazy("Excused")


class Slot(models.Model):
    """An expected report of a node in a phase: the denominator of every rate."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="slots")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="slots")
    state = models.CharField(max_length=10, choices=SlotState.choices, default=SlotState.OPEN)
    excuse_reason = models.CharField(max_length=255, blank=True)
    due_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        """One a node and phase."""

        constraints = [models.UniqueConstraint(fields=["phase", "node"], name="slot_once")]
        indexes = [models.Index(fields=["node", "phase"])]


class NodeTally(models.Model):
    """Counters of a node's subtree, itself included; pages read these and walk no tree."""

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


class SlotTally(models.Model):
    """Counters of the expected reports in a node's subtree, itself included, for one phase."""

    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="slot_tallies")
    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="tallies")
    expected = models.IntegerField(default=0)
    excused = models.IntegerField(default=0)
    reported = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    signed = models.IntegerField(default=0)

    class Meta:
        """One a node and phase."""

        constraints = [models.UniqueConstraint(fields=["node", "phase"], name="slot_tally_once")]

"""Versions of a campaign's list, its doubtful rows, and what a version would say of each unit."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.models import StoredFile


class ListVersionState(models.TextChoices):
    """The life of a version; the last four are those that came in force or never will."""

    RECEIVED = "received", _lazy("Received, being checked")
    CHECKED = "checked", _lazy("Checked, being tried on the evidence")
    TRIED = "tried", _lazy("Tried, to be decided on")
    PROPOSED = "proposed", _lazy("Waiting for a second person")
    IN_FORCE = "in-force", _lazy("In force")
    SUPERSEDED = "superseded", _lazy("Replaced by a later one")
    REFUSED = "refused", _lazy("Refused")
    PULLED_BACK = "pulled-back", _lazy("Pulled back")


OPEN = (
    ListVersionState.RECEIVED,
    ListVersionState.CHECKED,
    ListVersionState.TRIED,
    ListVersionState.PROPOSED,
)
"""States of a version that is still to be decided on."""


class FeedKind(models.TextChoices):
    """How a feed is asked."""

    HTTP = "http", _lazy("A file at an address")
    TAXII = "taxii", _lazy("A TAXII 2.1 collection")
    MISP = "misp", _lazy("A MISP server")
    MISP_FEED = "misp-feed", _lazy("A MISP feed")


class FeedState(models.TextChoices):
    """How a feed stands."""

    WELL = "well", _lazy("Working")
    FAILING = "failing", _lazy("Not working")
    STALE = "stale", _lazy("Nothing new for a long time")
    OFF = "off", _lazy("Switched off")


class Feed(models.Model):
    """An address that is asked for new lists; what it brings is received, and never more.

    Shapes: `digest` is that of the file that was fetched last, in hex, `etag` what its server calls
    it; `problem` says why the last try failed. Units: `every` in minutes.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="feeds")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FeedKind.choices)
    url = models.URLField(max_length=500)
    every = models.PositiveIntegerField(default=24 * 60)
    state = models.CharField(max_length=8, choices=FeedState.choices, default=FeedState.WELL)
    digest = models.CharField(max_length=64, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once a campaign and address."""

        constraints = [models.UniqueConstraint(fields=["campaign", "url"], name="feed_once")]

    def __str__(self) -> str:
        return self.title


class ListVersion(models.Model):
    """One version of the list of a campaign.

    Shapes: `lists` are the files that it is made of; `release` is the file that is looked for,
    made with the decisions when it was proposed, `sha256` the digest of its content and `facts`
    its count and words; `in_use` is that file with what is on hold or vouched for only watched,
    None where that is nothing; `candidate` is that file before anybody decided. `fresh` has what
    of it is to be looked for anew in evidence that was swept already. `checked` is what
    `gate_report` says, `changes` what is new and gone since the version in force, `trial` the sums
    over the evidence of units. `problem` is why it could not be read or made. `shrink_reason` says
    why losing so much is meant. `feed` is what brought it, if no person did.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="list_versions")
    n = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=12, choices=ListVersionState.choices, default=ListVersionState.RECEIVED
    )
    lists = models.ManyToManyField(StoredFile, related_name="+")
    candidate = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    fresh = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    in_use = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)
    checked = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    trial = models.JSONField(default=dict)
    problem = models.CharField(max_length=400, blank=True)
    shrink_reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    feed = models.ForeignKey(Feed, null=True, on_delete=models.SET_NULL, related_name="versions")
    received_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    in_force_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """Numbered from 1; one is in force; nobody approves what they proposed."""

        constraints = [
            models.UniqueConstraint(fields=["campaign", "n"], name="list_version_once"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="in-force"), name="one_list_in_force"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="list_needs_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.n}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided on."""
        return self.state in OPEN

    @property
    def entries(self) -> int | None:
        """How many entries it has; None while it is not checked."""
        count: int | None = self.facts.get("count", self.checked.get("count"))
        return count


class RowDecision(models.TextChoices):
    """What is done with a doubtful row."""

    KEEP = "keep", _lazy("Keep: a contact accuses the machine")
    WATCH = "watch", _lazy("Mark: contacts are shown, nobody is accused")
    DROP = "drop", _lazy("Leave out of the list")


class DoubtfulRow(models.Model):
    """A row that stands on warning lists; undecided, its contacts accuse nobody.

    A decision holds until its day: `expired_at` says since when it counts no more, though it stands
    here.

    Shapes: `classes` and `warning_lists` are as the engine names them; `devices` and `units` are
    what the trial met with it, `only` the devices that met nothing else.
    """

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="doubtful")
    key = models.CharField(max_length=500)
    shown = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    classes = models.JSONField(default=list)
    warning_lists = models.JSONField(default=list)
    list_name = models.CharField(max_length=200, blank=True)
    row = models.PositiveIntegerField(default=0)
    proposal = models.CharField(max_length=6, choices=RowDecision.choices)
    devices = models.PositiveIntegerField(default=0)
    only = models.PositiveIntegerField(default=0)
    units = models.PositiveIntegerField(default=0)
    decision = models.CharField(max_length=6, choices=RowDecision.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    until = models.DateField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)

    class Meta:
        """Once a version; a decision has its person, its reason and its end."""

        constraints = [
            models.UniqueConstraint(fields=["version", "key", "kind"], name="doubtful_row_once"),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(decided_by__isnull=False, until__isnull=False, decided_at__isnull=False),
                name="doubtful_row_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.shown


class HoldState(models.TextChoices):
    """How a hold stands."""

    OPEN = "open", _lazy("On hold, waiting for a second person")
    CONFIRMED = "confirmed", _lazy("Confirmed by a second person")
    LIFTED = "lifted", _lazy("Lifted by a second person")
    OVER = "over", _lazy("Over")


HELD = (HoldState.OPEN, HoldState.CONFIRMED)
"""States in which what is on hold accuses nobody."""


class ListHold(models.Model):
    """What one person stopped at once: it accuses nobody until a second one confirms or lifts it.

    Shapes: `key` is a row of the list, "" for all that the `version` brought; `met` counts the
    entries that were held, None until that was looked at. A row that was confirmed is held in later
    versions too, until the day `until`.
    """

    version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="holds")
    key = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=HoldState.choices, default=HoldState.OPEN)
    until = models.DateField()
    met = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """The second person is another one; a row is on hold once."""

        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("by")),
                name="list_hold_needs_second_person",
            ),
            models.UniqueConstraint(
                fields=["version", "key"], condition=Q(state="open"), name="list_hold_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key or f"{self.version}"


class OfficeRowKind(models.TextChoices):
    """What a row of an office's own list keeps from happening."""

    BLAME = "blame", _lazy("Never accuse: a contact is shown and accuses nobody")
    BLOCK = "block", _lazy("Never block: not in the lists for devices")


class OfficeRow(models.Model):
    """A name, an address or a network that the office vouches for, whatever a list says.

    It counts from the day on which a second person approved it until a second one approved its
    end. Shapes: `effect` is [entries, first keys] that it holds back of the list in use.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="office_rows")
    kind = models.CharField(max_length=6, choices=OfficeRowKind.choices)
    text = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)
    effect = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    end_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Two persons let a row in, and two let it go; it stands once."""

        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("by")),
                name="office_row_needs_second_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True)
                | Q(approved_at__isnull=True)
                | ~Q(ended_by=models.F("end_asked_by")),
                name="office_row_end_needs_second_person",
            ),
            models.UniqueConstraint(
                fields=["campaign", "kind", "text"],
                condition=Q(ended_at__isnull=True),
                name="office_row_once",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class VersionNode(models.Model):
    """What a version says of the evidence that is kept of a unit: first tried, then matched again.

    Shapes: `told` has {"devices", "held", "outdated", "rows": {key: [devices, only]}} of the trial;
    `left` are submissions whose files could not be read again. `at` is the last submission done,
    so that an interrupted job goes on behind it.
    """

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="nodes")
    node = models.ForeignKey(CampaignNode, on_delete=models.CASCADE, related_name="+")
    tried_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)
    matched_at = models.DateTimeField(null=True)
    at = models.BigIntegerField(default=0)
    submissions = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    outdated = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)

    class Meta:
        """Once a version and node."""

        constraints = [
            models.UniqueConstraint(fields=["version", "node"], name="version_node_once")
        ]

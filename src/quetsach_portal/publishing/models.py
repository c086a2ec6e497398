"""A public page: its changes, lists, tools, texts, counts, writer runs, public and live figures."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.files.models import StoredFile


class ChangeState(models.TextChoices):
    """The state of a change: proposed by one owner, agreed to by another."""

    WAITING = "waiting", _lazy("Waits for a second owner")
    AGREED = "agreed", _lazy("Agreed to")
    DROPPED = "dropped", _lazy("Not agreed to")


class PageChange(models.Model):
    """A change of a page's address, official hosts or page of documents, once everybody saw it.

    Shapes: `says` has the fields that change, with what they are to be.
    """

    page = models.ForeignKey(PublicPage, on_delete=models.PROTECT, related_name="changes")
    says = models.JSONField()
    state = models.CharField(max_length=8, choices=ChangeState.choices, default=ChangeState.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """The proposer cannot agree; one change waits at a time."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(state="agreed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="page_change_needs_second_person",
            ),
            models.UniqueConstraint(
                fields=["page"], condition=Q(state="waiting"), name="one_page_change_waits"
            ),
        ]


class WriterRun(models.Model):
    """How a writer of `writing.WRITERS` ended last, and when it last ended well.

    Shapes: `problem` is a text, "" when it ended well; `said` is what it reports to have written.
    """

    writer = models.CharField(max_length=200, primary_key=True)
    tried_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=300, blank=True)
    problem = models.CharField(max_length=500, blank=True)


class TakenFile(models.Model):
    """A file of the plane's inbox that was counted: it never counts again, even if it reappears."""

    name = models.CharField(max_length=80, primary_key=True)
    taken_at = models.DateTimeField(default=timezone.now, db_index=True)
    counted = models.PositiveBigIntegerField(default=0)
    kept_aside = models.PositiveBigIntegerField(default=0)


class RefusedFile(models.Model):
    """A malformed file of the inbox: set aside, nothing of it counted."""

    name = models.CharField(max_length=255, primary_key=True)
    reason = models.CharField(max_length=12)
    refused_at = models.DateTimeField(default=timezone.now)


class SetAsideReason(models.TextChoices):
    """Why a count moved no counter."""

    OVER = "over", _lazy("more on a day than people come")
    UNKNOWN = "unknown", _lazy("no such code")
    ENDED = "ended", _lazy("a code that has ended")
    NOT_RUNNING = "not-running", _lazy("the campaign does not run")
    NO_PAGE = "no-page", _lazy("no public page is shown")


class SetAsideCount(models.Model):
    """Counts that moved no counter, by day and code: shown, never lost.

    Shapes: `code` is as it was sent; of many made-up codes of a day "…" holds the rest together.
    """

    day = models.DateField()
    code = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=8)
    why = models.CharField(max_length=12, choices=SetAsideReason.choices)
    count = models.BigIntegerField(default=0)

    class Meta:
        """One per day, code, act and reason."""

        constraints = [
            models.UniqueConstraint(fields=["day", "code", "act", "why"], name="kept_aside_once")
        ]


class ListKind(models.TextChoices):
    """The lists that the table of addresses is built from, in addition to the notices in the
    portal.
    """

    LISTED = "listed", _lazy("Listed addresses")
    RANGES = "ranges", _lazy("Address ranges of the country")
    SHARED = "shared", _lazy("Networks that many share")


class ListState(models.TextChoices):
    """A list's way: read in the sandbox, looked at, taken over by an owner; one of a kind
    counts.
    """

    WAITING = "waiting", _lazy("Being read")
    READ = "read", _lazy("Read, to be looked at")
    FAILED = "failed", _lazy("Could not be read")
    TAKEN = "taken", _lazy("In use")
    REPLACED = "replaced", _lazy("Replaced")
    DROPPED = "dropped", _lazy("Not taken over")


class PublicList(models.Model):
    """A file of the lead office, and what came out of it.

    Shapes: `sha256` names the rows as they were read; `fresh` and `gone` count rows added and
    removed relative to the list in use when this one was read; `left_out` are [reason, how many,
    first example], and so are `doubts`, which are still used. `name` is its display name.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="public_lists")
    kind = models.CharField(max_length=8, choices=ListKind.choices)
    state = models.CharField(max_length=8, choices=ListState.choices, default=ListState.WAITING)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    rows = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """One of a kind is in use."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "kind"],
                condition=Q(state="taken"),
                name="one_public_list_in_use",
            )
        ]


class ToolState(models.TextChoices):
    """A tool's way: written by one person, published by another."""

    DRAFT = "draft", _lazy("Written, not published")
    PUBLISHED = "published", _lazy("Published")
    REPLACED = "replaced", _lazy("Replaced by a newer version")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")
    DROPPED = "dropped", _lazy("Not published")


class PublicTool(models.Model):
    """One file of one version of a tool that the campaign vouches for; never changed afterwards.

    Shapes: `sha256` as 64 lower-case hex digits; `purpose` by language: vi, en, km; `replaces` is
    the version that goes when this one is published.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="public_tools")
    name = models.CharField(max_length=120)
    maker = models.CharField(max_length=120)
    version = models.CharField(max_length=40)
    file = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    address = models.CharField(max_length=400)
    purpose = models.JSONField(default=dict)
    platforms = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    offline = models.BooleanField(default=False)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    state = models.CharField(max_length=10, choices=ToolState.choices, default=ToolState.DRAFT)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """The writer cannot publish; one entry a file."""

        constraints = [
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=models.F("drafted_by")),
                name="public_tool_needs_second_person",
            ),
            models.UniqueConstraint(
                fields=["campaign", "sha256"],
                condition=Q(state="published"),
                name="public_tool_published_once",
            ),
        ]


class TextReview(models.Model):
    """A reader's word that a translated text is right, signed with the full name.

    Shapes: `sha256` is that of the text together with its Vietnamese source, so that the word holds
    for these very words; `signed_name` is what the reviewer typed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="text_reviews")
    language = models.CharField(max_length=2)
    key = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once for the same words."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "language", "key", "sha256"], name="text_reviewed_once"
            )
        ]


class RecordingState(models.TextChoices):
    """A recording's way: handed in by one person, published by another who heard it."""

    DRAFT = "draft", _lazy("To be heard")
    PUBLISHED = "published", _lazy("Published")
    ENDED = "ended", _lazy("Withdrawn or replaced")


class SpokenRecording(models.Model):
    """A spoken version of a text of the public page.

    Shapes: `key` is one of `recordings.SPOKEN_TEXTS`; `words_sha256` is that of the words that it
    reads, so that it is not heard beside other words; `is_machine` marks a synthetic voice.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="recordings")
    key = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    words_sha256 = models.CharField(max_length=64)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    ending = models.CharField(max_length=4)
    is_machine = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=RecordingState.choices, default=RecordingState.DRAFT
    )
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Whoever handed it in cannot publish it; one per text and language is published."""

        constraints = [
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=models.F("handed_in_by")),
                name="recording_needs_second_person",
            ),
            models.UniqueConstraint(
                fields=["campaign", "key", "language"],
                condition=Q(state="published"),
                name="recording_published_once",
            ),
        ]


class FiguresState(models.TextChoices):
    """The state of prepared figures."""

    PREPARED = "prepared", _lazy("Prepared")
    PUBLISHED = "published", _lazy("Published")
    WITHDRAWN = "withdrawn", _lazy("Taken back")


class PublicFigures(models.Model):
    """The figures of a campaign on `day`.

    Shapes: `content` is what everybody sees (`content.Shown` as JSON), `kept` is internal, for
    comparison with the next ones: {"bases": {cell: number}, "grouped": [node ids]}. `sha256` is
    that of what is shown; what is published is what was previewed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="public_figures")
    day = models.DateField()
    content = models.JSONField()
    kept = models.JSONField()
    sha256 = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=FiguresState.choices, default=FiguresState.PREPARED
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """One published per campaign and day, and one that waits."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "day"], condition=Q(state="published"), name="published_once"
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state="prepared"), name="one_prepared"
            ),
        ]


class LiveFigures(models.Model):
    """The live figures of a campaign, and the numbers that they are compared with.

    Shapes: `bases` and `steps` are the number behind what is shown and how far it may stray, by
    cell, with each unit's band of shares and its margin; `grouped` the node ids that stand together
    for good; `days` what was shown on each day, {day: [people, units]}; `said` sums over past days,
    {"through": day, "scanned", "cleaned"}; `questioned` the node ids whose count is under question
    this hour; `content` what is shown. Only `content` is public.
    """

    campaign = models.OneToOneField(
        Campaign, primary_key=True, on_delete=models.CASCADE, related_name="live_figures"
    )
    bases = models.JSONField(default=dict)
    steps = models.JSONField(default=dict)
    grouped = models.JSONField(default=list)
    days = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    questioned = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    units_at = models.DateTimeField(null=True)

"""Models of reports: the form in use, drafts, immutable versions, and their inputs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport, Phase
from quetsach_portal.people.models.account import User

# Django finds the tables of an app in this module alone.
from quetsach_portal.reports.models.document import (  # noqa: F401
    BatchFile,
    DocumentSignature,
    ReportDocument,
    SignerCertificate,
    WorkbookBatch,
)
from quetsach_portal.reports.models.looked import ReportLook  # noqa: F401

USER = settings.AUTH_USER_MODEL


class CampaignForm(models.Model):
    """The form of a campaign's reports, stored whole; the form of a phase takes precedence.

    Shapes: `definition` is the form's one JSON and `digest` its SHA-256. A form is never changed
    once a report was written with it, whatever the program ships by then.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="report_forms")
    # Versions protect their form: what goes with a phase that is taken away was never used.
    phase = models.OneToOneField(
        Phase, null=True, on_delete=models.CASCADE, related_name="report_form"
    )
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    definition = models.TextField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One form for the whole campaign; the form of a phase is unique by its field."""

        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(phase__isnull=True), name="campaign_form_once"
            )
        ]


class CampaignSalt(models.Model):
    """The secret with which a campaign's machines are hashed into sketches; it is never shown."""

    campaign = models.OneToOneField(
        Campaign, primary_key=True, on_delete=models.PROTECT, related_name="salt"
    )
    salt = models.BinaryField(max_length=32)


class VersionKind(models.TextChoices):
    """How a version relates to the version before it."""

    ORIGINAL = "original", _lazy("First report")
    CORRECTION = "correction", _lazy("Correction")
    SUPPLEMENT = "supplement", _lazy("Supplement")
    NIL = "nil", _lazy("Nothing to report")


FIRST = (VersionKind.ORIGINAL, VersionKind.NIL)
"""Kinds that change no report that was accepted, and so need no reason."""


class ReasonCode(models.TextChoices):
    """Why a report that was accepted is changed."""

    COUNTED_WRONG = "counted_wrong", _lazy("Counted or typed wrongly")
    NEW_FACTS = "new_facts", _lazy("Something became known later")
    CHILD_CHANGED = "child_changed", _lazy("A report from below changed")
    CHILD_LATE = "child_late", _lazy("A report from below came late")
    ASKED = "asked", _lazy("The office above asked for it")
    OTHER = "other", _lazy("Another reason")


class VersionState(models.TextChoices):
    """The state of a version."""

    SUBMITTED = "submitted", _lazy("Handed in")
    RETURNED = "returned", _lazy("Returned")
    WITHDRAWN = "withdrawn", _lazy("Taken back by the unit")
    ACCEPTED = "accepted", _lazy("Accepted")
    SIGNED = "signed", _lazy("Signed")
    FORWARDED = "forwarded", _lazy("Forwarded")
    SUPERSEDED = "superseded", _lazy("Replaced by a newer version")


COUNTS = (VersionState.ACCEPTED.value, VersionState.SIGNED.value, VersionState.FORWARDED.value)
"""States in which a version goes into the total of the unit above."""

STANDS = (VersionState.SUBMITTED.value, *COUNTS)
"""States in which a version is submitted and not withdrawn, returned or replaced."""


class ReportDraft(models.Model):
    """The draft of a slot; one for each slot, deleted on submission.

    Shapes: `own` has by field what `api.reports.own_to_json` gives; `typed` what was typed and is
    no answer yet, kept so that nothing is lost; `adjustments`
    {field: {"amount": n, "reason": "..."}}; `left_out` {child's slot: reason}; `aside` what the
    form asked before another form replaced it (phase_forms/changing.py).
    `revision` grows with each save: an older page is refused.
    """

    slot = models.OneToOneField(ExpectedReport, on_delete=models.PROTECT, related_name="draft")
    kind = models.CharField(
        max_length=10, choices=VersionKind.choices, default=VersionKind.ORIGINAL
    )
    reason_code = models.CharField(max_length=20, choices=ReasonCode.choices, blank=True)
    reason = models.TextField(blank=True)
    own = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    adjustments = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    aside = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)


class ReportVersion(models.Model):
    """A version of a unit's report.

    The database refuses to change its content; `state` and who signed move on, by `ReportEvent`s.
    Shapes: `payload` is the engine's one JSON of it, `sha256` its digest and `prev_sha256` that of
    the version before. `is_late` is of this version's own moment. `key` is what the page of check
    answers contained: submitted twice, it creates one version.
    """

    slot = models.ForeignKey(ExpectedReport, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind.choices)
    reason_code = models.CharField(max_length=20, choices=ReasonCode.choices, blank=True)
    reason = models.TextField(blank=True)
    form = models.ForeignKey(CampaignForm, on_delete=models.PROTECT, related_name="versions")
    tree_rev = models.PositiveIntegerField()
    payload = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    prev_sha256 = models.CharField(max_length=64, blank=True)
    is_late = models.BooleanField(default=False)
    key = models.CharField(max_length=64)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(
        max_length=10, choices=VersionState.choices, default=VersionState.SUBMITTED
    )
    signed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        """Numbered from 1 within a slot; a check page creates one version."""

        constraints = [
            models.UniqueConstraint(fields=["slot", "n"], name="version_number_once"),
            models.UniqueConstraint(fields=["slot", "key"], name="version_key_once"),
        ]
        indexes = [models.Index(fields=["slot", "state"])]

    @property
    def code(self) -> str:
        """Return the 16 hex digits that are printed on paper."""
        return self.sha256[:16]


class ReportEvent(models.Model):
    """A step of a version, in order; the first is its submission."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=VersionState.choices)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    acting_for = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=1000, blank=True)


class ReportFigure(models.Model):
    """A figure of a version, as screens and sums read it; the payload contains all of it, too.

    Shapes: own + children + adjust - overlap = total. `own`, `children` and `total` are None where
    there is no number; `absent` then has the reason: missing, nil, not_collected, not_applicable.
    `words` has the content of a text, a choice or a table.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="figures")
    key = models.CharField(max_length=80)
    own = models.BigIntegerField(null=True)
    children = models.BigIntegerField(null=True)
    adjust = models.BigIntegerField(default=0)
    overlap = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    absent = models.CharField(max_length=16, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    sketch = models.BinaryField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        """Unique by version and field."""

        constraints = [models.UniqueConstraint(fields=["version", "key"], name="figure_once")]


class InputUsed(models.TextChoices):
    """What became of a child's report in its parent's."""

    YES = "yes", _lazy("Used")
    LATE = "late", _lazy("Used, came late")
    EXCLUDED = "excluded", _lazy("Left out")
    MISSING = "missing", _lazy("Not there")


class ReportInput(models.Model):
    """A report below in the version above: which version, whether it was used, and why not."""

    parent_version = models.ForeignKey(
        ReportVersion, on_delete=models.PROTECT, related_name="inputs"
    )
    child_slot = models.ForeignKey(ExpectedReport, on_delete=models.PROTECT, related_name="used_in")
    child_version = models.ForeignKey(
        ReportVersion, null=True, on_delete=models.PROTECT, related_name="used_in"
    )
    used = models.CharField(max_length=8, choices=InputUsed.choices)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """A child occurs once in a version; it is missing exactly when there is no version."""

        constraints = [
            models.UniqueConstraint(fields=["parent_version", "child_slot"], name="input_once"),
            models.CheckConstraint(
                condition=Q(child_version__isnull=False) | Q(used__in=["missing", "excluded"]),
                name="input_used_has_version",
            ),
        ]


class ReportReturn(models.Model):
    """A remark with which a version was returned, on a field or on the whole (`key` empty).

    The next version resolves it.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="returns")
    key = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(
        ReportVersion, null=True, on_delete=models.PROTECT, related_name="answers"
    )


class NoticeState(models.TextChoices):
    """What was decided on a change from below."""

    OPEN = "open", _lazy("To be decided")
    ABSORBED = "absorbed", _lazy("Taken in by a correction")
    CARRIED = "carried", _lazy("Waits for the next supplement")
    DISMISSED = "dismissed", _lazy("Not taken in")
    UNDONE = "undone", _lazy("The acceptance below was undone")


class ChangeNotice(models.Model):
    """A child's report changed after its parent's was made; the parent's total stays until decided.

    Shapes: `delta` has {field: [before, after]} of the totals, None for no number. `old_version` is
    None where the child had been missing; `resolved_by` is the version above that includes it.
    """

    parent_slot = models.ForeignKey(
        ExpectedReport, on_delete=models.PROTECT, related_name="change_notices"
    )
    old_version = models.ForeignKey(
        ReportVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    new_version = models.ForeignKey(
        ReportVersion, on_delete=models.PROTECT, related_name="told_above"
    )
    delta = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.OPEN)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        ReportVersion, null=True, on_delete=models.PROTECT, related_name="took_in"
    )

    class Meta:
        """A parent gets one notice of each new version of a child."""

        constraints = [
            models.UniqueConstraint(fields=["parent_slot", "new_version"], name="notice_once")
        ]


class SignedChange(models.Model):
    """A change of the list moved figures that a report has already; the report stays as it is.

    Shapes: `node` is the unit whose records changed, of this report or below; `delta` has
    {field: [before, after]} of those records, and `rows` the first keys of the list that did it, of
    `rows_count`. `seen_by` are those who need not be told of it any more.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="changed")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="+")
    list_n = models.PositiveIntegerField()
    rows = models.JSONField(default=list)
    rows_count = models.PositiveIntegerField(default=0)
    delta = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    seen_by = models.ManyToManyField(User, related_name="+")

    class Meta:
        """A report gets one notice of each change of a unit's records."""

        constraints = [
            models.UniqueConstraint(fields=["version", "source"], name="signed_change_once")
        ]


class FigureAlarm(models.Model):
    """A stored figure that its parts do not give when they are added up again; never repaired."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="alarms")
    key = models.CharField(max_length=80)
    stored = models.CharField(max_length=200)
    computed = models.CharField(max_length=200)
    found_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """One open alarm for each figure."""

        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"], condition=Q(closed_at__isnull=True), name="alarm_once"
            )
        ]


class OnePersonUnit(models.Model):
    """The office above allows the only person of a unit to sign what they wrote."""

    node = models.OneToOneField(
        CampaignNode, primary_key=True, on_delete=models.PROTECT, related_name="one_person"
    )
    approved_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    approved_at = models.DateTimeField(default=timezone.now)

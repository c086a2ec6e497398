"""What units say and do in a campaign, and what is sent to those who are silent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    Phase,
)
from quetsach_portal.files.models import StoredFile
from quetsach_portal.people.models.account import User


class Method(models.TextChoices):
    """The origin of a statement."""

    PORTAL = "portal", _lazy("By the unit itself")
    ON_BEHALF = "on_behalf", _lazy("Recorded by the office above, with proof")


class Receipt(models.Model):
    """A member of the unit confirms that it received the campaign's letter, by an explicit action.

    Shapes: `received_at` is the moment of the act, or for a record on behalf the day that the
    proof tells; `said_by` names who said so there.
    """

    node = models.OneToOneField(CampaignNode, on_delete=models.PROTECT, related_name="receipt")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.PORTAL)
    received_at = models.DateTimeField()
    said_by = models.CharField(max_length=120, blank=True)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A statement for another unit needs a proof."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(method="portal")
                | models.Q(proof__isnull=False)
                | models.Q(by__isnull=True),
                name="receipt_on_behalf_has_proof",
            ),
        ]


class DeploymentStep(models.TextChoices):
    """What a unit has done to deploy the campaign."""

    ANNOUNCED = "announced", _lazy("Announced in the unit")
    POSTER_UP = "poster_up", _lazy("Poster put up")
    LINK_SHARED = "link_shared", _lazy("Link shared in the unit's chat group")
    STAFF_TOLD = "staff_told", _lazy("Staff asked to take part")


class DeclarationState(models.TextChoices):
    """The state of a declaration."""

    DECLARED = "declared", _lazy("Declared")
    CHECKED = "checked", _lazy("Checked by the office above")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")


class DeployDeclaration(models.Model):
    """The unit says that it has deployed the campaign, with what it did and evidence of it.

    Shapes: `done` are ticks; `staff_told` how many people were told, with `why` where that is more
    than the unit has staff.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="declarations")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done = models.JSONField(default=list)
    staff_told = models.PositiveIntegerField(null=True)
    why = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(
        max_length=10, choices=DeclarationState.choices, default=DeclarationState.DECLARED
    )
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    class Meta:
        """One that counts a unit."""

        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=~models.Q(state="withdrawn"),
                name="one_declaration_counts",
            ),
        ]

    @property
    def words(self) -> list[str]:
        """Return what was done, in the language of the page."""
        return [str(DeploymentStep(one).label) for one in self.done]


class EvidenceKind(models.TextChoices):
    """What shows that a unit has deployed."""

    PHOTO = "photo", _lazy("Photo")
    MINUTES = "minutes", _lazy("Minutes or document")
    LINK = "link", _lazy("Link")


class DeployEvidence(models.Model):
    """One piece of evidence: a file or a link, never both."""

    declaration = models.ForeignKey(
        DeployDeclaration, on_delete=models.CASCADE, related_name="evidence"
    )
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        """A file or a link."""

        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="link") & ~models.Q(link=""))
                | (~models.Q(kind="link") & models.Q(link="")),
                name="evidence_is_file_or_link",
            ),
        ]


class PaperReport(models.Model):
    """A report that came on paper, recorded by the office above with a proof.

    A record never changes: a wrong one is undone with a reason, and another may follow.
    Shapes: `came_at` is what the stamp says; `proof` the scan with the stamp.
    """

    slot = models.ForeignKey(ExpectedReport, on_delete=models.PROTECT, related_name="papers")
    came_at = models.DateTimeField()
    is_nil = models.BooleanField(default=False)
    is_signed = models.BooleanField(default=False)
    proof = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_why = models.CharField(max_length=500, blank=True)

    class Meta:
        """One record of a slot holds."""

        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(undone_at__isnull=True), name="paper_holds_once"
            )
        ]


class ExtensionState(models.TextChoices):
    """What became of asking for more time."""

    ASKED = "asked", _lazy("Asked for")
    GRANTED = "granted", _lazy("Granted")
    REFUSED = "refused", _lazy("Not granted")
    TAKEN_BACK = "taken_back", _lazy("Question taken back")


class Extension(models.Model):
    """More time for one report, asked by the unit; or for a subtree, given by the lead office.

    Shapes: `wanted` and `new_due_at` are exclusive, as all deadlines. `slots` says how many
    deadlines a grant for a subtree moved.
    """

    slot = models.ForeignKey(ExpectedReport, on_delete=models.PROTECT, related_name="extensions")
    subtree = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ExtensionState.choices, default=ExtensionState.ASKED
    )
    reason = models.CharField(max_length=1000)
    wanted = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=1000, blank=True)
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    slots = models.PositiveIntegerField(default=0)

    class Meta:
        """One open request a report; nobody decides their own request."""

        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=models.Q(state="asked"), name="one_extension_asked"
            ),
            models.CheckConstraint(
                condition=models.Q(subtree=True)
                | models.Q(decided_by__isnull=True)
                | models.Q(asked_by__isnull=True)
                | ~models.Q(asked_by=models.F("decided_by")),
                name="extension_not_by_self",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"])]


class PendingStep(models.TextChoices):
    """What a unit has not done yet."""

    RECEIVED = "received", _lazy("Confirm receipt")
    DEPLOYED = "deployed", _lazy("Declare deployed")
    LOOKED = "looked", _lazy("Check the machines")
    REPORTED = "reported", _lazy("Report")
    SIGNED = "signed", _lazy("Sign the report")


class Reminder(models.Model):
    """One reminder to a unit that is silent, at most one a day; shown in its task list.

    Shapes: `words` is a sentence of who reminds, shown to the unit as a quotation. One that was
    undone before its mail went out is shown to nobody and does not count.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="reminders")
    phase = models.ForeignKey(Phase, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    waits_for = models.CharField(max_length=10, choices=PendingStep.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=300, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """One a unit and day that was not undone."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "day"],
                condition=Q(undone_at__isnull=True),
                name="one_reminder_a_day",
            ),
        ]


class ReminderOccasion(models.TextChoices):
    """When a reminder of the calendar goes out, and to whom it applies."""

    LATE = "late", _lazy("after the unit’s deadline: its report is missing")
    DUE = "due", _lazy("before the unit’s last day: its report is missing")
    LOOK = "look", _lazy("before the unit’s last day: no machine looked at")
    RECEIPT = "receipt", _lazy("after the letter: its receipt is not confirmed")


class ReminderAudience(models.TextChoices):
    """Who of a unit gets the mail of a reminder."""

    UNIT = "unit", _lazy("the unit’s address")
    HEADS = "heads", _lazy("the unit’s address and its signers")


class ReminderCalendar(models.Model):
    """The calendar of reminders that a campaign settled on; without one the usual reminders hold.

    Shapes: `days_off` are days as ISO text on which nothing is sent, beside weekends.
    """

    campaign = models.OneToOneField(
        Campaign, primary_key=True, on_delete=models.PROTECT, related_name="reminder_calendar"
    )
    days_off = models.JSONField(default=list)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)


class ReminderRule(models.Model):
    """One reminder of the calendar: `days` working days before or after, as its occasion says.

    Shapes: `words` is a sentence of the office, shown to the unit as a quotation.
    """

    calendar = models.ForeignKey(ReminderCalendar, on_delete=models.CASCADE, related_name="rules")
    occasion = models.CharField(max_length=8, choices=ReminderOccasion.choices)
    days = models.PositiveSmallIntegerField()
    audience = models.CharField(
        max_length=8, choices=ReminderAudience.choices, default=ReminderAudience.UNIT
    )
    words = models.CharField(max_length=300, blank=True)
    is_on = models.BooleanField(default=True)

    class Meta:
        """The same reminder once."""

        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "occasion", "days"], name="reminder_rule_once"
            )
        ]


class Silence(models.Model):
    """A unit whose silence was told to the office above it, once a step, of reports once a phase.

    Shapes: `phase` is that of the report that is missing or not signed, None for other steps.
    """

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="silences")
    phase = models.ForeignKey(Phase, null=True, on_delete=models.PROTECT, related_name="+")
    waits_for = models.CharField(max_length=10, choices=PendingStep.choices)
    since = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Reported once."""

        constraints = [
            models.UniqueConstraint(
                fields=["node", "waits_for"],
                condition=models.Q(phase__isnull=True),
                name="silence_told_once",
            ),
            models.UniqueConstraint(
                fields=["node", "waits_for", "phase"], name="silence_of_phase_told_once"
            ),
        ]


class MailKind(models.TextChoices):
    """Why a mail is sent."""

    REMINDER = "reminder", _lazy("Reminder")
    SILENCE = "silence", _lazy("Silence of units below")
    EXTENSION = "extension", _lazy("Decision on more time")
    CHANGE = "change", _lazy("Campaign paused, ended early or cancelled")
    CORRECTION = "correction", _lazy("Correction of the campaign")


class MailState(models.TextChoices):
    """How far a mail is, as the outbox has it."""

    QUEUED = "queued", _lazy("Waiting")
    SENDING = "sending", _lazy("Being handed over")
    SENT = "sent", _lazy("Taken by the mail server")
    FAILED = "failed", _lazy("Failed")
    IN_DOUBT = "in_doubt", _lazy("In doubt")
    UNDONE = "undone", _lazy("Undone before it was sent")


class FollowupMail(models.Model):
    """One mail to one address; `key` says what it is about, so that it is sent once."""

    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=10, choices=MailKind.choices)
    key = models.CharField(max_length=120)
    address = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """The same thing goes to an address once."""

        constraints = [
            models.UniqueConstraint(fields=["key", "address"], name="mail_once"),
        ]
        indexes = [models.Index(fields=["state", "made_at"])]

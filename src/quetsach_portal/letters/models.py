"""A letter of one level of the tree, and how it goes to each recipient."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.files.models import StoredFile
from quetsach_portal.units.models import UnitContact


class LetterState(models.TextChoices):
    """A letter's life; only forward."""

    DRAFT = "draft", _lazy("Being drafted")
    NUMBERED = "numbered", _lazy("Numbered, not released")
    RELEASED = "released", _lazy("Released")
    WITHDRAWN = "withdrawn", _lazy("Withdrawn")


class LetterCapacity(models.TextChoices):
    """In what capacity somebody signs.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7.
    """

    DIRECT = "", _lazy("As head of the body, without further words")
    ON_BEHALF = "TM.", _lazy("TM. (on behalf of the collective body)")
    FOR_SUPERIOR = "KT.", _lazy("KT. (deputy, for the head)")
    BY_ORDER = "TL.", _lazy("TL. (by order of the head)")
    BY_MANDATE = "TUQ.", _lazy("TUQ. (by mandate of the head)")


class SigningWay(models.TextChoices):
    """How a letter comes to signature and number; the office chooses for electronic ones.

    Source: Nghị định 30/2020/NĐ-CP, Điều 15: a letter on paper is numbered after it is signed.
    """

    PAPER = "paper", _lazy("On paper: signed by hand, then numbered")
    NUMBER_FIRST = "number", _lazy("Electronic: numbered, then signed by certificate")
    SIGN_FIRST = "sign", _lazy("Electronic: signed by certificate, then numbered")


class LetterUrgency(models.TextChoices):
    """The stamp that the signer gives an urgent document.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, II.10; the values are the engine's.
    """

    ORDINARY = "", _lazy("No stamp")
    URGENT = "urgent", "KHẨN"
    MOST_URGENT = "most_urgent", "THƯỢNG KHẨN"
    FLASH = "flash", "HỎA TỐC"


class Letter(models.Model):
    """A letter in the register of `node`: its own, or one that reached it from outside on paper.

    Shapes: `values` are what was typed into the fields of the template, by their ids; days as ISO
    text. `deadline` is exclusive: "trước ngày". `addressees` are printed after "Kính gửi",
    `also_told` under "Nơi nhận". `revision` counts saves, so that two people who edit at once see
    each other. `passed_on_days` is how long after its basis it was released. Without `to_all` only
    the `chosen` children get it. `contact` is printed at the foot of page 1. `sha256` is that of
    what the numbered letter says; `paper` is the PDF to print, with its code. `signature` is the
    one that counts, None before it is signed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="letters")
    node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="letters")
    is_outside = models.BooleanField(default=False)
    issuer_name = models.CharField(max_length=255)
    based_on = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="passed_on"
    )
    template_code = models.CharField(max_length=60, blank=True)
    template_version = models.CharField(max_length=20, blank=True)
    values = models.JSONField(default=dict)
    subject = models.CharField(max_length=500)
    deadline = models.DateField(null=True)
    place = models.CharField(max_length=80, blank=True)
    addressees = models.JSONField(default=list)
    also_told = models.JSONField(default=list)
    to_all = models.BooleanField(default=True)
    chosen = models.ManyToManyField(CampaignNode, related_name="+")
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    with_clerk_at = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=500, blank=True)
    way = models.CharField(max_length=6, choices=SigningWay.choices, default=SigningWay.PAPER)
    signature = models.OneToOneField(
        "LetterSignature", null=True, on_delete=models.PROTECT, related_name="+"
    )

    number = models.PositiveIntegerField(null=True)
    code = models.CharField(max_length=40, blank=True)
    signed_on = models.DateField(null=True)
    signer_name = models.CharField(max_length=120, blank=True)
    signer_post = models.CharField(max_length=120, blank=True)
    capacity = models.CharField(max_length=4, choices=LetterCapacity.choices, blank=True)
    capacity_of = models.CharField(max_length=120, blank=True)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    urgency = models.CharField(max_length=12, choices=LetterUrgency.choices, blank=True)
    contact = models.CharField(max_length=70, blank=True)
    arrived_on = models.DateField(null=True)
    arrival_number = models.PositiveIntegerField(null=True)

    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    docx = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    original = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    sheets = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    numbered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True)
    passed_on_days = models.PositiveIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)

    class Meta:
        """What is out has a number and a day; lists ask by campaign, register and state."""

        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft"]) | Q(number__isnull=False, signed_on__isnull=False),
                name="letter_out_has_number",
            )
        ]
        indexes = [
            models.Index(fields=["node", "state"]),
            models.Index(fields=["campaign", "state", "released_at"]),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def check_code(self) -> str:
        """Return the 16 digits at the foot of each page, "" before it has a number."""
        return self.sha256[:16]

    @property
    def full_number(self) -> str:
        """Return "05/UBND-TH", "…/UBND-TH" before it has a number; below 10 with a zero."""
        number = "…" if self.number is None else f"{self.number:02d}"
        if not self.code:
            return number
        # The code of the Party has the stroke itself: 12-CV/HU (Hướng dẫn 36-HD/VPTW, II.1.3).
        return f"{number}-{self.code}" if "/" in self.code else f"{number}/{self.code}"


class SignatureResult(models.TextChoices):
    """What a signature was worth when it was kept; a refused one is never kept."""

    VALID = "valid", _lazy("Valid")
    UNCONFIRMED = "unconfirmed", _lazy("Not yet confirmed")
    ON_PAPER = "on_paper", _lazy("On the paper original")


class LetterSignature(models.Model):
    """That a letter was signed: by hand on paper, or by certificate in the PDF.

    Shapes: `says` is the SHA-256 of what was signed, without number and day. `file` is the signed
    PDF, or the scan of the paper once it is there; `original_at` says where that paper is kept.
    `flaws` are the engine's words for why a certificate is not confirmed. A letter that is changed
    afterwards loses its signature; the row stays.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signatures")
    result = models.CharField(max_length=12, choices=SignatureResult.choices)
    says = models.CharField(max_length=64)
    signed_on = models.DateField()
    signer_name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    flaws = models.JSONField(default=list)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    original_at = models.CharField(max_length=200, blank=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    kept_at = models.DateTimeField(default=timezone.now)


class Channel(models.TextChoices):
    """A way to a recipient."""

    PORTAL = "portal", _lazy("On the portal")
    MAIL = "mail", _lazy("E-mail")
    PAPER = "paper", _lazy("Paper")


class DispatchSubject(models.TextChoices):
    """The subject of a dispatch."""

    ISSUE = "issue", _lazy("The letter")
    WITHDRAWAL = "withdrawal", _lazy("Its withdrawal")


class DispatchState(models.TextChoices):
    """How far a letter is on one way to one recipient; none of them says that it was received."""

    QUEUED = "queued", _lazy("Waiting")
    SENDING = "sending", _lazy("Being handed over")
    SENT = "sent", _lazy("Taken by the mail server")
    DELIVERED = "delivered", _lazy("Delivered")
    BOUNCED = "bounced", _lazy("Bounced")
    FAILED = "failed", _lazy("Failed")
    IN_DOUBT = "in_doubt", _lazy("In doubt")
    CANCELLED = "cancelled", _lazy("Cancelled")


class Dispatch(models.Model):
    """One letter on one channel to one recipient, and what became of it.

    Shapes: on the mail channel `state`, `attempts`, `reply` and `done_at` follow the row's mail in
    the outbox. `reply` is what the server or a person said about it.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    to_node = models.ForeignKey(CampaignNode, on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField(max_length=6, choices=Channel.choices)
    about = models.CharField(
        max_length=10, choices=DispatchSubject.choices, default=DispatchSubject.ISSUE
    )
    contact = models.ForeignKey(UnitContact, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    person = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="vi")
    state = models.CharField(
        max_length=10, choices=DispatchState.choices, default=DispatchState.QUEUED
    )
    attempts = models.PositiveIntegerField(default=0)
    reply = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)
    handed_on = models.DateField(null=True)

    class Meta:
        """Each recipient gets the same message once per channel."""

        constraints = [
            models.UniqueConstraint(
                fields=["letter", "to_node", "channel", "address", "about"], name="dispatch_once"
            )
        ]
        indexes = [
            models.Index(fields=["letter", "channel", "state"]),
            models.Index(fields=["to_node", "channel"]),
        ]


class MailingState(models.TextChoices):
    """Whether the mails of a letter are being sent; DONE is shown and never stored."""

    WAITING = "waiting", _lazy("Not started")
    RUNNING = "running", _lazy("Being sent")
    PAUSED = "paused", _lazy("Paused")
    DONE = "done", _lazy("All handed over")


class Mailing(models.Model):
    """The mails of one letter as a whole: started or not, and what the last dry run found.

    Its rate, and why its mails wait, are those of its queue in the outbox.
    """

    letter = models.OneToOneField(
        Letter, primary_key=True, on_delete=models.CASCADE, related_name="mailing"
    )
    state = models.CharField(
        max_length=8, choices=MailingState.choices, default=MailingState.WAITING
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    dry_run = models.JSONField(default=dict)
    dry_run_at = models.DateTimeField(null=True)

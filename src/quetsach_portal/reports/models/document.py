"""Models of documents, signatures, certificates and workbook batches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.files.models import StoredFile
from quetsach_portal.letters.models import LetterCapacity, LetterUrgency, SignatureResult
from quetsach_portal.units.models import OrgUnit

USER = settings.AUTH_USER_MODEL


class DocumentState(models.TextChoices):
    """Whether the files are there."""

    WAITING = "waiting", _lazy("Being made")
    MADE = "made", _lazy("Made")
    FAILED = "failed", _lazy("Could not be made")


class ReportDocument(models.Model):
    """An edition of a version as document; assigning a number creates the next edition.

    Shapes: `docx` and `pdf` are the electronic copy, `paper` is the PDF to print, with its code to
    be photographed; `entry` is the register's XML. `problem` says why the files could not be made,
    `unprintable` names the characters for which a box is printed, each with the words around it.
    `contact` is printed at the foot of page 1.
    """

    version = models.ForeignKey(
        "reports.ReportVersion", on_delete=models.PROTECT, related_name="documents"
    )
    seq = models.PositiveIntegerField()
    state = models.CharField(
        max_length=8, choices=DocumentState.choices, default=DocumentState.WAITING
    )
    problem = models.CharField(max_length=500, blank=True)

    place = models.CharField(max_length=80, blank=True)
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

    docx = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.TextField(blank=True)
    unprintable = models.JSONField(default=list)

    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        """Editions are counted within a version; what is out has a number and a day."""

        constraints = [
            models.UniqueConstraint(fields=["version", "seq"], name="document_edition_once"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | Q(number__isnull=False, signed_on__isnull=False),
                name="report_out_has_number",
            ),
        ]

    @property
    def full_number(self) -> str:
        """Return "05/BC-UBND", "…/BC-UBND" before it has a number; below 10 with a zero."""
        number = "…" if self.number is None else f"{self.number:02d}"
        if not self.code:
            return number
        # The code of the Party has the stroke itself: 12-CV/HU (Hướng dẫn 36-HD/VPTW, II.1.3).
        return f"{number}-{self.code}" if "/" in self.code else f"{number}/{self.code}"


class SignerCertificate(models.Model):
    """A certificate with which an account signs in a unit, confirmed by a second person.

    Shapes: `fingerprint` is the SHA-256 of `der`. Before confirmation it has no effect on any
    signature; an ended registration stays as a record of its holder.
    """

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="certificates")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="certificates")
    fingerprint = models.CharField(max_length=64)
    der = models.BinaryField(max_length=65_536)
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    registered_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        """A certificate belongs to one person at a time, who never confirms it."""

        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(ended_at__isnull=True),
                name="certificate_of_one_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("user")),
                name="certificate_confirmed_by_another",
            ),
        ]


class SigningMethod(models.TextChoices):
    """How a document was signed."""

    PADES = "pades", _lazy("Signed in the PDF by certificate")
    WET_SCAN = "wet_scan", _lazy("Signed on paper, kept as a scan")


class DocumentSignature(models.Model):
    """A signed copy of a document: the file, whose certificate, and what it was worth when.

    Shapes: `certificate` is the registration that held when the copy was kept, None where nobody
    was registered with it; `flaws` are the engine's words for why it is not confirmed, `notes` for
    what has to be known of it; `signed_at` is the signer's own word, `stamped_at` that of a time
    stamp that is believed; `original_at` says where the paper original of a scan is kept.
    """

    document = models.ForeignKey(
        ReportDocument, on_delete=models.PROTECT, related_name="signatures"
    )
    seq = models.PositiveIntegerField()
    method = models.CharField(max_length=8, choices=SigningMethod.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    certificate = models.ForeignKey(
        SignerCertificate, null=True, on_delete=models.PROTECT, related_name="signatures"
    )
    signed_at = models.DateTimeField(null=True)
    stamped_at = models.DateTimeField(null=True)
    original_at = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=12, choices=SignatureResult.choices)
    flaws = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    verified_at = models.DateTimeField(default=timezone.now)
    kept_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Numbered in the order of arrival."""

        constraints = [
            models.UniqueConstraint(fields=["document", "seq"], name="signature_order_once")
        ]


# Workbook batches, stored until their differences are reviewed and saved.


class WorkbookBatch(models.Model):
    """The newest workbooks that a person uploaded for their unit and the units below.

    `slot` is the report of the unit itself. It is forgotten after some days, saved or not.
    """

    slot = models.ForeignKey(ExpectedReport, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Unique by person and report: another upload replaces it."""

        constraints = [models.UniqueConstraint(fields=["slot", "by"], name="batch_once")]


class BatchFile(models.Model):
    """One file of a batch.

    Shapes: `raw` are its bytes until it is read; `opened` what the engine then read, as its text;
    `refused` why it is no workbook of ours.
    """

    batch = models.ForeignKey(WorkbookBatch, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    raw = models.BinaryField(null=True)
    opened = models.TextField(blank=True)
    refused = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True)

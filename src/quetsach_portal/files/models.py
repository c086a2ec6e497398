"""A stored file, and an upload in progress."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.files.problems import FileProblem, problem_from
from quetsach_portal.people.models.account import User


class FileState(models.TextChoices):
    """The state of a file; only an accepted one is ever served."""

    RECEIVING = "receiving", _lazy("Being uploaded")
    CHECKING = "checking", _lazy("Being checked")
    ACCEPTED = "accepted", _lazy("Taken")
    REFUSED = "refused", _lazy("Not taken")
    QUARANTINED = "quarantined", _lazy("In quarantine")
    REMOVED = "removed", _lazy("Removed, its purpose has ended")


class FilePurpose(models.TextChoices):
    """What a file is for; it decides which kinds and sizes are taken (`kinds.RULES`)."""

    EVIDENCE = "evidence", _lazy("Evidence")
    FINDINGS = "findings", _lazy("Findings")
    PROOF = "proof", _lazy("Proof")
    REGISTER = "register", _lazy("Register")
    LETTER = "letter", _lazy("Official letter")
    DOCUMENT = "document", _lazy("Document of the portal")
    LETTER_IN = "letter-in", _lazy("Letter to make a campaign of")
    RELEASE = "release", _lazy("Release of harmful addresses")
    LIST = "list", _lazy("List of harmful addresses")
    NOTICE = "notice", _lazy("Notice of the authority")
    MATERIAL = "material", _lazy("Awareness kit")
    RECORDING = "recording", _lazy("Recording of a text")


class FileScanResult(models.TextChoices):
    """What a scanner for malicious code said; without one nothing is claimed."""

    NOT_SCANNED = "not-scanned", _lazy("Not scanned")
    CLEAN = "clean", _lazy("Nothing found by the scanner")
    FOUND = "found", _lazy("Malicious code found")


class StoredFile(models.Model):
    """One file. `id` is random and is its name on disk; `name` is only ever shown.

    Shapes: `refusal` and `remarks` are problems as JSON, see `problems.py`; `sha256` is that of the
    bytes that are kept, which for pictures are not those that came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=10, choices=FilePurpose.choices)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.RECEIVING)
    scan = models.CharField(
        max_length=12, choices=FileScanResult.choices, default=FileScanResult.NOT_SCANNED
    )
    refusal = models.JSONField(default=dict, blank=True)
    remarks = models.JSONField(default=list, blank=True)
    owner_path = models.CharField(max_length=255, db_index=True)
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        """What is accepted has a digest; one person's files are counted by their age."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(sha256=""), name="accepted_file_has_digest"
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by", "created_at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> str:
        """Why it was not taken and what to do, in the language in use; "" if nothing is wrong."""
        if not self.refusal:
            return ""
        problem = problem_from(self.refusal)
        return f"{problem.what()} {problem.todo()}"

    @property
    def remark_list(self) -> list[FileProblem]:
        """What is said beside an accepted file."""
        remarks: list[dict[str, Any]] = self.remarks
        return [problem_from(remark) for remark in remarks]


class Upload(models.Model):
    """An upload in parts that is under way; the row goes when it is done, ended or expired.

    Shapes: its id is that of `stored`; `offset` of `length` bytes are safe on the disk;
    `expected_sha256` is what the sender says, or "".
    """

    stored = models.OneToOneField(
        StoredFile, primary_key=True, on_delete=models.CASCADE, related_name="upload"
    )
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    expected_sha256 = models.CharField(max_length=64, blank=True)
    deadline = models.DateTimeField(db_index=True)

    class Meta:
        """There is never more than was announced."""

        constraints = [
            models.CheckConstraint(
                condition=Q(offset__gte=0, offset__lte=models.F("length")),
                name="upload_within_length",
            ),
        ]

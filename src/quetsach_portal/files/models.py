"""A file that somebody handed in."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class FileState(models.TextChoices):
    """Where a file stands; only an accepted one is ever handed out."""

    RECEIVING = "receiving"
    CHECKING = "checking"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


class Purpose(models.TextChoices):
    """What a file is for; it decides which kinds and sizes are taken."""

    EVIDENCE = "evidence"
    FINDINGS = "findings"
    PROOF = "proof"
    REGISTER = "register"
    LETTER = "letter"
    DOCUMENT = "document"


class StoredFile(models.Model):
    """One file. `id` is random and is its name on disk; `name` is only ever shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=FileState.choices, default=FileState.RECEIVING)
    refusal = models.CharField(max_length=500, blank=True)
    owner_path = models.CharField(max_length=255, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

"""Uploaded register files that wait for confirmation, and the outlines of units on a map."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit


class UploadState(models.TextChoices):
    """The state of a register file."""

    OPEN = "open", _lazy("Waits to be confirmed")
    SAVED = "saved", _lazy("Saved")
    DROPPED = "dropped", _lazy("Thrown away")


class RegisterUpload(models.Model):
    """A register file that was read and is not saved yet.

    Shapes: `content` are its rows and errors, packed; emptied once it is saved or thrown away,
    since it holds people's names and telephone numbers.
    """

    top = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=UploadState.choices, default=UploadState.OPEN)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)


class AreaShape(models.Model):
    """The outline of a unit's territory in its time; `valid_to` is exclusive, None while it holds.

    Shapes: `path` has polygons of rings of corners, each corner as two whole numbers: degrees east
    and north of WGS 84 times 10,000 (`register.shapes`).
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="shapes")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=120)
    path = models.JSONField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One a unit and day."""

        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="shape_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="shape_ends_after_it_begins",
            ),
        ]

"""Assignments: a person, a unit, a role, and from when until when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import Line, OrgUnit


class Role(models.TextChoices):
    """What somebody is in a unit; campaign.md calls them by these letters."""

    LEAD_OWNER = "LO", _lazy("Lead office, owner")
    LEAD_ANALYST = "LA", _lazy("Lead office, analyst")
    OPERATOR = "OP", _lazy("Operator (IT)")
    COMPILER = "CO", _lazy("Compiler")
    FOCAL_POINT = "FP", _lazy("Focal point")
    SIGNER = "SG", _lazy("Signer")
    CLERK = "CK", _lazy("Clerk")
    TECHNICIAN = "TE", _lazy("Technician")
    AUDITOR = "AU", _lazy("Auditor")


class Assignment(models.Model):
    """Somebody has a role in a unit for a time; ended, never deleted. `valid_to` is exclusive.

    Shapes: `acting_for` is the person whose role this delegation lends, at most 60 days.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="assignments")
    line = models.CharField(max_length=10, choices=Line.choices, default=Line.TERRITORY)
    role = models.CharField(max_length=2, choices=Role.choices)
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="lent"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One open assignment a person, unit and role."""

        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_assignment",
            ),
        ]

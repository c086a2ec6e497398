"""Assignments: a person, a unit, a role, and from when until when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit, ReportingLine


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
    line = models.CharField(
        max_length=10, choices=ReportingLine.choices, default=ReportingLine.TERRITORY
    )
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
        """One open assignment per person, unit and role; what is lent has an end."""

        constraints = [
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | Q(valid_to__isnull=False),
                name="what_is_lent_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["user", "unit", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_assignment",
            ),
        ]


class Invitation(models.Model):
    """A one-time link by which somebody gets a role in a unit, or their account back.

    Shapes: the link holds a token that the portal makes from `nonce` and its own secret key; the
    row keeps the SHA-256 of it alone, so the database opens no account. With `user`, the link is
    for an account that exists and gives it a new password, and `role` is empty. `valid_to` is the
    first day on which the role no longer holds.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=2, choices=Role.choices, blank=True)
    valid_to = models.DateField(null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="new_links"
    )
    nonce = models.CharField(max_length=43)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One open invitation an address, unit and role; an end is one of two."""

        constraints = [
            models.UniqueConstraint(
                fields=["email", "unit", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="accepted_or_withdrawn",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """True while the link lets somebody in."""
        return (
            self.accepted_at is None
            and self.withdrawn_at is None
            and timezone.now() < self.expires_at
        )

"""Tokens by which programs sign in: for one unit, for some purposes, until a day."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit


class TokenScope(models.TextChoices):
    """What a token is for; one may have several."""

    READ = "read", _lazy("Read what the unit's pages show")
    EVIDENCE = "evidence", _lazy("Hand in evidence and findings")
    LISTS = "lists", _lazy("Fetch lists for devices")
    WATCH = "watch", _lazy("Watch: report its state, hand in findings, fetch the list looked for")


class ApiToken(models.Model):
    """A token of a unit.

    Shapes: `digest` is the SHA-256 of the token, which itself is kept nowhere; `begins` its first
    letters, by which people know it. It reaches what `made_by` reaches in `unit` on the day of the
    request, and nothing once that person has no role there.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()
    used_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

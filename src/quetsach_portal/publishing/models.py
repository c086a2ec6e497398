"""The public page of a campaign, and when each part of its folder was written last."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quetsach_portal.campaigns.models import Campaign


class PublicPage(models.Model):
    """What the public plane says of a campaign; of one campaign at a time, which `is_shown`.

    Shapes: `address` is the plane's own, as https://host without a slash at its end; `domains` are
    the official hosts; `documents` is the page on which a document's code is typed; the table of
    addresses answers for `days_valid` days after it was made.
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="public_page")
    title = models.CharField(max_length=200)
    office = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    domains = models.JSONField(default=list)
    documents = models.CharField(max_length=200, blank=True)
    days_valid = models.PositiveSmallIntegerField(default=7)
    is_shown = models.BooleanField(default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The plane shows one."""

        constraints = [
            models.UniqueConstraint(
                fields=["is_shown"], condition=Q(is_shown=True), name="one_public_page_shown"
            ),
        ]


class WriterRun(models.Model):
    """How a writer of settings.PUBLIC_WRITERS ended last, and when it last ended well.

    Shapes: `problem` is in words, "" when it ended well; `said` is what it wrote, where it says so.
    """

    writer = models.CharField(max_length=200, primary_key=True)
    tried_at = models.DateTimeField(default=timezone.now)
    written_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=300, blank=True)
    problem = models.CharField(max_length=500, blank=True)

"""The public page of a campaign, and when each part of its folder was written last."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

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


class TakenFile(models.Model):
    """A file of the plane's inbox that was counted: it never counts again, should it come back."""

    name = models.CharField(max_length=80, primary_key=True)
    taken_at = models.DateTimeField(default=timezone.now, db_index=True)
    counted = models.PositiveIntegerField(default=0)
    kept_aside = models.PositiveIntegerField(default=0)


class RefusedFile(models.Model):
    """A file of the inbox that the plane does not write so: set aside, nothing of it counted."""

    name = models.CharField(max_length=255, primary_key=True)
    reason = models.CharField(max_length=12)
    refused_at = models.DateTimeField(default=timezone.now)


class Aside(models.TextChoices):
    """Why a count moved no counter."""

    OVER = "over", _lazy("more on a day than people come")
    UNKNOWN = "unknown", _lazy("no such code")
    ENDED = "ended", _lazy("a code that has ended")
    NOT_RUNNING = "not-running", _lazy("the campaign does not run")
    NO_PAGE = "no-page", _lazy("no public page is shown")


class KeptAside(models.Model):
    """Counts that moved no counter, by day and code: shown, never lost.

    Shapes: `code` is as it was sent; of many made-up codes of a day "…" holds the rest together.
    """

    day = models.DateField()
    code = models.CharField(max_length=40, blank=True)
    act = models.CharField(max_length=8)
    why = models.CharField(max_length=12, choices=Aside.choices)
    count = models.BigIntegerField(default=0)

    class Meta:
        """One a day, code, act and reason."""

        constraints = [
            models.UniqueConstraint(fields=["day", "code", "act", "why"], name="kept_aside_once"),
        ]

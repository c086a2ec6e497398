"""News of acts, which people read in the portal, what they read, and the mails that tell of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.units.models import OrgUnit


class NewsKind(models.TextChoices):
    """What happened; `people/news/readers.py` says which roles of the unit read of it."""

    MACHINE = "machine", _lazy("Machine of your unit with malware")
    ALERT = "alert", _lazy("Alert to your unit")
    SILENT = "silent", _lazy("A unit below does not answer")
    LETTER = "letter", _lazy("New letter")
    WITHDRAWN = "withdrawn", _lazy("A letter was withdrawn")
    REMINDED = "reminded", _lazy("Reminder of the office above")
    DEADLINE = "deadline", _lazy("More time for a report: decided")
    MORE_TIME = "more-time", _lazy("A unit below asks for more time")
    RETURNED = "returned", _lazy("Report returned to your unit")
    ACCEPTED = "accepted", _lazy("Report of your unit accepted")
    REPORTED = "reported", _lazy("Report of a unit below")
    LIST = "list", _lazy("The list of malicious addresses changed")
    ASKED = "asked", _lazy("A change waits for a second person")
    CHANGED = "changed", _lazy("The campaign was changed")
    CORRECTED = "corrected", _lazy("A date, unit or text was corrected")
    DECLINED = "declined", _lazy("The change you asked for was declined")


class NewsEvent(models.Model):
    """Something that a unit has to know, written in the act's transaction.

    Shapes: `key` is the subject by which events are grouped, "case:12"; `about` names it: the
    number of a case or letter, a unit, a campaign, never a machine or a person. `path` is the page
    of this portal. `by` is who did it, to whom it is no news; with `to` it is for that person.
    """

    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    campaign_no = models.BigIntegerField(null=True, db_index=True)
    kind = models.CharField(max_length=9, choices=NewsKind.choices)
    key = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """News is asked for by unit, the newest first."""

        indexes = [models.Index(fields=["unit", "id"])]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"


class NewsReading(models.Model):
    """Somebody has read an event."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(NewsEvent, on_delete=models.CASCADE, related_name="readings")

    class Meta:
        """Once."""

        constraints = [models.UniqueConstraint(fields=["user", "event"], name="news_read_once")]


class NewsReader(models.Model):
    """How far somebody read and was told by mail.

    Shapes: all events up to the number `read_until` are read, all up to `mailed_until` told;
    `looked_on` is the day on which it was last decided whether a mail is sent.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="news_reader"
    )
    read_until = models.BigIntegerField(default=0)
    mailed_until = models.BigIntegerField(default=0)
    looked_on = models.DateField(null=True)


class NewsMail(models.Model):
    """A mail that tells somebody of the news after `after`, up to `until`, without its text.

    Shapes: `key` is its day, or the week for a weekly one: there is one of each.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=16)
    after = models.BigIntegerField()
    until = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One a person and day or week."""

        constraints = [models.UniqueConstraint(fields=["user", "key"], name="news_mail_once")]


class MailSort(models.TextChoices):
    """Mails that their reader can switch off; those of letters and accounts are not among them."""

    MACHINES = "machines", _lazy("At once: a machine of the unit with malware")
    DEADLINES = "deadlines", _lazy("At once: a deadline within a day, and reminders sent by hand")
    OFFICE = "office", _lazy("At once: a unit below needs your office or does not answer")
    DIGEST = "digest", _lazy("At 07:30: all other news, only when there is any")
    WEEKLY = "weekly", _lazy("Once a week: the news, for chiefs")


class MailChoice(models.Model):
    """Whether an address wants a sort of mail; the link in a mail names the row alone."""

    address = models.EmailField()
    sort = models.CharField(max_length=9, choices=MailSort.choices)
    is_off = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One of each."""

        constraints = [models.UniqueConstraint(fields=["address", "sort"], name="mail_choice_once")]

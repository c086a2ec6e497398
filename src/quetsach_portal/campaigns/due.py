"""Deadlines in words: "before 29/9/2022 – 3 days left"."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def before_text(due_at: datetime) -> str:
    """Return "before 29/09/2022", with the time of day unless it is the day's beginning."""
    local = timezone.localtime(due_at)
    day = date_format(local, "SHORT_DATE_FORMAT")
    if local.hour == local.minute == 0:
        return _("before the day %(day)s") % {"day": day}
    return _("before %(time)s on %(day)s") % {"time": f"{local:%H:%M}", "day": day}


def due_sentence(due_at: datetime, now: datetime | None = None) -> str:
    """Return the deadline with what is left of it, by the clock of the server."""
    moment = timezone.now() if now is None else now
    return f"{before_text(due_at)} – {left_text(due_at, moment)}"


def left_text(due_at: datetime, now: datetime) -> str:
    """Return how long there is left, or for how long it has been too late.

    Counted in days of the calendar up to the last day that is in time.
    """
    if now >= due_at:
        days = max(1, -days_left(due_at, now))
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    days = days_left(due_at, now)
    if days == 0:
        return _("today is the last day")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def days_left(due_at: datetime, now: datetime) -> int:
    """Return the days from today to the last day in time; 0 on that day, negative afterwards."""
    last = timezone.localtime(due_at - timedelta(microseconds=1)).date()
    return (last - timezone.localtime(now).date()).days

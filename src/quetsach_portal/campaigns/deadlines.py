"""Deadlines: always an exclusive instant, computed for each level back from the top level.

"Trước ngày 29/9/2022" is 2022-09-29T00:00 at the place of the campaign: what comes at that instant
is late. A level that is due two days earlier gets its deadline two working days back (Monday to
Friday; public holidays move by decree each year and are not known here, so the page shows every
computed day to the person who sets it), or two days of the calendar where the phase says so.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SATURDAY = 5
MOST_LEVELS = 12


def exclusive(day: date, at: time | None = None) -> datetime:
    """Return the instant from which on it is too late: the beginning of `day`, or `at` on it."""
    moment = datetime.combine(day, time(0) if at is None else at)
    return moment.replace(tzinfo=timezone.get_default_timezone())


def after_last_moment(last: datetime) -> datetime:
    """Return the exclusive deadline of a letter whose last second in time is `last`."""
    return last + timedelta(seconds=1)


def due_at_depth(
    top: datetime, lead_days: Mapping[str, int], depth: int, *, working_days: bool
) -> datetime:
    """Return when a unit `depth` levels below the root is due, if the root is due at `top`.

    A level without a number takes that of the nearest level above it that has one.
    """
    return earlier(top, lead_at(lead_days, depth), working_days=working_days)


def lead_at(lead_days: Mapping[str, int], depth: int) -> int:
    """Return by how many days the level `depth` is due before the root."""
    set_levels = [level for level in range(1, depth + 1) if str(level) in lead_days]
    return int(lead_days[str(set_levels[-1])]) if set_levels else 0


def earlier(due: datetime, days: int, *, working_days: bool) -> datetime:
    """Return the deadline `days` before `due`; 0 leaves it as the letter has it, weekend or not."""
    if days <= 0:
        return due
    local = timezone.localtime(due, timezone.get_default_timezone())
    # The last day on which a report is in time: a deadline at midnight belongs to the day before.
    last = (local - timedelta(microseconds=1)).date()
    rest = local.replace(tzinfo=None) - datetime.combine(last, time(0))
    shifted = datetime.combine(_back(last, days, working_days=working_days), time(0)) + rest
    return shifted.replace(tzinfo=timezone.get_default_timezone())


def _back(day: date, days: int, *, working_days: bool) -> date:
    return moved(day, -days) if working_days else day - timedelta(days=days)


def moved(day: date, days: int, days_off: Collection[date] = ()) -> date:
    """Return the day `days` working days after `day`, or before it where `days` is negative."""
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= is_working_date(day, days_off)
    return day


def is_working_date(day: date, days_off: Collection[date] = ()) -> bool:
    """True from Monday to Friday, but for `days_off`, which name public holidays."""
    return day.weekday() < SATURDAY and day not in days_off


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
    return f"{before_text(due_at)} – {describe_time_left(due_at, moment)}"


def describe_time_left(due_at: datetime, now: datetime) -> str:
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


# Silence is counted in hours of work, not in nights and weekends.

WORKING_HOURS = ((time(7, 30), time(11, 30)), (time(13), time(17)))
"""The eight hours of a working day; Monday to Friday."""

MORNING = WORKING_HOURS[0][0]


def is_working_day(moment: datetime) -> bool:
    """True from Monday to Friday, here; public holidays are not known."""
    return timezone.localtime(moment).weekday() < SATURDAY


def after_working_hours(start: datetime, hours: float) -> datetime:
    """Return when `hours` of work have gone by since `start`."""
    owed = timedelta(hours=hours)
    day = timezone.localtime(start)
    while True:
        for begin, end in WORKING_HOURS if is_working_day(day) else ():
            opens = max(day.replace(hour=begin.hour, minute=begin.minute, second=0), day)
            closes = day.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
            if closes <= opens:
                continue
            if opens + owed <= closes:
                return opens + owed
            owed -= closes - opens
        following = (day + timedelta(days=1)).date()
        day = timezone.make_aware(datetime.combine(following, time()))

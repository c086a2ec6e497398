"""Deadlines as text for templates."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.deadlines import before_text

register = template.Library()

# Django writes "Thứ 3"; in Vietnamese letters it is "thứ Ba" (Decree 30/2020, annex II).
_WEEKDAYS = (
    _lazy("Monday"),
    _lazy("Tuesday"),
    _lazy("Wednesday"),
    _lazy("Thursday"),
    _lazy("Friday"),
    _lazy("Saturday"),
    _lazy("Sunday"),
)


@register.filter
def before(due_at: datetime | None) -> str:
    """Return "before the day 29/09/2022"; "–" for none."""
    return "–" if due_at is None else before_text(due_at)


@register.filter
def last_day(due_at: datetime) -> str:
    """Return the last day that is in time, with its weekday."""
    last = timezone.localtime(due_at - timedelta(microseconds=1))
    return f"{_WEEKDAYS[last.weekday()]}, {date_format(last, 'd/m/Y')}"

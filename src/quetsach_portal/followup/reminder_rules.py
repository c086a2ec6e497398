"""The calendar of reminders: which there are, on which days each goes out, and to whom.

Days are working days: Monday to Friday, but for the days off that the office named. So a reminder
never falls on a day on which nobody reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from quetsach_portal.campaigns.deadlines import is_working_date, moved
from quetsach_portal.campaigns.models.campaign import (
    COUNTED,
    Campaign,
    ExpectedReport,
    ExpectedReportState,
    Phase,
)
from quetsach_portal.followup.models import (
    PendingStep,
    Reminder,
    ReminderAudience,
    ReminderCalendar,
    ReminderOccasion,
)
from quetsach_portal.looks.models import UnitLookGrade

MOST_DAYS = 30
"""So many working days before or after its day a reminder goes out at most."""

WAITS_FOR: Mapping[str, PendingStep] = {
    ReminderOccasion.LATE: PendingStep.REPORTED,
    ReminderOccasion.DUE: PendingStep.REPORTED,
    ReminderOccasion.LOOK: PendingStep.LOOKED,
    ReminderOccasion.RECEIPT: PendingStep.RECEIVED,
}
"""What the unit is reminded of on each occasion."""


@dataclass(frozen=True)
class CalendarRule:
    """One reminder of the calendar, as `ReminderRule` has it."""

    occasion: ReminderOccasion
    days: int
    audience: ReminderAudience = ReminderAudience.UNIT
    words: str = ""
    is_on: bool = True

    @property
    def waits_for(self) -> PendingStep:
        """What the unit is reminded of."""
        return WAITS_FOR[self.occasion]

    @property
    def is_before(self) -> bool:
        """True for a reminder that goes out before its day, False for one after it."""
        return self.occasion in (ReminderOccasion.DUE, ReminderOccasion.LOOK)


USUAL = (
    CalendarRule(ReminderOccasion.LATE, 1, ReminderAudience.HEADS),
    CalendarRule(ReminderOccasion.DUE, 1, ReminderAudience.HEADS),
    CalendarRule(ReminderOccasion.DUE, 3),
    CalendarRule(ReminderOccasion.LOOK, 5),
    CalendarRule(ReminderOccasion.RECEIPT, 2),
)
"""The reminders of a campaign that settled on no calendar of its own."""


@dataclass(frozen=True)
class SettledCalendar:
    """The reminders of a campaign, the most urgent first, and the days on which none goes out.

    Shapes: `is_saved` is False where they are the usual ones.
    """

    rules: Sequence[CalendarRule]
    days_off: frozenset[date]
    is_saved: bool


def calendar_of(campaign: Campaign) -> SettledCalendar:
    """Return the reminders that hold for `campaign`. Cost: two queries."""
    calendar = ReminderCalendar.objects.filter(campaign=campaign).first()
    if calendar is None:
        return SettledCalendar(USUAL, frozenset(), is_saved=False)
    rows = [
        CalendarRule(
            ReminderOccasion(row.occasion),
            row.days,
            ReminderAudience(row.audience),
            row.words,
            row.is_on,
        )
        for row in calendar.rules.all()
    ]
    days_off = frozenset(date.fromisoformat(text) for text in calendar.days_off)
    return SettledCalendar(sorted(rows, key=_urgency), days_off, is_saved=True)


def _urgency(rule: CalendarRule) -> tuple[int, int]:
    # Of two reminders of one day a unit gets the first alone.
    return list(ReminderOccasion).index(rule.occasion), rule.days


def day_of_reminder(rule: CalendarRule, day: date, days_off: frozenset[date]) -> date:
    """Return when `rule` goes out for the unit's own `day`: its last day, or when it was told."""
    if rule.days:
        return moved(day, -rule.days if rule.is_before else rule.days, days_off)
    return day if is_working_date(day, days_off) else moved(day, -1, days_off)


def days_reminded_on(rule: CalendarRule, today: date, days_off: frozenset[date]) -> list[date]:
    """Return the days of units for which `rule` goes out on `today`."""
    return [day for day in _near(rule, today) if day_of_reminder(rule, day, days_off) == today]


def _near(rule: CalendarRule, today: date) -> Iterator[date]:
    # Days off in a row are fewer than 30: a longer pause is a pause of the campaign.
    reach = 2 * rule.days + 30
    for away in range(reach):
        yield today + timedelta(days=away if rule.is_before else -away)


def slots_due(
    campaign: Campaign, rule: CalendarRule, today: date, days_off: frozenset[date]
) -> QuerySet[ExpectedReport]:
    """Return the reports whose units `rule` reminds today, of each unit that was not reminded yet.

    A unit that was not told, is excused, or has done what it is reminded of is left out. Of several
    phases the one that is due first is meant.
    """
    by_letter = rule.occasion == ReminderOccasion.RECEIPT
    days = days_reminded_on(rule, today, days_off)
    falls = _told_on if by_letter else _last_day_is
    rows = ExpectedReport.objects.filter(
        reduce(or_, map(falls, days), Q(pk__in=())),
        phase__campaign=campaign,
        reported_at__isnull=True,
        node__state__in=COUNTED,
        node__told_at__isnull=False,
    )
    rows = rows.exclude(state=ExpectedReportState.EXCUSED)
    reminded = Reminder.objects.filter(day=today, undone_at__isnull=True)
    rows = rows.exclude(node_id__in=reminded.values("node_id"))
    if rule.occasion == ReminderOccasion.LOOK:
        rows = rows.filter(has_not_looked("node__"))
    elif by_letter:
        first = Phase.objects.filter(campaign=campaign).order_by("no").values("pk")[:1]
        rows = rows.filter(node__received_at__isnull=True, phase_id=first)
    return rows.select_related("node__campaign", "node__unit", "phase").order_by("due_at", "pk")


def has_not_looked(prefix: str = "") -> Q:
    """Return the condition that the unit of the node at `prefix` has looked at nothing."""
    return Q(**{f"{prefix}look__isnull": True}) | Q(**{f"{prefix}look__grade": UnitLookGrade.NONE})


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _last_day_is(day: date) -> Q:
    """Return the condition "`day` is the last one in time"; a deadline is itself too late."""
    begins = _begin_of(day)
    return Q(due_at__gt=begins, due_at__lte=begins + timedelta(days=1))


def _told_on(day: date) -> Q:
    begins = _begin_of(day)
    return Q(node__told_at__gte=begins, node__told_at__lt=begins + timedelta(days=1))

"""What the calendar of reminders means for a campaign: its days, and one mail as it goes out."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from quetsach_portal.campaigns import queries
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.followup.mails import NO_WORDS, OwnWords, reminder_subject, reminder_text
from quetsach_portal.followup.models import ReminderOccasion
from quetsach_portal.followup.reminder_rules import CalendarRule, SettledCalendar, day_of_reminder


@dataclass(frozen=True)
class ReminderDay:
    """When a reminder goes out: on `day`, None days after the letter, to the units of `level`.

    Shapes: `level` None stands for all levels.
    """

    rule: CalendarRule
    level: int | None
    day: date | None
    is_past: bool


def reminder_days(campaign: Campaign, shown: SettledCalendar) -> list[ReminderDay]:
    """Return the days of the current phase on which reminders go out, in their order.

    Shapes: the reminder after the letter has no day, as nobody knows yet when that is delivered.
    """
    phase, today = queries.current_phase(campaign), timezone.localdate()
    levels = () if phase is None else queries.levels(phase, queries.units_by_depth(campaign))
    days: list[ReminderDay] = []
    for rule in shown.rules:
        if not rule.is_on:
            continue
        if rule.occasion == ReminderOccasion.RECEIPT:
            days.append(ReminderDay(rule, None, None, is_past=False))
            continue
        day_of_level: dict[int | None, date] = {}
        for level in levels:
            last = timezone.localtime(level.due_at - timedelta(microseconds=1)).date()
            day_of_level[level.depth] = day_of_reminder(rule, last, shown.days_off)
        if len(day_of_level) > 1 and len(set(day_of_level.values())) == 1:
            day_of_level = {None: next(iter(day_of_level.values()))}
        days.extend(
            ReminderDay(rule, depth, day, is_past=day < today)
            for depth, day in day_of_level.items()
        )
    return sorted(days, key=lambda row: (row.day or date.min, row.level or 0))


def mail_preview(campaign: Campaign, shown: SettledCalendar) -> tuple[str, str] | None:
    """Return subject and text of one reminder to the first unit; None without tree or reminder."""
    rules = [rule for rule in shown.rules if rule.is_on]
    nodes = CampaignNode.objects.filter(campaign=campaign).select_related("campaign", "unit")
    node = nodes.filter(depth=1).order_by("path").first() or nodes.first()
    if node is None or not rules:
        return None
    rule = rules[0]
    slot = ExpectedReport.objects.filter(node=node).order_by("phase__no").first()
    words = OwnWords(rule.words, campaign.lead_unit.name) if rule.words else NO_WORDS
    step = rule.waits_for
    return reminder_subject(node, step), reminder_text(node, step, slot, words)

"""Settle on the calendar of reminders of a campaign."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.actions.state import locked, record_act
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignState
from quetsach_portal.followup.models import ReminderCalendar, ReminderRule
from quetsach_portal.followup.reminder_rules import MOST_DAYS, CalendarRule
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused

SETTLES = (CampaignState.DRAFT, CampaignState.READY, CampaignState.LIVE)
MOST_RULES = 12
MOST_DAYS_OFF = 60


def settle_calendar(
    campaign: Campaign,
    rules: Sequence[CalendarRule],
    days_off: Collection[date],
    *,
    actor: User,
) -> ReminderCalendar:
    """Return the calendar of `campaign`, now with these reminders and days off.

    Errors: Refused for the same reminder twice, too many, too far away, or once the campaign ends.
    """
    if len({(rule.occasion, rule.days) for rule in rules}) < len(rules):
        raise Refused(_("The same reminder stands in the calendar twice."))
    if len(rules) > MOST_RULES or len(days_off) > MOST_DAYS_OFF:
        raise Refused(_("At most 12 reminders and 60 days off."))
    if any(rule.days > MOST_DAYS for rule in rules):
        raise Refused(_("At most 30 working days before or after."))
    with transaction.atomic():
        campaign = locked(campaign, *SETTLES)
        on = sum(rule.is_on for rule in rules)
        record_act("reminders.settled", campaign, actor, rules=len(rules), on=on)
        texts = sorted(day.isoformat() for day in days_off)
        calendar, _is_new = ReminderCalendar.objects.update_or_create(
            campaign=campaign,
            defaults={"days_off": texts, "saved_by": actor, "saved_at": timezone.now()},
        )
        calendar.rules.all().delete()
        ReminderRule.objects.bulk_create(
            ReminderRule(
                calendar=calendar,
                occasion=rule.occasion,
                days=rule.days,
                audience=rule.audience,
                words=rule.words,
                is_on=rule.is_on,
            )
            for rule in rules
        )
    return calendar

"""The deadlines of a unit as iCalendar; no person, no figure, no address of a machine.

Source: RFC 5545.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from quetsach_portal.campaigns.deadlines import before_text
from quetsach_portal.campaigns.models.campaign import (
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.plain_text import one_line

MOST_EVENTS = 200
SHOWN = (CampaignState.LIVE, CampaignState.CLOSING)
EARLY = timedelta(days=2)


def calendar_of(unit: OrgUnit) -> bytes:
    """Return the reports that `unit` owes in running campaigns, one all-day event each.

    The event is on the last day that is in time; a submitted report has no alarm.
    Cost: one query.
    """
    slots = (
        ExpectedReport.objects.filter(node__unit=unit, phase__campaign__state__in=SHOWN)
        .exclude(state=ExpectedReportState.EXCUSED)
        .select_related("phase__campaign")
        .order_by("due_at", "pk")
    )
    calendar = Calendar()
    calendar.add("prodid", "-//quetsach//deadlines//VI")
    calendar.add("version", "2.0")
    calendar.add("name", _calendar_name(unit))
    calendar.add("x-wr-calname", _calendar_name(unit))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for slot in slots[:MOST_EVENTS]:
        calendar.add_component(_event(slot))
    return bytes(calendar.to_ical())


def _event(slot: ExpectedReport) -> Event:
    last = timezone.localtime(slot.due_at - timedelta(microseconds=1)).date()
    campaign = slot.phase.campaign
    host = urlsplit(settings.QUETSACH.public_url).hostname or "localhost"
    event = Event()
    event.add("uid", f"slot-{slot.pk}@{host}")
    event.add("dtstamp", campaign.changed_at)
    event.add("dtstart", last)
    event.add("dtend", last + timedelta(days=1))
    words = {"no": slot.phase.no, "campaign": one_line(campaign.title)}
    event.add("summary", _("Report of phase %(no)s: last day – %(campaign)s") % words)
    event.add("description", _("Report due %(due)s.") % {"due": before_text(slot.due_at)})
    event.add("transp", "TRANSPARENT")
    if slot.reported_at is None:
        event.add_component(_alarm(str(event["summary"])))
    return event


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -EARLY)
    return alarm


def _calendar_name(unit: OrgUnit) -> str:
    return _("Deadlines of %(unit)s") % {"unit": one_line(unit.name)}

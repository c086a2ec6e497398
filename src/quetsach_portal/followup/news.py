"""News of the follow-up: reminders, units that stay silent, time that is asked for and given."""

from collections.abc import Sequence
from datetime import timedelta

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.campaigns.news import tell_office_of_report, tell_unit_of_report
from quetsach_portal.followup.models import Extension, Reminder, Silence
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.news.writing import NewsSubject, take_back, tell, tell_many

AT_ONCE = timedelta(minutes=1)
"""A reminder and its news are written in one act."""


def tell_of_reminder(nodes: Sequence[CampaignNode], *, by: User | None) -> None:
    """Write to units that they were reminded; the caller holds the transaction."""
    for campaign_id in sorted({node.campaign_id for node in nodes}):
        subjects = [
            (
                node.unit_id,
                NewsSubject(
                    _unit_key(node.pk),
                    node.name_at_freeze,
                    reverse("followup:node", args=[node.pk]),
                ),
            )
            for node in nodes
            if node.campaign_id == campaign_id
        ]
        tell_many(NewsKind.REMINDED, subjects, campaign_id=campaign_id, by=by)


def take_back_reminders(reminders: Sequence[Reminder]) -> None:
    """Delete the news of reminders that are undone; the caller holds the transaction."""
    for reminder in reminders:
        take_back(NewsKind.REMINDED, [_unit_key(reminder.node_id)], since=reminder.at - AT_ONCE)


def _unit_key(node_id: int) -> str:
    return f"unit:{node_id}"


def tell_of_silence(parent: CampaignNode, silent: Sequence[Silence]) -> None:
    """Write to an office how many units below it have not answered."""
    with translation.override("vi"):
        about = _("%(count)s units have not answered – %(campaign)s") % {
            "count": len({owed.node_id for owed in silent}),
            "campaign": parent.campaign.title,
        }
    page = reverse("followup:silent", args=[parent.campaign_id])
    subject = NewsSubject(f"silence:{parent.pk}", about, page)
    tell(NewsKind.SILENT, parent.unit_id, subject, campaign_id=parent.campaign_id)


def tell_of_question(extension: Extension, *, by: User) -> None:
    """Write to the office above that a unit asks for more time."""
    page = reverse("followup:decide", args=[extension.pk])
    tell_office_of_report(NewsKind.MORE_TIME, extension.slot, page=page, by=by)


def tell_of_decision(extension: Extension) -> None:
    """Write to the unit, and to the office above, that its time was decided about."""
    slot, actor = extension.slot, extension.decided_by
    tell_unit_of_report(NewsKind.DEADLINE, slot, by=actor)
    page = reverse("followup:node", args=[slot.node_id])
    tell_office_of_report(NewsKind.DEADLINE, slot, page=page, by=actor)

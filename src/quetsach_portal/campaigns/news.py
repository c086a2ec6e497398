"""News about a campaign and the reports that it expects: what each is about and where it stands."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, ExpectedReport
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.news import NewsKind
from quetsach_portal.people.news.writing import NewsSubject, tell, tell_many


def campaign_subject(campaign: Campaign, page: str = "campaigns:show") -> NewsSubject:
    """Return a campaign as the subject of news."""
    return NewsSubject(f"campaign:{campaign.pk}", campaign.title, reverse(page, args=[campaign.pk]))


def tell_of_campaign(
    kind: NewsKind,
    campaign: Campaign,
    *,
    by: User | None,
    to: User | None = None,
    page: str = "campaigns:change",
) -> None:
    """Write to the lead office what concerns the whole campaign; the caller holds the transaction.

    With `to` it is for that person alone.
    """
    subject = campaign_subject(campaign, page)
    tell(kind, campaign.lead_unit_id, subject, campaign_id=campaign.pk, by=by, to=to)


def tell_units(kind: NewsKind, campaign: Campaign, nodes: Iterable[CampaignNode]) -> None:
    """Write to each of these units what concerns the campaign."""
    subject = campaign_subject(campaign)
    tell_many(kind, [(node.unit_id, subject) for node in nodes], campaign_id=campaign.pk)


def tell_unit_of_report(kind: NewsKind, slot: ExpectedReport, *, by: User | None) -> None:
    """Write to a unit what became of its report; the caller holds the transaction."""
    subject = NewsSubject(
        f"report:{slot.pk}", _report_of(slot), reverse("reports:slot", args=[slot.pk])
    )
    tell(kind, slot.node.unit_id, subject, campaign_id=slot.node.campaign_id, by=by)


def tell_office_of_report(
    kind: NewsKind, slot: ExpectedReport, *, page: str, by: User | None
) -> None:
    """Write to the office above, grouped by phase, what a unit below did; none above: nothing."""
    if slot.node.parent is not None:
        key = f"below:{slot.phase_id}:{slot.node.parent_id}"
        subject = NewsSubject(key, _report_of(slot), page)
        tell(kind, slot.node.parent.unit_id, subject, campaign_id=slot.node.campaign_id, by=by)


def _report_of(slot: ExpectedReport) -> str:
    facts = {"unit": slot.node.name_at_freeze, "phase": slot.phase.no}
    # It is kept as it is written: in the language of the offices, whoever acts.
    with translation.override("vi"):
        return _("%(unit)s, phase %(phase)s") % facts

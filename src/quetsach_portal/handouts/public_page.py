"""Who hands out: by the campaign's public page where it has one, else by this portal."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.campaigns.public_page import public_folder, said_of, shown_page
from quetsach_portal.handouts.giver import Giver
from quetsach_portal.participation.models import JoinCode
from quetsach_public.pages.campaign import Campaign as Said
from quetsach_public.pages.tools import Tool, read_tools

Shown = tuple[Said, tuple[Tool, ...]]


def shown_for(campaign: Campaign) -> Shown | None:
    """Return what the public page says of `campaign` and its tools, None where it has no page."""
    page = shown_page()
    if page is None or page.campaign_id != campaign.pk or not page.address:
        return None
    return said_of(page), read_tools(public_folder() / "tools.json")


def general_giver(campaign: Campaign) -> Giver:
    """Return who hands out for the campaign as a whole."""
    shown = shown_for(campaign)
    if shown is not None:
        return Giver(shown[0], shown[1], shown[0].office)
    said = _said_here(campaign)
    return Giver(said, (), said.office, link=f"{settings.QUETSACH.public_url}/")


def unit_giver(node: CampaignNode, code: JoinCode) -> Giver:
    """Return who hands out for a unit, whose `code` its QR code bears."""
    shown = shown_for(node.campaign)
    if shown is not None:
        return Giver(shown[0], shown[1], node.name_at_freeze, code=code.code, short=code.short)
    here = settings.QUETSACH.public_url
    return Giver(
        _said_here(node.campaign),
        (),
        node.name_at_freeze,
        link=here + reverse("join", args=[code.code]),
        typed=here + reverse("join", args=[code.shown]),
    )


def _said_here(campaign: Campaign) -> Said:
    host = urlsplit(settings.QUETSACH.public_url).hostname or ""
    return Said(campaign.title, campaign.lead_unit.name, domains=(host,))

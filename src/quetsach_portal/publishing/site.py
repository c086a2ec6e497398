"""The pages of the public plane: campaign.json, and the site laid out in three languages."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.handouts.versions import for_site
from quetsach_portal.publishing.models import PublicPage
from quetsach_portal.publishing.shown import page_to_write
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import Campaign, write_campaign
from quetsach_public.pages.signed_tools import read_signed
from quetsach_public.pages.tools import read_tools

WHAT = _lazy("Pages")


def write(folder: Path) -> None:
    """Write campaign.json and the site."""
    page = page_to_write()
    shown, tools = said_of(page), read_tools(folder / "tools.json")
    write_campaign(folder / "campaign.json", shown)
    build_site(folder / "site", shown, tools, for_site(page.campaign), read_signed(folder))


def said_of(page: PublicPage) -> Campaign:
    """Return what the pages say of the campaign."""
    return Campaign(
        title=page.title,
        office=page.office,
        phone=page.phone,
        address=page.address,
        domains=tuple(page.domains),
        documents=page.documents,
        amnesty=page.amnesty,
    )

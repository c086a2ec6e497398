"""The pages of the public plane: campaign.json, and the site laid out in three languages."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import said_of
from quetsach_portal.handouts.versions import for_site
from quetsach_portal.publishing.shown import page_to_write
from quetsach_public.pages.building import build_site
from quetsach_public.pages.campaign import write_campaign
from quetsach_public.pages.signed_tools import read_signed
from quetsach_public.pages.tools import read_tools

WHAT = _lazy("Pages")


def write(folder: Path) -> None:
    """Write campaign.json and the site."""
    page = page_to_write()
    shown, tools = said_of(page), read_tools(folder / "tools.json")
    write_campaign(folder / "campaign.json", shown)
    build_site(folder / "site", shown, tools, for_site(page.campaign), read_signed(folder))

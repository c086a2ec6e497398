"""The pages of the public plane: campaign.json, and the site laid out in three languages."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import PublicPage, said_of
from quetsach_portal.participation.handouts.editions import for_site
from quetsach_portal.publishing.folder import CannotWrite, page_to_write
from quetsach_public.pages.building import build_closed_site, build_site
from quetsach_public.pages.campaign import write_campaign
from quetsach_public.pages.tools import read_signed, read_tools

SITE_LABEL = _lazy("Pages")


def write_site(folder: Path) -> None:
    """Write campaign.json and the site."""
    page = page_to_write()
    shown, tools = said_of(page), read_tools(folder / "tools.json")
    write_campaign(folder / "campaign.json", shown)
    build_site(folder / "site", shown, tools, for_site(page.campaign), read_signed(folder))


# The pages of the public plane while none is shown: that the last one is closed.


CLOSED_SITE_LABEL = _lazy("Notice that the page is closed")


def write_closed_site(folder: Path) -> None:
    """Write the notice in place of all pages. Errors: CannotWrite while a page is shown."""
    if PublicPage.objects.filter(is_shown=True).exists():
        raise CannotWrite("a public page is shown")
    closed = PublicPage.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
    if closed is None:
        raise CannotWrite("no public page was shown")
    campaign = said_of(closed)
    write_campaign(folder / "campaign.json", campaign)
    build_closed_site(folder / "site", campaign)

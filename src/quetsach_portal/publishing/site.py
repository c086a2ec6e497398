"""Write the pages of the public plane: materials, campaign.json, the site or its closing notice."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import PublicPage, page_campaign
from quetsach_portal.participation.handouts.editions import for_site, refresh_editions
from quetsach_portal.participation.handouts.giver import general_giver
from quetsach_portal.publishing.folder import CannotWrite, page_to_write
from quetsach_public.pages.building import build_closed_site, build_site
from quetsach_public.pages.campaign import write_campaign
from quetsach_public.pages.tools import read_signed, read_tools

MATERIALS_LABEL = _lazy("Materials")
SITE_LABEL = _lazy("Pages")
CLOSED_SITE_LABEL = _lazy("Notice that the page is closed")


def write_materials(folder: Path) -> str:
    """Make the editions of what has changed, and return how many there are."""
    page = page_to_write()
    if not page.address:
        raise CannotWrite(
            _("Write the address of the public page first: the QR codes on posters lead there.")
        )
    editions = refresh_editions(page.campaign, general_giver(page.campaign))
    return _("%(count)s files") % {"count": len(editions)}


def write_site(folder: Path) -> None:
    """Write campaign.json and the site."""
    page = page_to_write()
    campaign, tools = page_campaign(page), read_tools(folder / "tools.json")
    write_campaign(folder / "campaign.json", campaign)
    build_site(folder / "site", campaign, tools, for_site(page.campaign), read_signed(folder))


def write_closed_site(folder: Path) -> None:
    """Write the notice in place of all pages. Errors: CannotWrite while a page is shown."""
    if PublicPage.objects.filter(is_shown=True).exists():
        raise CannotWrite("a public page is shown")
    closed = PublicPage.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
    if closed is None:
        raise CannotWrite("no public page was shown")
    campaign = page_campaign(closed)
    write_campaign(folder / "campaign.json", campaign)
    build_closed_site(folder / "site", campaign)

"""The pages of the public plane while none is shown: that the last one is closed."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.public_page import PublicPage, said_of
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_public.pages.building import build_closed_site
from quetsach_public.pages.campaign import write_campaign

WHAT = _lazy("Notice that the page is closed")


def write(folder: Path) -> None:
    """Write the notice in place of all pages. Errors: CannotWrite while a page is shown."""
    if PublicPage.objects.filter(is_shown=True).exists():
        raise CannotWrite("a public page is shown")
    closed = PublicPage.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
    if closed is None:
        raise CannotWrite("no public page was shown")
    campaign = said_of(closed)
    write_campaign(folder / "campaign.json", campaign)
    build_closed_site(folder / "site", campaign)

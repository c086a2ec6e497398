"""Which campaign the public plane shows."""

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.publishing.models import PublicPage
from quetsach_portal.publishing.problems import CannotWrite


def shown_page() -> PublicPage | None:
    """Return the page that is shown, None while no campaign has one."""
    pages = PublicPage.objects.filter(is_shown=True)
    return pages.select_related("campaign__lead_unit").first()


def page_to_write() -> PublicPage:
    """Return the page for a writer. Errors: CannotWrite while none is shown."""
    page = shown_page()
    if page is None:
        raise CannotWrite("no public page is shown")
    return page


def campaign_to_write() -> Campaign:
    """Return the campaign for a writer. Errors: CannotWrite while none is shown."""
    return page_to_write().campaign


def join_address(code: str, campaign_id: int) -> str:
    """Return where a unit's code leads on the public plane, "" while its address is not known."""
    page = shown_page()
    if page is None or page.campaign_id != campaign_id or not page.address:
        return ""
    return f"{page.address}/tham-gia?ma={code}"


def check_address(campaign_id: int) -> str:
    """Return where codes of reports are checked on the public plane, "" where they are not.

    The plane answers below /check as the portal does; any other page may be shaped otherwise.
    """
    page = shown_page()
    if page is None or page.campaign_id != campaign_id or not page.address:
        return ""
    here = f"{page.address}/check"
    return here if page.documents.rstrip("/") == here else ""

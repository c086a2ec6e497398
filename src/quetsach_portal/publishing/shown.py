"""The page and the campaign that a writer of the public folder writes."""

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.campaigns.public_page import PublicPage, shown_page
from quetsach_portal.publishing.problems import CannotWrite


def page_to_write() -> PublicPage:
    """Return the page for a writer. Errors: CannotWrite while none is shown."""
    page = shown_page()
    if page is None:
        raise CannotWrite("no public page is shown")
    return page


def campaign_to_write() -> Campaign:
    """Return the campaign for a writer. Errors: CannotWrite while none is shown."""
    return page_to_write().campaign

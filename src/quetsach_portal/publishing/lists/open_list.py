"""Write the public part of the campaign's list, for the page that matches files."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api import lists, problems
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.campaigns.release import describe_error, path_of_release
from quetsach_portal.cases.false_alarms import decisions_file
from quetsach_portal.publishing.folder import CannotWrite, page_to_write, write_file

OPEN_LIST_LABEL = _lazy("Public part of the list")
OPEN_LIST_FILE = "open-list.json"


def write_open_list(folder: Path) -> str:
    """Write the list and return how much of it is open. Errors: CannotWrite without a list."""
    page = page_to_write()
    campaign = page.campaign
    release = path_of_release(campaign)
    if release is None:
        # The list of an earlier campaign does not apply to this one.
        write_file(folder / OPEN_LIST_FILE, lists.NOTHING_OPEN.content)
        raise CannotWrite(_("The campaign has no list yet."))
    try:
        open_list = lists.open_indicators(
            release, decisions=_decisions_of(campaign), unmarked=is_declared_public(page)
        )
    except problems.QuetsachError as error:
        raise CannotWrite(describe_error(error)) from error
    path = folder / OPEN_LIST_FILE
    if not path.exists() or path.read_bytes() != open_list.content:
        write_file(path, open_list.content)
    return _(
        "%(count)d open; left out: %(closed)d that may not be public, %(doubtful)d expired or in "
        "doubt, %(over)d above the size limit."
    ) % {
        "count": open_list.count,
        "closed": open_list.closed,
        "doubtful": open_list.doubtful,
        "over": open_list.over,
    }


def is_declared_public(page: PublicPage) -> bool:
    """Return whether two people said that the list now in force may be public."""
    return bool(page.open_release) and page.open_release == page.campaign.release_sha256


def _decisions_of(campaign: Campaign) -> Path | None:
    root = CampaignNode.objects.filter(campaign=campaign, parent=None).first()
    return None if root is None else decisions_file(root)

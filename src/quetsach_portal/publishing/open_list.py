"""Write the part of the campaign's list that anybody may have, for the page that matches files."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach import api
from quetsach_portal.campaigns.models import Campaign, CampaignNode
from quetsach_portal.campaigns.release import path_of_release, told
from quetsach_portal.cases.decisions import decisions_file
from quetsach_portal.publishing.folder import put
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_portal.publishing.shown import campaign_to_write

WHAT = _lazy("Public part of the list")
FILE = "open-list.json"


def write(folder: Path) -> str:
    """Write the list and return how much of it is open. Errors: CannotWrite without a list."""
    campaign = campaign_to_write()
    release = path_of_release(campaign)
    if release is None:
        # The list of a campaign that was shown before says nothing of this one.
        put(folder / FILE, api.NOTHING_OPEN.content)
        raise CannotWrite(_("The campaign has no list yet."))
    try:
        made = api.open_indicators(release, decisions=_decisions_of(campaign))
    except api.QuetsachError as error:
        raise CannotWrite(told(error)) from error
    path = folder / FILE
    if not path.exists() or path.read_bytes() != made.content:
        put(path, made.content)
    return _(
        "%(count)d open; left out: %(closed)d not marked TLP:CLEAR, %(doubtful)d expired or in "
        "doubt, %(over)d for want of room."
    ) % {
        "count": made.count,
        "closed": made.closed,
        "doubtful": made.doubtful,
        "over": made.over,
    }


def _decisions_of(campaign: Campaign) -> Path | None:
    root = CampaignNode.objects.filter(campaign=campaign, parent=None).first()
    return None if root is None else decisions_file(root)

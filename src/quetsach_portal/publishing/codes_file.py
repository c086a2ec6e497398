"""Write the codes of units that are valid, and their units, for the public plane."""

from collections.abc import Iterator
from pathlib import Path

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode, CampaignState
from quetsach_portal.campaigns.public_page import shown_page
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.participation.queries import living
from quetsach_portal.publishing.folder import (
    CannotWrite,
    Writer,
    campaign_to_write,
    write_all,
    write_file,
)
from quetsach_public.codes import CodeAudience, CodesError, CodeUnit, codes_text, read_salt

CODES_LABEL = _lazy("Codes of units")
CODES_FILE = "codes.json"


def refresh_codes(work: RunningJob) -> None:
    """Write the codes; a separate job, each minute, because a new poster is used soon."""
    if shown_page() is not None:
        write_all([CODES_WRITER])
    with work.finishing():
        pass


def write_codes_file(folder: Path) -> None:
    """Write the codes of the campaign that is shown, where they have changed.

    Codes of another campaign are unknown to its page: it would name the wrong campaign.
    Cost: two queries and a look at the file while nothing changes.
    """
    campaign, path = campaign_to_write(), folder / CODES_FILE
    runs = campaign.state == CampaignState.LIVE
    salt, before = read_salt(path)
    now = _stamp(campaign)
    if now == before:
        return
    try:
        write_file(path, codes_text(_codes(campaign), runs=runs, salt=salt, of=now))
    except CodesError as error:
        raise CannotWrite(_("There are too many codes: %(why)s") % {"why": error}) from error


CODES_WRITER = Writer("quetsach_portal.publishing.codes.write", write_codes_file, CODES_LABEL)


def _stamp(campaign: Campaign) -> str:
    """Return what changes when a code is made, ends or leads on, or the campaign begins or ends.

    The day is included because replaced codes expire.
    """
    codes = JoinCode.objects.filter(node__campaign=campaign)
    counted = codes.aggregate(Count("pk"), Max("pk"), Count("ended_at"), Max("ended_at"))
    heirs = CampaignNode.replaced_by.through.objects.filter(from_campaignnode__campaign=campaign)
    parts = (campaign.pk, campaign.state, *counted.values(), heirs.count(), timezone.localdate())
    return " ".join(map(str, parts))


def _codes(campaign: Campaign) -> Iterator[tuple[str, CodeUnit]]:
    for code, leads_to in living(campaign):
        unit = CodeUnit(leads_to.node.name_at_freeze, CodeAudience(leads_to.kind))
        yield code.code, unit
        yield code.short, unit

"""What the pages show of tools."""

from django.db.models import QuerySet
from django.http import Http404

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.publishing.models import PublicTool, ToolState
from quetsach_portal.publishing.tools_file import has_key, public_key
from quetsach_portal.rights.scope import found


def tools_of(campaign: Campaign) -> QuerySet[PublicTool]:
    """Return all entries of a campaign, the newest first."""
    rows = PublicTool.objects.filter(campaign=campaign)
    return rows.select_related("drafted_by", "published_by").order_by("-pk")


def older(campaign: Campaign, number: str) -> PublicTool | None:
    """Return the published entry of which a new version is written. Errors: Http404."""
    if not number:
        return None
    rows = PublicTool.objects.filter(campaign=campaign, state=ToolState.PUBLISHED)
    return found(rows.filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0))


def key_is_there() -> bool:
    """True when the catalogue was signed once."""
    return has_key()


def key() -> bytes:
    """Return the public key of the catalogue. Errors: Http404 before the first was written."""
    if not has_key():
        raise Http404
    return public_key()

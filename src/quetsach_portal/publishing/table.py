"""table.bin: what the self-check answers from; notices in the portal and the lists in use."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.cases.notice_models import BatchState, NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.publishing.families import UNKNOWN, devices_of
from quetsach_portal.publishing.lists import rows_of
from quetsach_portal.publishing.models import ListKind, ListState, PublicList
from quetsach_portal.publishing.problems import CannotWrite
from quetsach_portal.publishing.shown import page_to_write
from quetsach_public.addresses import caller_of, is_inside_address
from quetsach_public.table import Family
from quetsach_public.table_writing import Contents, Listed, write_table

WHAT = _lazy("Table of addresses")


def write(folder: Path) -> str:
    """Write the table, and return how many addresses are in it.

    Errors: CannotWrite without ranges, or where nobody has ever handed in an address.
    """
    page = page_to_write()
    used = {
        one.kind: one
        for one in PublicList.objects.filter(campaign=page.campaign, state=ListState.TAKEN)
    }
    if ListKind.RANGES not in used:
        raise CannotWrite(
            _("The address ranges of the country are missing: hand them in and take them over.")
        )
    made_at = _made_at(page.campaign, used.get(ListKind.LISTED))
    if made_at is None:
        raise CannotWrite(
            _("No addresses have come in: hand in a list, or notices of the authority.")
        )
    listed = [*_in_notices(page.campaign), *_in_list(used.get(ListKind.LISTED))]
    names = sorted({one.family for one in listed})
    written = write_table(
        folder / "table.bin",
        Contents(
            list_name=used[ListKind.LISTED].name if ListKind.LISTED in used else page.title,
            made_at=made_at,
            days_valid=page.days_valid,
            families=[Family(one, tuple(devices_of(one))) for one in names],
            ranges=[row[0] for row in rows_of(used[ListKind.RANGES].sha256)],
            shared=_shared(used.get(ListKind.SHARED)),
            listed=listed,
        ),
    )
    text = ngettext("%(count)s address", "%(count)s addresses", written.listed)
    said = text % {"count": written.listed}
    if written.outside:
        outside = _("%(count)s lie outside the ranges and are not answered")
        said += "; " + outside % {"count": len(written.outside)}
    return said


def _made_at(campaign: Campaign, taken: PublicList | None) -> datetime | None:
    """Return when the newest word came in: a table written today of old words is old."""
    batches = NoticeBatch.objects.filter(node__campaign=campaign, state=BatchState.TRACED)
    newest = batches.order_by("-handed_in_at").values_list("handed_in_at", flat=True).first()
    moments = [newest, None if taken is None else taken.handed_in_at]
    return max((one for one in moments if one is not None), default=None)


def _in_notices(campaign: Campaign) -> Iterator[Listed]:
    """Yield the public addresses of the authority's notices, whoever's they are."""
    rows = NoticeItem.objects.filter(
        batch__node__campaign=campaign, batch__state=BatchState.TRACED, at__isnull=False
    ).exclude(outcome=NoticeOutcome.REJECTED)
    found = rows.values_list("address", "family", "at").order_by("pk")
    for address, family, at in found.iterator(chunk_size=5_000):
        caller = caller_of(address)
        if caller is not None and not is_inside_address(caller):
            day = timezone.localtime(at).date()
            yield Listed(address, family or UNKNOWN, day, day)


def _in_list(taken: PublicList | None) -> Iterator[Listed]:
    if taken is not None:
        for address, family, first, last in rows_of(taken.sha256):
            days = date.fromisoformat(first), date.fromisoformat(last)
            yield Listed(address, family or UNKNOWN, *days)


def _shared(taken: PublicList | None) -> list[str]:
    return [] if taken is None else [row[0] for row in rows_of(taken.sha256)]

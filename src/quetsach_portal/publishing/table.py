"""Write table.bin for the self-check: addresses from notices and lists, with malware families."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.cases.models.notice import BatchState, NoticeBatch, NoticeItem, NoticeOutcome
from quetsach_portal.publishing.folder import CannotWrite, page_to_write
from quetsach_portal.publishing.lists.queries import rows_of
from quetsach_portal.publishing.models import ListKind, ListState, PublicList
from quetsach_public.addresses import caller_of, is_inside_address
from quetsach_public.table import MalwareFamily
from quetsach_public.table_writing import PublicEntry, TableContents, write_table

UNKNOWN = "?"

_IOT = ("router", "camera")
_WINDOWS = ("windows",)
_ANDROID = ("android",)

_DEVICES: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("mirai", "gafgyt", "bashlite", "mozi", "hajime", "tsunami", "vpnfilter", "moobot"): _IOT,
    ("vo1d", "badbox", "triada", "joker", "flubot", "anatsa", "hummingbad", "xhelper"): _ANDROID,
    ("emotet", "conficker", "sality", "ramnit", "andromeda", "gamarue", "wannacry"): _WINDOWS,
    ("necurs", "zeus", "trickbot", "qakbot", "qbot", "lokibot", "formbook", "njrat"): _WINDOWS,
    ("agenttesla", "redline", "lumma", "virut", "nymaim", "gamut", "dridex"): _WINDOWS,
    ("plugx", "remcos", "asyncrat", "amadey", "socgholish", "raccoon", "vidar"): _WINDOWS,
}


def devices_of(family: str) -> Sequence[str]:
    """Return the kinds of device that `family` lives on, none where we do not know."""
    plain = "".join(sign for sign in family.casefold() if sign.isalnum())
    for names, devices in _DEVICES.items():
        if any(name in plain for name in names):
            return devices
    return ()


TABLE_LABEL = _lazy("Table of addresses")


def write_address_table(folder: Path) -> str:
    """Write the table, and return how many addresses are in it.

    Errors: CannotWrite without ranges, or without any address.
    """
    page = page_to_write()
    used = {
        one.kind: one
        for one in PublicList.objects.filter(campaign=page.campaign, state=ListState.TAKEN)
    }
    if ListKind.RANGES not in used:
        raise CannotWrite(
            _("The address ranges of the country are missing: upload and accept them.")
        )
    made_at = _made_at(page.campaign, used.get(ListKind.LISTED))
    if made_at is None:
        raise CannotWrite(
            _("There are no addresses yet: upload a list, or notices of the authority.")
        )
    listed = [*_in_notices(page.campaign), *_in_list(used.get(ListKind.LISTED))]
    names = sorted({one.family for one in listed})
    written = write_table(
        folder / "table.bin",
        TableContents(
            list_name=used[ListKind.LISTED].name if ListKind.LISTED in used else page.title,
            made_at=made_at,
            days_valid=page.days_valid,
            families=[MalwareFamily(one, tuple(devices_of(one))) for one in names],
            ranges=[row[0] for row in rows_of(used[ListKind.RANGES].sha256)],
            shared=_shared(used.get(ListKind.SHARED)),
            listed=listed,
        ),
    )
    text = ngettext("%(count)s address", "%(count)s addresses", written.listed)
    summary = text % {"count": written.listed}
    if written.outside:
        outside = _("%(count)s outside the ranges, not answered")
        summary += "; " + outside % {"count": len(written.outside)}
    return summary


def _made_at(campaign: Campaign, in_use: PublicList | None) -> datetime | None:
    """Return when the newest word came in: a table written today of old words is old."""
    batches = NoticeBatch.objects.filter(node__campaign=campaign, state=BatchState.TRACED)
    newest = batches.order_by("-handed_in_at").values_list("handed_in_at", flat=True).first()
    moments = [newest, None if in_use is None else in_use.handed_in_at]
    return max((one for one in moments if one is not None), default=None)


def _in_notices(campaign: Campaign) -> Iterator[PublicEntry]:
    """Yield all public addresses of the authority's notices."""
    rows = NoticeItem.objects.filter(
        batch__node__campaign=campaign, batch__state=BatchState.TRACED, at__isnull=False
    ).exclude(outcome=NoticeOutcome.REJECTED)
    found = rows.values_list("address", "family", "at").order_by("pk")
    for address, family, at in found.iterator(chunk_size=5_000):
        caller = caller_of(address)
        if caller is not None and not is_inside_address(caller):
            day = timezone.localtime(at).date()
            yield PublicEntry(address, family or UNKNOWN, day, day)


def _in_list(taken: PublicList | None) -> Iterator[PublicEntry]:
    if taken is not None:
        for address, family, first, last in rows_of(taken.sha256):
            days = date.fromisoformat(first), date.fromisoformat(last)
            yield PublicEntry(address, family or UNKNOWN, *days)


def _shared(taken: PublicList | None) -> list[str]:
    return [] if taken is None else [row[0] for row in rows_of(taken.sha256)]

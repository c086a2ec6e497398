"""Queries behind the pages for the public page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.public_page import PublicPage, shown_page
from quetsach_portal.publishing.counts import CountFileFlaw, waiting
from quetsach_portal.publishing.models import (
    ChangeState,
    PageChange,
    PublicTool,
    RefusedFile,
    SetAsideCount,
    SetAsideReason,
    TakenFile,
    ToolState,
    WriterRun,
)
from quetsach_portal.publishing.writing import CLOSED, WRITERS


@dataclass(frozen=True)
class FolderPart:
    """A part of the folder: what it is called, and how its writer ended last."""

    what: Any
    run: WriterRun | None


def page_of(campaign: Campaign) -> PublicPage | None:
    """Return the public page of a campaign, None while it has none."""
    return PublicPage.objects.filter(campaign=campaign).select_related("changed_by").first()


def not_official(page: PublicPage | None, campaign: Campaign) -> Sequence[str]:
    """Return the addresses that the campaign itself sends people to, and that its page calls fake.

    They are the page's own and that of the letter; a page that names none calls none fake.
    """
    if page is None or not page.domains:
        return []
    return [
        address
        for address in dict.fromkeys((page.address, campaign.page_url))
        if address and not is_official(address, page.domains)
    ]


def is_official(address: str, domains: Sequence[str]) -> bool:
    """True when the host of `address` is one of `domains`, or lies below one."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    return any(host == one or host.endswith(f".{one}") for one in domains)


@dataclass(frozen=True)
class WaitingPageChange:
    """A change that waits for a second owner; `rows` are (what, as it is, as it is to be)."""

    change: PageChange
    rows: Sequence[tuple[Any, str, str]]


def waiting_change(campaign: Campaign) -> WaitingPageChange | None:
    """Return the change of the page that waits for a second owner, None for none."""
    changes = PageChange.objects.filter(page__campaign=campaign, state=ChangeState.WAITING)
    change = changes.select_related("page", "proposed_by").first()
    if change is None:
        return None
    rows = [
        (_FIELDS[name], _in_words(getattr(change.page, name)), _in_words(value))
        for name, value in sorted(change.says.items())
    ]
    return WaitingPageChange(change, rows)


def _in_words(content: str | list[Any]) -> str:
    if isinstance(content, str):
        return content or "–"
    parts = [part if isinstance(part, str) else ": ".join(part) for part in content]
    return ", ".join(parts) or "–"


def count_of_tools(campaign: Campaign) -> tuple[int, int]:
    """Return how many tools are published, and how many wait for a second person."""
    states = PublicTool.objects.filter(campaign=campaign).values_list("state", flat=True)
    counted = Counter(states)
    return counted[ToolState.PUBLISHED], counted[ToolState.DRAFT]


def initial_content(campaign: Campaign) -> dict[str, Any]:
    """Return the initial fields of the form: the page, else those of the campaign."""
    page = page_of(campaign)
    if page is None:
        office = campaign.lead_unit.name
        return {"title": campaign.title[:200], "office": office[:200], "days_valid": 7}
    names = ("title", "office", "phone", "address", "documents", "amnesty", "days_valid")
    lines = {
        "domains": "\n".join(page.domains),
        "carriers": "\n".join(f"{name}, {address}" for name, address in page.carriers),
    }
    return {**{name: getattr(page, name) for name in names}, **lines}


def parts() -> Sequence[FolderPart]:
    """Return the parts of the folder in the order in which they are written."""
    runs = WriterRun.objects.in_bulk([writer.name for writer in (*WRITERS, CLOSED)])
    is_closed = CLOSED.name in runs and shown_page() is None
    writers = (CLOSED,) if is_closed else WRITERS
    return [FolderPart(writer.what, runs.get(writer.name)) for writer in writers]


MOST_SHOWN = 30

_FIELDS: Mapping[str, Any] = {
    "address": _lazy("Address of the public page"),
    "domains": _lazy("Official addresses"),
    "documents": _lazy("Page on which a document's code is checked"),
    "carriers": _lazy("Carriers that answer slips"),
    "open_release": _lazy("List that may be public (SHA-256)"),
}
_ACTS: Mapping[str, Any] = {
    "joined": _lazy("joined"),
    "scanned": _lazy("checked a machine"),
    "cleaned": _lazy("cleaned a machine"),
    "pulled": _lazy("downloaded material"),
}
_FLAWS: Mapping[str, Any] = {
    CountFileFlaw.NAME: _lazy("file name not from the public plane"),
    CountFileFlaw.NOT_A_FILE: _lazy("a link, folder or device instead of a file"),
    CountFileFlaw.TOO_LARGE: _lazy("larger than a file of counts can be"),
    CountFileFlaw.NOT_COUNTS: _lazy("invalid format of counts"),
    CountFileFlaw.WRONG_VALUE: _lazy("contains a value that the public plane never writes"),
}


@dataclass(frozen=True)
class CountInbox:
    """How the counts of the public plane arrive.

    Shapes: `aside` are (day, code, what, why, how many), the newest first.
    """

    waiting: int
    last: TakenFile | None
    aside: Sequence[tuple[Any, ...]]
    refused: Sequence[tuple[RefusedFile, Any]]


def inbox() -> CountInbox:
    """Return the imported, set-aside and refused counts."""
    kept = SetAsideCount.objects.values("day", "code", "act", "why").annotate(many=Sum("count"))
    aside = [
        (one["day"], one["code"], _ACTS[one["act"]], SetAsideReason(one["why"]).label, one["many"])
        for one in kept.order_by("-day", "-many")[:MOST_SHOWN]
    ]
    refused = RefusedFile.objects.order_by("-refused_at")[:MOST_SHOWN]
    last = TakenFile.objects.order_by("-taken_at").first()
    return CountInbox(waiting(), last, aside, [(one, _FLAWS[one.reason]) for one in refused])

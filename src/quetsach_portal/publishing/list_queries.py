"""What the pages show of lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quetsach_portal.campaigns.access import leads_it
from quetsach_portal.campaigns.models import Campaign
from quetsach_portal.publishing.list_words import why_doubtful, why_left_out
from quetsach_portal.publishing.models import ListKind, ListState, PublicList
from quetsach_portal.rights.scope import Scope

_OPEN = (ListState.WAITING, ListState.READ, ListState.FAILED)


@dataclass(frozen=True)
class OfKind:
    """The lists of one kind: the one in use, and the newest that waits for somebody."""

    kind: ListKind
    used: PublicList | None
    newest: PublicList | None


def lists_of(campaign: Campaign) -> Sequence[OfKind]:
    """Return the lists of a campaign by kind. Cost: one query."""
    rows = PublicList.objects.filter(campaign=campaign, state__in=(*_OPEN, ListState.TAKEN))
    found: dict[tuple[str, bool], PublicList] = {}
    for row in rows.select_related("handed_in_by", "decided_by").order_by("-pk")[:300]:
        found.setdefault((row.kind, row.state == ListState.TAKEN), row)
    return [_of(kind, found.get((kind, True)), found.get((kind, False))) for kind in ListKind]


def _of(kind: ListKind, used: PublicList | None, newest: PublicList | None) -> OfKind:
    if used is not None and newest is not None and newest.pk < used.pk:
        newest = None
    return OfKind(kind, used, newest)


def page_of(scope: Scope, row: PublicList) -> dict[str, Any]:
    """Return what the page of a list shows."""
    before = row.rows - row.fresh + row.gone
    fresh, gone = row.examples or ([], [])
    return {
        "campaign": row.campaign,
        "list": row,
        "fresh": fresh,
        "gone": gone,
        "left_out": [(why_left_out(reason), many, first) for reason, many, first in row.left_out],
        "doubts": [(why_doubtful(reason), many, first) for reason, many, first in row.doubts],
        "loses_much": before > 0 and row.gone * 2 > before,
        "decides": row.state == ListState.READ and leads_it(scope, row.campaign),
    }

"""Lists of the public page: their stored rows, doubtful rows, and what the pages show."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.access import leads_it
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.publishing.folder import write_file
from quetsach_portal.publishing.models import ListKind, ListState, PublicList
from quetsach_public.addresses import ClientAddress, caller_of, span_of

_UNUSABLE: Mapping[str, Any] = {
    "nothing": _lazy(
        "No row of the file could be used. Check that it is the right file and that its columns "
        "have headings."
    ),
    "too-many": _lazy(
        "The file has too many rows for such a list. Check that it is the right file."
    ),
    "too-wide": _lazy(
        "The networks contain more addresses than any supported country has. Select the rows of "
        "one country only."
    ),
}

_LEFT_OUT: Mapping[str, Any] = {
    "bad-network": _lazy("not a network"),
    "private-address": _lazy("a private address, not used on the Internet"),
    "too-wide": _lazy("a network too large for one company or one country"),
    "too-narrow": _lazy("an IPv6 network smaller than /64"),
    "no-reason": _lazy("no reason why it is shared"),
    "no-time": _lazy("no time of observation"),
    "bad-time": _lazy("an invalid time"),
    "no-address": _lazy("not an address"),
    "bad-address": _lazy("not an address"),
    "network": _lazy("a network where one address was expected"),
    "bad-port": _lazy("an invalid port"),
}

_DOUBTFUL: Mapping[str, Any] = {
    "public-resolver": _lazy("addresses of public resolvers: possibly the wrong column was read"),
    "outside-ranges": _lazy(
        "addresses outside the country's ranges in use: queries from there are not answered"
    ),
}


def why_unusable(reason: str) -> str:
    """Return why nothing of a file is used; a text that is no reason code is returned unchanged."""
    return str(_UNUSABLE.get(reason, reason))


_OPEN = (ListState.WAITING, ListState.READ, ListState.FAILED)


@dataclass(frozen=True)
class OfKind:
    """The lists of one kind: the one in use, and the newest that is undecided."""

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


def page_of(scope: Scope, public_list: PublicList) -> dict[str, Any]:
    """Return what the page of a list shows."""
    before = public_list.rows - public_list.fresh + public_list.gone
    fresh, gone = public_list.examples or ([], [])
    return {
        "campaign": public_list.campaign,
        "list": public_list,
        "fresh": fresh,
        "gone": gone,
        "left_out": [
            (_LEFT_OUT.get(reason, reason), many, first)
            for reason, many, first in public_list.left_out
        ],
        "doubts": [
            (_DOUBTFUL.get(reason, reason), many, first)
            for reason, many, first in public_list.doubts
        ],
        "loses_much": before > 0 and public_list.gone * 2 > before,
        "decides": public_list.state == ListState.READ and leads_it(scope, public_list.campaign),
    }


Rows = list[list[str]]


def store_rows(rows: Rows) -> str:
    """Store `rows` and return their digest."""
    content = msgspec.json.encode(rows)
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, content)
    return digest


def rows_of(digest: str) -> Rows:
    """Return the rows that were kept; none for "". Errors: OSError; ValueError for other bytes."""
    if not digest:
        return []
    data = _path(digest).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(digest)
    return msgspec.json.decode(data, type=Rows)


def forget_rows(digest: str) -> None:
    """Remove rows that no list needs any more."""
    _path(digest).unlink(missing_ok=True)


def _path(digest: str) -> Path:
    home: Path = settings.QUETSACH.home
    return home / "public-lists" / f"{digest}.json"


Doubt = tuple[str, int, str]
"""Why, how many, and the first of them."""

# As Google, Cloudflare, Quad9, OpenDNS and AdGuard publish them: whoever is behind asks for
# everybody, so a list that has one was most likely made of the wrong column.
_RESOLVERS = frozenset(
    caller_of(one)
    for one in (
        *("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888"),
        *("1.1.1.1", "1.0.0.1", "2606:4700:4700::1111"),
        *("9.9.9.9", "149.112.112.112", "2620:fe::fe"),
        *("208.67.222.222", "208.67.220.220", "2620:119:35::35", "2620:119:53::53"),
        *("94.140.14.14", "94.140.15.15", "2a10:50c0::ad1:ff"),
    )
)


def doubts_of(rows: Rows, ranges: Iterable[str]) -> list[Doubt]:
    """Return what is doubtful in the `rows` of listed addresses; without `ranges` none is outside.

    Cost: one binary search per row.
    """
    spans = sorted(span_of(one) for one in ranges)
    doubts: dict[str, tuple[int, str]] = {}
    for address in (row[0] for row in rows):
        caller = caller_of(address)
        if caller is None:
            continue
        for why, is_so in (
            ("public-resolver", caller in _RESOLVERS),
            ("outside-ranges", bool(spans) and not _is_within(spans, caller)),
        ):
            if is_so:
                many, first = doubts.get(why, (0, address))
                doubts[why] = many + 1, first
    return [(why, *held) for why, held in sorted(doubts.items())]


def _is_within(spans: list[tuple[int, int, int]], caller: ClientAddress) -> bool:
    at = bisect_right(spans, (caller.version, caller.number, 1 << 128)) - 1
    if at < 0:
        return False
    version, first, last = spans[at]
    return version == caller.version and first <= caller.number <= last

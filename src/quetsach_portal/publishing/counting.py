"""Bring counts of the public plane to their units; what cannot be counted is kept aside, shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from quetsach_portal.campaigns.models import CampaignNode, CampaignState
from quetsach_portal.campaigns.queries import root_of
from quetsach_portal.handouts.actions import count_public
from quetsach_portal.participation.from_plane import Act, count_many
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.participation.queries import current
from quetsach_portal.publishing.count_files import Counted
from quetsach_portal.publishing.models import Aside, KeptAside
from quetsach_portal.publishing.shown import shown_page

MOST_CODES_A_DAY = 500
"""So many codes of a day are kept aside one by one: a script may make up any number of them."""

_REST = "…"


def count_all(counts: Iterable[Counted], hour: datetime) -> tuple[int, int]:
    """Return how many were counted, and how many were kept aside. The caller has a transaction."""
    counted = aside = 0
    for one in counts:
        over = _count(one, hour)
        counted, aside = counted + one.count - over, aside + over
    return counted, aside


def _count(one: Counted, hour: datetime) -> int:
    """Return how many of `one` were kept aside."""
    code, node, why = _place_of(one.code)
    if node is None:
        _keep_aside(one, why, one.count)
        return one.count
    over = count_many(node, code, Act(one.act), day=one.day, hour=hour, many=one.count)
    if over:
        _keep_aside(one, Aside.OVER, over)
    if one.act == Act.PULLED and one.of and one.count > over:
        count_public(node, one.of, one.day, one.count - over)
    return over


def _place_of(text: str) -> tuple[JoinCode | None, CampaignNode | None, Aside]:
    """Return the code that counts and its node, or why there is none."""
    if not text:
        page = shown_page()
        if page is None:
            return None, None, Aside.NO_PAGE
        runs = page.campaign.state == CampaignState.LIVE
        return None, root_of(page.campaign) if runs else None, Aside.NOT_RUNNING
    named = JoinCode.objects.select_related("node__campaign", "node__unit")
    asked = named.filter(code=text.lower()).first()
    if asked is None:
        return None, None, Aside.UNKNOWN
    code = current(asked)
    if code is None:
        return None, None, Aside.ENDED
    if code.node.campaign.state != CampaignState.LIVE:
        return None, None, Aside.NOT_RUNNING
    return code, code.node, Aside.OVER


def _keep_aside(one: Counted, why: Aside, many: int) -> None:
    code = one.code
    if why is Aside.UNKNOWN and not _is_kept(one):
        of_day = KeptAside.objects.filter(day=one.day, why=why)
        code = code if of_day.count() < MOST_CODES_A_DAY else _REST
    key: dict[str, Any] = {"day": one.day, "code": code, "act": one.act, "why": why}
    row, _is_new = KeptAside.objects.get_or_create(**key)
    KeptAside.objects.filter(pk=row.pk).update(count=F("count") + many)


def _is_kept(one: Counted) -> bool:
    return KeptAside.objects.filter(day=one.day, code=one.code, why=Aside.UNKNOWN).exists()

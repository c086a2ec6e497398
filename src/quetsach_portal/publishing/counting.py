"""Bring counts of the public plane to their units; what cannot be counted is kept aside, shown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from django.db.models import Q

from quetsach_portal.campaigns.models import CampaignNode, CampaignState
from quetsach_portal.campaigns.public_page import shown_page
from quetsach_portal.campaigns.queries import root_of
from quetsach_portal.handouts.actions import count_public
from quetsach_portal.participation.capped import Act, count_many
from quetsach_portal.participation.models import JoinCode
from quetsach_portal.participation.queries import current
from quetsach_portal.publishing.count_files import Counted
from quetsach_portal.publishing.models import Aside, KeptAside

MOST_CODES_A_DAY = 500
"""So many codes of a day are kept aside one by one: a script may make up any number of them."""

MOST_ASKED = 500
"""Codes, or rows, in one query."""

_REST = "…"

_Key: TypeAlias = tuple[date, str, str, Aside]
"""A day, a code as it was sent, an act, and why it moved no counter."""

_Place: TypeAlias = tuple[JoinCode | None, CampaignNode | None, Aside]
"""The code that counts and its node, or why there is none."""


def count_all(counts: Sequence[Counted], hour: datetime) -> tuple[int, int]:
    """Return how many were counted, and how many were kept aside. The caller has a transaction.

    Cost: by row only for codes that are ours; all made-up codes of a file together are a few
    queries, however many there are.
    """
    counted, aside = 0, Counter[_Key]()
    places = _places({one.code.lower() for one in counts})
    for one in counts:
        code, node, why = places.get(one.code.lower(), (None, None, Aside.UNKNOWN))
        over = one.count if node is None else _count(one, code, node, hour)
        counted += one.count - over
        if over:
            aside[one.day, one.code, one.act, why] += over
    _keep_aside(aside)
    return counted, aside.total()


def _count(one: Counted, code: JoinCode | None, node: CampaignNode, hour: datetime) -> int:
    """Return how many of `one` were above a cap."""
    over = count_many(node, code, Act(one.act), day=one.day, hour=hour, many=one.count)
    if one.act == Act.PULLED and one.of and one.count > over:
        count_public(node, one.of, one.day, one.count - over)
    return over


def _places(texts: set[str]) -> dict[str, _Place]:
    """Return where codes count, for those that are known at all."""
    found = {"": _without_code()} if "" in texts else {}
    named = JoinCode.objects.select_related("node__campaign", "node__unit")
    asked = sorted(texts - {""})
    for start in range(0, len(asked), MOST_ASKED):
        some = asked[start : start + MOST_ASKED]
        either = Q(code__in=some) | Q(short__in=[one.upper() for one in some])
        for code in named.filter(either):
            found[code.code] = found[code.short.lower()] = _place_of(code)
    return found


def _without_code() -> _Place:
    page = shown_page()
    if page is None:
        return None, None, Aside.NO_PAGE
    runs = page.campaign.state == CampaignState.LIVE
    return None, root_of(page.campaign) if runs else None, Aside.OVER if runs else Aside.NOT_RUNNING


def _place_of(asked: JoinCode) -> _Place:
    code = current(asked)
    if code is None:
        return None, None, Aside.ENDED
    if code.node.campaign.state != CampaignState.LIVE:
        return None, None, Aside.NOT_RUNNING
    return code, code.node, Aside.OVER


def _keep_aside(aside: Mapping[_Key, int]) -> None:
    # The caller alone takes files (folder.alone), so nobody else adds to these rows.
    days = {day for day, _code, _act, _why in aside}
    rows = {
        (row.day, row.code, row.act, Aside(row.why)): row
        for row in KeptAside.objects.filter(day__in=days)
    }
    named = Counter(day for day, _code, _act, why in rows if why is Aside.UNKNOWN)
    fresh, changed = list[KeptAside](), dict[_Key, KeptAside]()
    for (day, code, act, why), many in aside.items():
        key = (day, code, act, why)
        if why is Aside.UNKNOWN and key not in rows:
            key = key if named[day] < MOST_CODES_A_DAY else (day, _REST, act, why)
            named[day] += 1
        row = rows.get(key)
        if row is None:
            row = rows[key] = KeptAside(day=day, code=key[1], act=act, why=why)
            fresh.append(row)
        elif row.pk is not None:
            changed[key] = row
        row.count += many
    KeptAside.objects.bulk_create(fresh, batch_size=MOST_ASKED)
    KeptAside.objects.bulk_update(changed.values(), ["count"], batch_size=MOST_ASKED)

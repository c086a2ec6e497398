"""The part of a set that anybody may have, as one JSON for a page that matches in the browser.

Only what its sources mark TLP:CLEAR goes out: what is silent on it may not be shown to everybody.
Source: FIRST, Traffic Light Protocol 2.0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import msgspec

from quetsach.indicators.dates import status_at
from quetsach.indicators.model import (
    AllowDecision,
    Indicator,
    IndicatorClass,
    IndicatorKind,
    IndicatorSet,
    IndicatorStatus,
    MatchRule,
    Tlp,
)

FORMAT = "quetsach-open-list/1"
MOST_OPEN = 20_000
LONGEST_KEY = 500
"""Characters; longer web addresses are left out."""

MOST_CHARACTERS = 1_500_000
"""Of all keys together: phones fetch the list, packed to about a third."""

_LONGEST_FAMILY = 60
_FIRST = (
    IndicatorClass.C2,
    IndicatorClass.DOWNLOAD,
    IndicatorClass.PHISHING,
    IndicatorClass.UNKNOWN,
    IndicatorClass.SINKHOLE,
    IndicatorClass.SCANNER,
)
"""Where there is no room for all, those go out that tell most."""

_PLURAL = {
    IndicatorKind.NAME: "names",
    IndicatorKind.ADDRESS: "addresses",
    IndicatorKind.NETWORK: "networks",
    IndicatorKind.URL: "urls",
    IndicatorKind.HASH: "hashes",
}


@dataclass(frozen=True)
class OpenList:
    """The JSON, how many it holds, and how many not: too secret, doubtful or over, no room."""

    content: bytes
    count: int
    closed: int
    doubtful: int
    over: int


def open_list(
    indicator_set: IndicatorSet,
    when_us: int,
    *,
    made_us: int,
    title: str = "",
    most: int = MOST_OPEN,
) -> OpenList:
    """Return what may be shown to everybody at `when_us` of a set made at `made_us`.

    The same set gives the same bytes, so that what holds them need not fetch them again.
    """
    every = [one for one in indicator_set.indicators if one.is_met]
    clear = [one for one in every if one.claim.tlp is Tlp.CLEAR]
    sound = [one for one in clear if _is_sound(one, when_us)]
    ordered = sorted(sound, key=lambda one: (_FIRST.index(one.claim.of_class), one.key))[:most]
    lengths = accumulate(len(one.key) for one in ordered)
    room = (length <= MOST_CHARACTERS for length in lengths)
    taken = [one for one, has_room in zip(ordered, room, strict=True) if has_room]
    return OpenList(
        content=_content(taken, made_us, title),
        count=len(taken),
        closed=len(every) - len(clear),
        doubtful=len(clear) - len(sound),
        over=len(sound) - len(taken),
    )


def _is_sound(one: Indicator, when_us: int) -> bool:
    """Return whether a finding frightens nobody for nothing: no service of everybody, no doubt."""
    return (
        status_at(one.claim, when_us) is IndicatorStatus.ACTIVE
        and not one.allow_classes
        and one.decided != AllowDecision.WATCH
        and len(one.key) <= LONGEST_KEY
    )


def _content(taken: Iterable[Indicator], made_us: int, title: str) -> bytes:
    families = {"": 0}
    groups: dict[str, dict[str, int]] = {}
    for one in sorted(taken, key=lambda one: (one.key, one.kind)):
        family = families.setdefault(one.label[:_LONGEST_FAMILY], len(families))
        exact = one.kind is IndicatorKind.NAME and one.rule is not MatchRule.BELOW
        groups.setdefault("exact" if exact else _PLURAL[one.kind], {})[one.key] = family
    return msgspec.json.encode(
        {
            "format": FORMAT,
            "made_s": made_us // 1_000_000,
            "title": title,
            "families": list(families),
            **groups,
        }
    )

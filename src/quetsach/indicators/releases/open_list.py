"""The public part of a set, as one JSON for a page that matches in the browser.

Only indicators that their sources mark TLP:CLEAR are included. Those without a level are where the
office whose list it is says that it may be public; what is marked stricter never is.
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
    """The JSON, its count of indicators, and the counts left out: restricted, doubtful, no room."""

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
    unmarked: bool = False,
) -> OpenList:
    """Return the public part, at `when_us`, of a set made at `made_us`.

    `unmarked` tells that what has no level may be public, by its owner's decision.
    The same set gives the same bytes, so that caches stay valid.
    """
    every = [indicator for indicator in indicator_set.indicators if indicator.is_met]
    levels = (Tlp.CLEAR, None) if unmarked else (Tlp.CLEAR,)
    clear = [indicator for indicator in every if indicator.claim.tlp in levels]
    sound = [indicator for indicator in clear if _is_sound(indicator, when_us)]
    ordered = sorted(
        sound, key=lambda indicator: (_FIRST.index(indicator.claim.of_class), indicator.key)
    )[:most]
    lengths = accumulate(len(indicator.key) for indicator in ordered)
    room = (length <= MOST_CHARACTERS for length in lengths)
    chosen = [indicator for indicator, has_room in zip(ordered, room, strict=True) if has_room]
    return OpenList(
        content=_content(chosen, made_us, title),
        count=len(chosen),
        closed=len(every) - len(clear),
        doubtful=len(clear) - len(sound),
        over=len(sound) - len(chosen),
    )


def _is_sound(indicator: Indicator, when_us: int) -> bool:
    """Return whether a match is reliable: active, on no allow-list, not under watch."""
    return (
        status_at(indicator.claim, when_us) is IndicatorStatus.ACTIVE
        and not indicator.allow_classes
        and indicator.decided != AllowDecision.WATCH
        and len(indicator.key) <= LONGEST_KEY
        # The page matches in raw lines, where a fingerprint proves nothing.
        and indicator.kind in _PLURAL
    )


def _content(indicators: Iterable[Indicator], made_us: int, title: str) -> bytes:
    families = {"": 0}
    groups: dict[str, dict[str, int]] = {}
    for indicator in sorted(indicators, key=lambda indicator: (indicator.key, indicator.kind)):
        family = families.setdefault(indicator.label[:_LONGEST_FAMILY], len(families))
        exact = indicator.kind is IndicatorKind.NAME and indicator.rule is not MatchRule.BELOW
        groups.setdefault("exact" if exact else _PLURAL[indicator.kind], {})[indicator.key] = family
    return msgspec.json.encode(
        {
            "format": FORMAT,
            "made_s": made_us // 1_000_000,
            "title": title,
            "families": list(families),
            **groups,
        }
    )

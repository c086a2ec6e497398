"""What is said of an address: one of four plain answers, and never that a machine is infected."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from quetsach_public.addresses import ClientAddress, is_inside_address
from quetsach_public.table import AddressTable, ListedSince


class AnswerKind(StrEnum):
    """The four answers."""

    NOT_SEEN = "not-seen"
    SEEN = "seen"
    CANNOT_TELL = "cannot-tell"
    TOO_OLD = "too-old"


class UnknownReason(StrEnum):
    """Why the connection cannot be checked."""

    SHARED = "shared"
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"
    UNREADABLE = "unreadable"


class Age(StrEnum):
    """How long ago an address was last seen; lines change hands, so old news weigh less."""

    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"


class CheckAnswer(NamedTuple):
    """The answer and its basis; `seen` and `age` for SEEN, `why` for CANNOT_TELL."""

    kind: AnswerKind
    why: UnknownReason | None = None
    seen: ListedSince | None = None
    age: Age | None = None


_TOO_OLD, _NOT_SEEN = CheckAnswer(AnswerKind.TOO_OLD), CheckAnswer(AnswerKind.NOT_SEEN)
_CANNOT_TELL = {why: CheckAnswer(AnswerKind.CANNOT_TELL, why) for why in UnknownReason}
_ELSEWHERE = _CANNOT_TELL[UnknownReason.ELSEWHERE]


def answer(table: AddressTable | None, caller: ClientAddress | None, now: datetime) -> CheckAnswer:
    """Return what `table` says of `caller` at `now` (with offset)."""
    if table is None or now >= table.valid_until:
        return _TOO_OLD
    if caller is None:
        return _CANNOT_TELL[UnknownReason.UNREADABLE]
    if is_inside_address(caller):
        return _CANNOT_TELL[UnknownReason.INSIDE]
    if table.is_shared(caller):
        return _CANNOT_TELL[UnknownReason.SHARED]
    listing = table.look_up(caller)
    if listing is True:
        return _NOT_SEEN
    if listing is False:
        return _ELSEWHERE
    return CheckAnswer(AnswerKind.SEEN, seen=listing, age=_age(listing, now))


def _age(seen: ListedSince, now: datetime) -> Age:
    days = (now.date() - seen.last).days
    return Age.WEEK if days <= 7 else Age.MONTH if days <= 30 else Age.LONGER


LONGEST = 400
MOST_AGENTS = 1_000
"""Names of browsers whose hints are at hand; thousands of people's browsers have the same name."""


@dataclass(frozen=True)
class OutdatedSystem:
    """A system or browser whose support ended; `ended` None where its maker names no day."""

    what: str
    ended: date | None


_WINDOWS = {
    "5.1": OutdatedSystem("Windows XP", date(2014, 4, 8)),
    "5.2": OutdatedSystem("Windows XP", date(2014, 4, 8)),
    "6.0": OutdatedSystem("Windows Vista", date(2017, 4, 11)),
    "6.1": OutdatedSystem("Windows 7", date(2020, 1, 14)),
    "6.2": OutdatedSystem("Windows 8", date(2016, 1, 12)),
    "6.3": OutdatedSystem("Windows 8.1", date(2023, 1, 10)),
}
"""By NT version. Windows 10 and 11 both say 10.0, so nothing is said of them."""

OLDEST_ANDROID = 13
OLDEST_IOS = 16
OLDEST_CHROME = 120
OLDEST_FIREFOX = 115
"""Firefox 115 is the last for Windows 7 to 8.1, and still mended for them."""

_NT = re.compile(r"Windows NT (\d+\.\d)")
_ANDROID = re.compile(r"Android (\d{1,2})(?:\.\d+)*(; K\))?")
_IOS = re.compile(r"(?:iPhone|CPU) OS (\d{1,2})_")
_CHROME = re.compile(r"(?:Chrome|CriOS)/(\d{1,4})\.")
_FIREFOX = re.compile(r"(?:Firefox|FxiOS)/(\d{1,4})\.")


@lru_cache(MOST_AGENTS)
def hints(agent: str) -> tuple[OutdatedSystem, ...]:
    """Return what of the caller's system and browser is no longer mended; none where unknown."""
    agent, outdated = agent[:LONGEST], []
    if named := _NT.search(agent):
        outdated += [_WINDOWS[named[1]]] if named[1] in _WINDOWS else []
    elif named := _ANDROID.search(agent):
        # Chrome calls every Android "10; K".
        if not named[2] and int(named[1]) < OLDEST_ANDROID:
            outdated.append(OutdatedSystem(f"Android {named[1]}", None))
    elif (named := _IOS.search(agent)) and int(named[1]) < OLDEST_IOS:
        outdated.append(OutdatedSystem(f"iOS {named[1]}", None))
    if "Trident/" in agent or "MSIE " in agent:
        outdated.append(OutdatedSystem("Internet Explorer", date(2022, 6, 15)))
    elif (named := _FIREFOX.search(agent)) and int(named[1]) < OLDEST_FIREFOX:
        outdated.append(OutdatedSystem(f"Firefox {named[1]}", None))
    elif (named := _CHROME.search(agent)) and int(named[1]) < OLDEST_CHROME:
        outdated.append(OutdatedSystem(f"Chrome {named[1]}", None))
    return tuple(outdated)


@lru_cache(MOST_AGENTS)
def told_by(agent: str) -> tuple[tuple[OutdatedSystem, ...], str]:
    """Return the hints and the platform of a browser by its name."""
    return hints(agent), platform(agent)


@lru_cache(MOST_AGENTS)
def platform(agent: str) -> str:
    """Return windows, android, ios, macos, or other: whose steps are shown first."""
    for word, name in (
        *(("Windows", "windows"), ("Android", "android"), ("iPhone", "ios"), ("iPad", "ios")),
        ("Macintosh", "macos"),
    ):
        if word in agent:
            return name
    return "other"

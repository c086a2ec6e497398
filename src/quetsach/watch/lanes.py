"""The lanes of a flood, by key and client: of which lines nothing was told yet.

A machine that contacts a name for the first time has a lane of its own, also where another one is
loud with the same name. So what it did is told although the flood is read later.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from quetsach.formats import received
from quetsach.sieve.contract import LineClock

MOST_OF_A_KEY = 64
"""So many lines of a key are read ahead in a second where no client is seen in them."""

MOST_LANES = 200_000
"""So many lanes are remembered: beyond it those that were told first are read ahead once more."""

TOLD_S = 3600.0
"""How long a lane is left alone once it was told; the same is told again after an hour."""

RETRY_S = 10.0
"""How long it is left alone after a line of it that gave no sighting."""

_CLIENT_WITHIN = 2048
_MOST_ADDRESSES = 2
_COLONS = 7
_ADDRESS4 = re.compile(rb"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\w)")
_ADDRESS6 = re.compile(rb"(?<![\w.:])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?![\w:])")
_OF_ADDRESS = re.compile(rb"[0-9A-Fa-f:.]{2,45}")


@dataclass(frozen=True)
class LineLanes:
    """The lanes of a line that were not told yet; the rarer its keys, the lower its `rank`."""

    rank: int
    lanes: tuple[int, ...]


@dataclass
class Lanes:
    """Remembers which lanes were told lately.

    `put_off` counts lanes for which there was no time before their turn.
    """

    put_off: int = 0
    _quiet_until: dict[int, float] = field(default_factory=dict)
    _of_key: Counter[int] = field(default_factory=Counter)
    _second: int = 0
    _now_s: float = 0.0
    _met: set[int] = field(default_factory=set)

    def begin(self, now_s: float) -> None:
        """Begin a look; each second the keys are counted anew."""
        self._now_s = now_s
        self._met.clear()
        if int(now_s) != self._second:
            self._second = int(now_s)
            self._of_key.clear()

    def forget(self) -> None:
        """Begin anew, as after a new list."""
        self._quiet_until.clear()

    def of_line(self, keys: Sequence[int], client: bytes) -> LineLanes | None:
        """Return the lanes of a line with these keys, None where each was told or met already."""
        rank = min((self._of_key[key] for key in keys), default=0)
        self._of_key.update(keys)
        if not client:
            return LineLanes(rank, ()) if rank < MOST_OF_A_KEY else None
        lanes = [lane for key in keys if self._is_open(lane := hash((key, client)))]
        if not lanes:
            return None
        self._met.update(lanes)
        return LineLanes(rank, tuple(lanes))

    def _is_open(self, lane: int) -> bool:
        return lane not in self._met and self._quiet_until.get(lane, 0.0) <= self._now_s

    def read(self, lanes: Iterable[int], *, is_told: bool) -> None:
        """Keep that a line of these lanes was read ahead, and whether it gave a sighting."""
        until_s = self._now_s + (TOLD_S if is_told else RETRY_S)
        for lane in lanes:
            # The newest stand last.
            self._quiet_until.pop(lane, None)
            self._quiet_until[lane] = until_s
        while len(self._quiet_until) > MOST_LANES:
            del self._quiet_until[next(iter(self._quiet_until))]


def client_in(line: bytes, form: str, clock: LineClock | None) -> bytes:
    """Return what tells the client of a line from others, b"" where no address is in it.

    It is the address that the form has in a place of its own, else the first of the line, two of a
    kind: one of them may be the server's.
    """
    marker = b"" if clock is None else clock.client
    if marker:
        place = line.find(marker, 0, _CLIENT_WITHIN) + len(marker)
        address = _OF_ADDRESS.match(line, place) if place >= len(marker) else None
        return b"" if address is None else address[0]
    begin = received.original_at(line) if form == received.NAME else 0
    end = begin + _CLIENT_WITHIN
    matches = islice(_ADDRESS4.finditer(line, begin, end), _MOST_ADDRESSES)
    addresses = [match[0] for match in matches]
    # A time of day and a hardware address are written with colons, too.
    if b"::" in line or line.count(b":") >= _COLONS:
        texts = _ADDRESS6.findall(line, begin, end)
        long = [text for text in texts if b"::" in text or text.count(b":") == _COLONS]
        addresses += long[:_MOST_ADDRESSES]
    return b" ".join(addresses)

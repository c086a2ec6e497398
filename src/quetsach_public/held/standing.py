"""Where each address of the office stands: it asked, somebody cleaned, it kept quiet or did not.

Held in memory, for a bounded number of addresses; presses and releases also in a file, so that a
restart forgets none. What nobody pressed for is forgotten with the process.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

MOST = 10_000
"""Addresses that are held; the one that was heard of longest ago goes first."""


class Phase(StrEnum):
    """What is to be said to an address."""

    HELD = "held"
    WAITING = "waiting"
    ASKED = "asked"
    QUIET = "quiet"
    RELEASED = "released"


class Event(StrEnum):
    """What the technician reads of."""

    SAID_CLEAN = "said-clean"
    ASKED_AGAIN = "asked-again"
    QUIET = "quiet"
    RELEASED = "released"


@dataclass(frozen=True)
class Stand:
    """Of one address. Units: seconds since 1970, 0 for never."""

    asked_at: float = 0
    asks: int = 0
    name: str = ""
    pressed_at: float = 0
    quiet_told: bool = False
    released_until: float = 0


Tell = Callable[[Event, str, Stand, float], None]
Release = Callable[[Mapping[str, float], float], None]


class Standing:
    """All addresses. Each call takes the time, so that tests need not wait."""

    def __init__(
        self, file: Path, *, wait_s: float, release_s: float, tell: Tell, release: Release | None
    ) -> None:
        self._file, self._wait_s, self._release_s = file, wait_s, release_s
        self._tell, self._release = tell, release
        self._held: OrderedDict[str, Stand] = OrderedDict()
        self._lock = threading.Lock()

    def take_up(self, now: float) -> None:
        """Read what a process before kept. Who waited waits anew: nobody listened meanwhile."""
        with self._lock:
            for address, stand in list(_kept(self._file).items())[:MOST]:
                waits = stand.pressed_at and not stand.quiet_told
                self._held[address] = replace(stand, pressed_at=now) if waits else stand
            self._write_releases(now)

    def asked(self, address: str, name: str, now: float) -> None:
        """Note that a listed name was asked for."""
        with self._lock:
            stand = self._of(address)
            again = stand.pressed_at and stand.asked_at <= stand.pressed_at
            stand = replace(stand, asked_at=now, asks=stand.asks + 1, name=name or stand.name)
            if again and now > stand.pressed_at:
                self._tell(Event.ASKED_AGAIN, address, stand, now)
            self._keep(address, stand)

    def pressed(self, address: str, now: float) -> None:
        """Note that somebody says to have cleaned; again while it waits changes nothing."""
        with self._lock:
            stand = self._of(address)
            if self._phase(stand, now) in (Phase.WAITING, Phase.RELEASED):
                return
            stand = replace(stand, pressed_at=now, quiet_told=False, released_until=0)
            self._tell(Event.SAID_CLEAN, address, stand, now)
            self._keep(address, stand)
            self._save()

    def stand(self, address: str, now: float) -> tuple[Phase, Stand]:
        """Return where an address stands; who kept quiet is released, if that can be."""
        with self._lock:
            stand = self._held.get(address, Stand())
            phase = self._phase(stand, now)
            if phase is Phase.QUIET and not stand.quiet_told:
                stand = self._settle(address, stand, now)
                phase = self._phase(stand, now)
            return phase, stand

    def tidy(self, now: float) -> None:
        """Settle whose wait is over, and end the releases that ran out."""
        with self._lock:
            over = [
                (address, stand)
                for address, stand in self._held.items()
                if self._phase(stand, now) is Phase.QUIET and not stand.quiet_told
            ]
            for address, stand in over:
                self._settle(address, stand, now)
            ended = [
                address for address, stand in self._held.items() if 0 < stand.released_until <= now
            ]
            for address in ended:
                del self._held[address]
            if ended:
                self._write_releases(now)

    def _settle(self, address: str, stand: Stand, now: float) -> Stand:
        stand = replace(stand, quiet_told=True)
        if self._release is None:
            self._tell(Event.QUIET, address, stand, now)
        else:
            stand = replace(stand, released_until=now + self._release_s)
            self._tell(Event.RELEASED, address, stand, now)
        self._held[address] = stand
        self._write_releases(now)
        return stand

    def _phase(self, stand: Stand, now: float) -> Phase:
        if stand.released_until > now:
            return Phase.RELEASED
        if not stand.pressed_at or stand.released_until:
            return Phase.HELD
        if stand.asked_at > stand.pressed_at:
            return Phase.ASKED
        return Phase.QUIET if now >= stand.pressed_at + self._wait_s else Phase.WAITING

    def _of(self, address: str) -> Stand:
        return self._held.get(address, Stand())

    def _keep(self, address: str, stand: Stand) -> None:
        self._held[address] = stand
        self._held.move_to_end(address)
        while len(self._held) > MOST:
            self._held.popitem(last=False)

    def _write_releases(self, now: float) -> None:
        self._save()
        if self._release is not None:
            until = {address: stand.released_until for address, stand in self._held.items()}
            self._release({one: end for one, end in until.items() if end > now}, now)

    def _save(self) -> None:
        kept = {address: asdict(one) for address, one in self._held.items() if one.pressed_at}
        put(self._file, json.dumps(kept))


def _kept(file: Path) -> dict[str, Stand]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {str(ip_address(address)): Stand(**stand) for address, stand in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def put(path: Path, text: str) -> None:
    """Write `text`, whole or not at all. A full disk is no reason to answer nobody."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.new")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError:
        return

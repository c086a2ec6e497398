"""Where each address of the office stands: it asked, somebody cleaned, it kept quiet or did not.

Held in memory, for a bounded number of addresses; presses and releases also in a file, so that a
restart forgets none. What nobody pressed for is forgotten with the process. A machine releases
itself never: what keeps quiet here may call by HTTPS, and only a technician sees that.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from quetsach_public.held.pace import Pace

MOST = 10_000
"""Addresses that only asked, and as many that pressed. Who was heard of longest ago goes first, who
waits or is released never."""


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
    MORE = "and-so-on"


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
        self._asked: OrderedDict[str, Stand] = OrderedDict()
        self._pressed: OrderedDict[str, Stand] = OrderedDict()
        self._pace = Pace()
        self._lock = threading.Lock()

    def take_up(self, now: float) -> None:
        """Read what a process before kept. Who waited waits anew: nobody listened meanwhile."""
        with self._lock:
            for address, stand in list(_kept(self._file).items())[:MOST]:
                waits = stand.pressed_at and not stand.quiet_told
                self._pressed[address] = replace(stand, pressed_at=now) if waits else stand
            self._write_releases(now)

    def asked(self, address: str, name: str, now: float, *, beside_s: float = 0) -> None:
        """Note a call, of which `name` is told; not one within `beside_s` of the last that counted.

        The name is "" where it stands on no list.
        """
        with self._lock:
            stand = self._of(address)
            if now - stand.asked_at < beside_s:
                return
            again = stand.pressed_at and stand.asked_at <= stand.pressed_at
            stand = replace(stand, asked_at=now, asks=stand.asks + 1, name=name or stand.name)
            if again and now > stand.pressed_at:
                self._tell(Event.ASKED_AGAIN, address, stand, now)
            self._keep(address, stand, now)

    def pressed(self, address: str, now: float) -> None:
        """Note that somebody says to have cleaned; again while it waits changes nothing."""
        with self._lock:
            stand = self._of(address)
            if self._phase(stand, now) in (Phase.WAITING, Phase.RELEASED):
                return
            if not self._pace.take(address, now):
                return
            anew = replace(stand, pressed_at=now, quiet_told=False, released_until=0)
            if not self._keep(address, anew, now):
                return
            self._tell(Event.SAID_CLEAN, address, anew, now)
            if stand.released_until:
                self._write_releases(now)
            else:
                self._save()

    def release(self, addresses: Iterable[str], now: float) -> None:
        """Release addresses by a technician's word, where the office's way of blocking can."""
        with self._lock:
            for address in addresses:
                stand = replace(self._of(address), quiet_told=True)
                stand = replace(stand, pressed_at=stand.pressed_at or now)
                stand = replace(stand, released_until=now + self._release_s)
                if self._release is not None and self._keep(address, stand, now):
                    self._tell(Event.RELEASED, address, stand, now)
            self._write_releases(now)

    def stand(self, address: str, now: float) -> tuple[Phase, Stand]:
        """Return where an address stands."""
        with self._lock:
            stand = self._of(address)
            phase = self._phase(stand, now)
            if phase is Phase.QUIET and not stand.quiet_told:
                stand = self._settle(address, stand, now)
            return phase, stand

    def tidy(self, now: float) -> None:
        """Settle whose wait is over, and end the releases that ran out."""
        with self._lock:
            self._pace.tidy(now)
            over = [
                (address, stand)
                for address, stand in self._pressed.items()
                if self._phase(stand, now) is Phase.QUIET and not stand.quiet_told
            ]
            for address, stand in over:
                self._settle(address, stand, now)
            ended = [
                address
                for address, stand in self._pressed.items()
                if 0 < stand.released_until <= now
            ]
            for address in ended:
                del self._pressed[address]
            if ended:
                self._write_releases(now)

    def _settle(self, address: str, stand: Stand, now: float) -> Stand:
        stand = replace(stand, quiet_told=True)
        self._tell(Event.QUIET, address, stand, now)
        self._pressed[address] = stand
        self._save()
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
        return self._pressed.get(address) or self._asked.get(address, Stand())

    def _keep(self, address: str, stand: Stand, now: float) -> bool:
        """Hold a stand; False where all places are with such as wait or are released."""
        held = self._pressed if stand.pressed_at else self._asked
        if address not in held and len(held) >= MOST:
            goes = next((one for one, of in held.items() if not self._stays(of, now)), None)
            if goes is None:
                return False
            del held[goes]
        if stand.pressed_at:
            self._asked.pop(address, None)
        held[address] = stand
        held.move_to_end(address)
        return True

    def _stays(self, stand: Stand, now: float) -> bool:
        return self._phase(stand, now) in (Phase.WAITING, Phase.RELEASED)

    def _write_releases(self, now: float) -> None:
        self._save()
        if self._release is not None:
            until = {address: stand.released_until for address, stand in self._pressed.items()}
            self._release({one: end for one, end in until.items() if end > now}, now)

    def _save(self) -> None:
        put(self._file, json.dumps({one: asdict(stand) for one, stand in self._pressed.items()}))


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

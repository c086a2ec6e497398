"""The state of each address of the office: it asked, was reported clean, was quiet or asked again.

Held in memory, for a bounded number of addresses; presses and releases also in a file, so that a
restart forgets none. What nobody pressed for is forgotten with the process. A machine releases
itself never: what keeps quiet here may call by HTTPS, and only a technician sees that.
"""

import json
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from quetsach_public.block_page.forms import PressRate
from quetsach_public.settings import VIETNAM

MOST = 10_000
"""Addresses that only asked, and as many that pressed. Who was heard of longest ago goes first, who
waits or is released never."""


class BlockPageState(StrEnum):
    """What is to be said to an address."""

    HELD = "held"
    WAITING = "waiting"
    ASKED = "asked"
    QUIET = "quiet"
    RELEASED = "released"
    HANDLED = "handled"


class BlockPageEvent(StrEnum):
    """What the technician reads of."""

    SAID_CLEAN = "said-clean"
    ASKED_AGAIN = "asked-again"
    QUIET = "quiet"
    RELEASED = "released"
    MORE = "and-so-on"


@dataclass(frozen=True)
class AddressHistory:
    """Of one address. Units: seconds since 1970, 0 for never.

    Shapes: `handled_at` is until when its case knows it quiet or clean; it is not kept here.
    """

    asked_at: float = 0
    asks: int = 0
    name: str = ""
    pressed_at: float = 0
    quiet_told: bool = False
    released_until: float = 0
    handled_at: float = 0


Tell = Callable[[BlockPageEvent, str, AddressHistory, float], None]
Release = Callable[[Mapping[str, float], float], None]


class BlockedAddresses:
    """All addresses. Each call takes the time, so that tests need not wait."""

    def __init__(
        self, file: Path, *, wait_s: float, release_s: float, tell: Tell, release: Release | None
    ) -> None:
        self._file, self._wait_s, self._release_s = file, wait_s, release_s
        self._tell, self._release = tell, release
        self._asked: OrderedDict[str, AddressHistory] = OrderedDict()
        self._pressed: OrderedDict[str, AddressHistory] = OrderedDict()
        self._handled: Mapping[str, float] = {}
        self._since = 0.0
        """Until then an address that is not held may have asked."""
        self._pace = PressRate()
        self._lock = threading.Lock()

    def take_up(self, now: float) -> None:
        """Read what a process before kept. Who waited waits anew: nobody listened meanwhile."""
        with self._lock:
            self._since = now
            for address, stand in list(_kept(self._file).items())[:MOST]:
                waits = stand.pressed_at and not stand.quiet_told
                self._pressed[address] = replace(stand, pressed_at=now) if waits else stand
            self._write_releases(now)

    def asked(self, address: str, name: str, now: float, *, beside_s: float = 0) -> None:
        """Note a request for `name`; not one within `beside_s` of the last that counted.

        The name is "" where it stands on no list.
        """
        with self._lock:
            stand = self._of(address)
            if now - stand.asked_at < beside_s:
                return
            again = stand.pressed_at and stand.asked_at <= stand.pressed_at
            stand = replace(stand, asked_at=now, asks=stand.asks + 1, name=name or stand.name)
            if again and now > stand.pressed_at:
                self._tell(BlockPageEvent.ASKED_AGAIN, address, stand, now)
            self._keep(address, stand, now)

    def pressed(self, address: str, now: float) -> None:
        """Note that somebody says to have cleaned; again while it waits changes nothing."""
        with self._lock:
            stand = self._of(address)
            if self._phase(stand, now) in (BlockPageState.WAITING, BlockPageState.RELEASED):
                return
            if not self._pace.take(address, now):
                return
            anew = replace(stand, pressed_at=now, quiet_told=False, released_until=0)
            if not self._keep(address, anew, now):
                return
            self._tell(BlockPageEvent.SAID_CLEAN, address, anew, now)
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
                    self._tell(BlockPageEvent.RELEASED, address, stand, now)
            self._write_releases(now)

    def set_handled(self, handled: Mapping[str, float]) -> None:
        """Take until when each address is quiet or clean by its case; others have no such case."""
        with self._lock:
            self._handled = handled

    def stand(self, address: str, now: float) -> tuple[BlockPageState, AddressHistory]:
        """Return the state of an address."""
        with self._lock:
            stand = self._of(address)
            phase = self._phase(stand, now)
            if phase is BlockPageState.QUIET and not stand.quiet_told:
                stand = self._settle(address, stand, now)
            handled_at = self._handled.get(address, 0)
            # What was asked after that is news, whatever the case says.
            asked_at = max(stand.asked_at, self._since)
            if phase is not BlockPageState.RELEASED and handled_at > asked_at:
                return BlockPageState.HANDLED, replace(stand, handled_at=handled_at)
            return phase, stand

    def tidy(self, now: float) -> None:
        """Settle whose wait is over, and end the releases that ran out."""
        with self._lock:
            self._pace.tidy(now)
            over = [
                (address, stand)
                for address, stand in self._pressed.items()
                if self._phase(stand, now) is BlockPageState.QUIET and not stand.quiet_told
            ]
            for address, stand in over:
                self._settle(address, stand, now)
            ended = [
                address
                for address, stand in self._pressed.items()
                if 0 < stand.released_until <= now
            ]
            for address in ended:
                stand = self._pressed.pop(address)
                # Its calls stay: a case that knew it clean before them must not hide them.
                calls = AddressHistory(asked_at=stand.asked_at, asks=stand.asks, name=stand.name)
                self._keep(address, calls, now)
            if ended:
                self._write_releases(now)

    def _settle(self, address: str, stand: AddressHistory, now: float) -> AddressHistory:
        stand = replace(stand, quiet_told=True)
        self._tell(BlockPageEvent.QUIET, address, stand, now)
        self._pressed[address] = stand
        self._save()
        return stand

    def _phase(self, stand: AddressHistory, now: float) -> BlockPageState:
        if stand.released_until > now:
            return BlockPageState.RELEASED
        if not stand.pressed_at or stand.released_until:
            return BlockPageState.HELD
        if stand.asked_at > stand.pressed_at:
            return BlockPageState.ASKED
        return (
            BlockPageState.QUIET
            if now >= stand.pressed_at + self._wait_s
            else BlockPageState.WAITING
        )

    def _of(self, address: str) -> AddressHistory:
        return self._pressed.get(address) or self._asked.get(address, AddressHistory())

    def _keep(self, address: str, stand: AddressHistory, now: float) -> bool:
        """Hold a stand; False where all places are with such as wait or are released."""
        histories = self._pressed if stand.pressed_at else self._asked
        if address not in histories and len(histories) >= MOST:
            goes = next((one for one, of in histories.items() if not self._stays(of, now)), None)
            if goes is None:
                return False
            self._since = max(self._since, histories.pop(goes).asked_at)
        if stand.pressed_at:
            self._asked.pop(address, None)
        histories[address] = stand
        histories.move_to_end(address)
        return True

    def _stays(self, stand: AddressHistory, now: float) -> bool:
        return self._phase(stand, now) in (BlockPageState.WAITING, BlockPageState.RELEASED)

    def _write_releases(self, now: float) -> None:
        self._save()
        if self._release is not None:
            until = {address: stand.released_until for address, stand in self._pressed.items()}
            self._release({one: end for one, end in until.items() if end > now}, now)

    def _save(self) -> None:
        write_file(
            self._file, json.dumps({one: asdict(stand) for one, stand in self._pressed.items()})
        )


def _kept(file: Path) -> dict[str, AddressHistory]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {
            str(ip_address(address)): AddressHistory(**stand) for address, stand in kept.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_file(path: Path, text: str) -> None:
    """Write `text`, whole or not at all. A full disk is no reason to answer nobody."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.new")
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError:
        return


MOST_BYTES = 2_000_000
"""Then the file begins anew, and the one before is kept beside it."""

MOST_OF_ONE = 20
"""Lines of an address on a day; then one line says that there was more, besides releases."""

MOST_A_DAY = 10_000
"""Lines of all on a day: two days at least stay in the two files."""

HEAD = "time\taddress\twhat\tname\tasks\n"


class BlockPageNotes:
    """Appends to notes.tsv. No person and no page is in it, only an address of the office."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._day, self._lines, self._all = "", Counter[str](), 0

    def tell(self, event: BlockPageEvent, address: str, stand: AddressHistory, now: float) -> None:
        """Write a line, within bounds. A full disk is no reason to answer nobody."""
        when = datetime.fromtimestamp(now, VIETNAM).isoformat(timespec="seconds")
        if event is not BlockPageEvent.RELEASED:
            if not self._has_room(address, when[:10]):
                return
            if self._lines[address] > MOST_OF_ONE or self._all >= MOST_A_DAY:
                event = BlockPageEvent.MORE
        line = "\t".join((when, address, event.value, stand.name or "-", str(stand.asks)))
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if self._file.exists() and self._file.stat().st_size > MOST_BYTES:
                self._file.replace(self._file.with_suffix(".tsv.1"))
            with self._file.open("a", encoding="utf-8") as file:
                file.write(line + "\n" if file.tell() else f"{HEAD}{line}\n")
        except OSError:
            return

    def _has_room(self, address: str, day: str) -> bool:
        if day != self._day:
            self._day, self._lines, self._all = day, Counter(), 0
        if self._all >= MOST_A_DAY or self._lines[address] > MOST_OF_ONE:
            return False
        self._lines[address] += 1
        self._all += 1
        return True

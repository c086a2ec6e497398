"""Traffic of one made-up office as it happens, for a watch to follow.

Its sensor writes Suricata's EVE into a file that is rotated; its router sends its syslog, with the
addresses it gives out and the names it is asked for, to an address or into a file. One machine
begins to call the control server after 20 seconds, another asks for a listed name after 75; both
go on every two minutes. What is written stays bounded, however long it runs.
"""

import heapq
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from quetsach.demo import traffic
from quetsach.demo.benign import sites, visit
from quetsach.demo.contacts import LEASE_S, InfectedCaller, contact
from quetsach.demo.kits import Recorder, RecorderKind
from quetsach.demo.plan import BEACON, UPDATE, DemoUnit, InfectedHabit, plan_district
from quetsach.demo.times import RandomSource, chance_for
from quetsach.demo.write_eve import eve
from quetsach.demo.write_text import syslog

LIVE_UNIT = "TC03"
"""The office whose traffic it is; in its evidence of the week before another PC is infected."""

EVE_FILE = Path("suricata/eve.json")
ROUTER_FILE = Path("router/messages.log")

_SECOND_US = 1_000_000
_SITES = 400
_VISITS_A_SECOND = 2
_AGAIN_S = 120
_INFECTED: tuple[tuple[int, int, InfectedHabit], ...] = ((20, 4, BEACON), (75, 5, UPDATE))
"""(second of the first contact, number of the PC, what it does)."""

_PLANTED_S, _PLANTED_AGAIN_S = 45, 600
_ROTATE_AT = 2_000_000
_OLD_FILES = 3


@dataclass
class LiveOffice:
    """The machines of one office and what they do, second by second.

    Shapes: `planted` are names that one machine asks for, to show that the log would tell; they
    are listed nowhere. Times are microseconds since 1970, UTC.
    """

    unit: DemoUnit
    start_us: int
    planted: Sequence[str] = ()
    chance: RandomSource = field(default_factory=lambda: chance_for(2022, "live"))

    def second(self, number: int) -> Iterator[traffic.Event]:
        """Yield what happens in second `number` after the start, from 0."""
        at_us = self.start_us + number * _SECOND_US
        if number % (LEASE_S // 2) == 0:
            yield from self._leases(at_us, renewal=number > 0)
        for _ in range(_VISITS_A_SECOND):
            pc = self.chance.below(len(self.unit.pcs))
            site = sites(_SITES)[self.chance.below(_SITES)]
            when_us = at_us + self.chance.below(_SECOND_US)
            client, resolver = self.unit.leased[0][pc], self.unit.resolver
            yield from visit(site, when_us, client=client, resolver=resolver, chance=self.chance)
        for first, pc, habit in _INFECTED:
            if number >= first and (number - first) % _AGAIN_S == 0:
                yield from contact(self._caller(pc), habit, at_us, chance=self.chance)
        if number >= _PLANTED_S and (number - _PLANTED_S) % _PLANTED_AGAIN_S == 0:
            for name in self.planted:
                planted = InfectedHabit(host=name, answers=("192.0.2.254",))
                yield from contact(self._caller(0), planted, at_us, chance=self.chance)

    def _caller(self, pc: int) -> InfectedCaller:
        unit = self.unit
        return InfectedCaller(unit.pcs[pc].who, unit.leased[0][pc], unit.resolver)

    def _leases(self, at_us: int, *, renewal: bool) -> Iterator[traffic.LeaseGrant]:
        for pc, address in zip(self.unit.pcs, self.unit.leased[0], strict=True):
            yield traffic.LeaseGrant(
                serial=self.chance.serial(),
                when_us=at_us,
                server=self.unit.router,
                address=address,
                mac=pc.mac,
                host_name=pc.host_name,
                seconds=LEASE_S,
                renewal=renewal,
            )


def live_office(start_us: int, planted: Sequence[str] = ()) -> LiveOffice:
    """Return the office of the live demo, from `start_us` on."""
    unit = next(one for one in plan_district(2022) if one.place.code == LIVE_UNIT)
    return LiveOffice(unit, start_us, planted)


class LiveLogs:
    """Where the lines go: the sensor's file, and the router's syslog.

    Errors: OSError where a file cannot be written, ValueError for another kind of address. A
    datagram that nobody takes is lost, as such are.
    """

    def __init__(self, out: Path, to_syslog: str = "") -> None:
        """Write below `out`; `to_syslog` is `udp://ADDRESS:PORT`, "" for a file of its own."""
        self._sensor, self._router = out / EVE_FILE, out / ROUTER_FILE
        self._waiting: list[tuple[int, int, traffic.TrafficLine]] = []
        self._numbers = count()
        self._eve = Recorder(RecorderKind.EVE, "eve", single=True)
        self._messages = Recorder(RecorderKind.SYSLOG, "router", single=True)
        self._address = _udp(to_syslog) if to_syslog else None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM) if to_syslog else None
        for path in (self._sensor, self._router):
            path.parent.mkdir(parents=True, exist_ok=True)

    def take(self, event: traffic.Event) -> None:
        """Keep the lines of `event` until their time has come."""
        for line in eve(event, self._eve):
            self._wait(line)
        if not isinstance(event, traffic.Exchange):
            for line in syslog(event, self._messages):
                self._wait(line)

    def _wait(self, line: traffic.TrafficLine) -> None:
        heapq.heappush(self._waiting, (line.when_us, next(self._numbers), line))

    def write_until(self, now_us: int) -> int:
        """Write what has happened by `now_us`; return how many lines."""
        by_log: dict[str, list[str]] = {"eve": [], "syslog": []}
        while self._waiting and self._waiting[0][0] <= now_us:
            line = heapq.heappop(self._waiting)[2]
            by_log[line.log].append(line.text)
        _append(self._sensor, by_log["eve"])
        if self._socket is None or self._address is None:
            _append(self._router, by_log["syslog"])
        else:
            for text in by_log["syslog"]:
                self._socket.sendto(f"<30>{text}".encode(), self._address)
        return sum(map(len, by_log.values()))

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()


def _udp(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    if parts.scheme != "udp" or not parts.hostname or not parts.port:
        raise ValueError(address)
    return parts.hostname, parts.port


def _append(path: Path, lines: Sequence[str]) -> None:
    """Write lines at the end of `path`, which is rotated first where it has become long."""
    if not lines:
        return
    if path.exists() and path.stat().st_size > _ROTATE_AT:
        for number in range(_OLD_FILES, 0, -1):
            older = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
            if older.exists():
                older.replace(path.with_name(f"{path.name}.{number}"))
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write("".join(f"{text}\n" for text in lines))


def run_live(
    office: LiveOffice,
    logs: LiveLogs,
    seconds: float,
    *,
    clock: Callable[[], float] = time.time,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Write what happens from now on for so many seconds; return how many lines were written."""
    begin, written = office.start_us / _SECOND_US, 0
    try:
        for number in count():
            for event in office.second(number):
                logs.take(event)
            while (left := begin + number + 1 - clock()) > 0:
                pause(min(left, 0.25))
                written += logs.write_until(int(clock() * _SECOND_US))
            if number + 1 >= seconds:
                break
    finally:
        written += logs.write_until(int(clock() * _SECOND_US))
        logs.close()
    return written

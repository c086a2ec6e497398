"""The traffic that the truth speaks of: infected machines, near misses, a scan, the forwarder."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.demo import lists, traffic
from quetsach.demo.benign import resolver_mark
from quetsach.demo.kits import TEXT_KINDS
from quetsach.demo.plan import AGENTS, SCANNED_UNIT, UPSTREAM, DemoUnit, InfectedHabit
from quetsach.demo.times import HOUR_US, RandomSource, day_start_us

LOOK_ALIKE_DAY = 2
SCAN_DAY, SCAN_HOUR = 1, 2
LEASE_S = 43_200
_CACHED_US = 300_000_000
_RENEW_US = 6 * HOUR_US
_SCANNED_PORTS = (22, 23, 80, 443, 445, 3389, 8080)
_SECOND_US = 1_000_000


@dataclass(frozen=True)
class InfectedCaller:
    """An infected machine on one day: who it is, its address, and whom it asks for names."""

    who: str
    address: str
    resolver: str


def contacts(unit: DemoUnit, day: int, chance: RandomSource) -> list[traffic.Event]:
    """Return all that the unit's infected machines do on `day`, in no order."""
    out: list[traffic.Event] = []
    for infection in unit.infections:
        if day not in infection.days:
            continue
        caller = InfectedCaller(
            unit.pcs[infection.pc].who, unit.leased[day][infection.pc], unit.resolver
        )
        for habit in infection.habits:
            for when_us in _times(day, habit.per_day, chance):
                out += contact(caller, habit, when_us, chance=chance)
    return out


def _times(day: int, count: int, chance: RandomSource) -> list[int]:
    start = day_start_us(day)
    # Mornings from 08:05 and afternoons from 13:15, when the machine is on for sure.
    spans = ((8 * 3600 + 300, 3 * 3600), (13 * 3600 + 900, 3 * 3600 + 1800))
    return [
        start + (spans[n % 2][0] + chance.below(spans[n % 2][1])) * _SECOND_US for n in range(count)
    ]


def contact(
    caller: InfectedCaller, habit: InfectedHabit, when_us: int, *, chance: RandomSource
) -> Iterator[traffic.Event]:
    """Yield what `caller` does once by a habit: it asks for the name, and reaches the server."""
    port = chance.between(49_152, 65_000)
    when_us += chance.below(_SECOND_US)
    if habit.host:
        took_us = chance.between(2_000, 40_000)
        met = (
            *lists.meets(traffic.EventPart.NAME, habit.host),
            *lists.meets(traffic.EventPart.ANSWERS, *habit.answers),
            *lists.meets(traffic.EventPart.SERVER, caller.resolver),
        )
        yield traffic.DnsLookup(
            serial=chance.serial(),
            when_us=when_us,
            took_us=took_us,
            client=caller.address,
            port=port + 100,
            server=caller.resolver,
            name=habit.host,
            answers=habit.answers,
            mark=traffic.TrafficMark(caller.who, caller.address, met) if met else None,
        )
        when_us += took_us + 2_000
    if habit.server:
        yield _reach(caller, habit, when_us, port=port, chance=chance)


def _reach(
    caller: InfectedCaller, habit: InfectedHabit, when_us: int, *, port: int, chance: RandomSource
) -> traffic.Exchange:
    denied = habit.end is traffic.ExchangeEnd.DENIED
    carried = habit.carried
    reply = carried.size if carried else chance.between(200, 6_000)
    page = f"{habit.host}{habit.path.partition('?')[0]}"
    met = (
        *lists.meets(traffic.EventPart.NAME, habit.host),
        *lists.meets(traffic.EventPart.SERVER, habit.server, f"{habit.server}:{habit.port}"),
        *lists.meets(traffic.EventPart.URL, page),
        *lists.meets(traffic.EventPart.HASH, carried.sha256 if carried else ""),
    )
    return traffic.Exchange(
        serial=chance.serial(),
        when_us=when_us,
        took_us=0 if denied else chance.between(200_000, 9_000_000),
        client=caller.address,
        port=port,
        server=habit.server,
        server_port=habit.port,
        service=habit.service,
        end=habit.end,
        sent=0 if denied else chance.between(200, 2_000),
        received=0 if denied else reply,
        host=habit.host,
        path=habit.path or "/",
        agent=AGENTS[2],
        carried=carried,
        alert=habit.alert,
        mark=traffic.TrafficMark(caller.who, caller.address, met) if met else None,
    )


def near_misses(unit: DemoUnit, chance: RandomSource) -> Iterator[traffic.Event]:
    """Yield one visit of the unit's last PC to each look-alike; for the look-alike day."""
    number = len(unit.pcs) - 1
    client = unit.leased[LOOK_ALIKE_DAY][number]
    mark = resolver_mark(unit, number, client)
    for n, (host, address, port) in enumerate(lists.LOOK_ALIKES):
        when_us = day_start_us(LOOK_ALIKE_DAY) + 9 * HOUR_US + n * 240 * _SECOND_US
        when_us += chance.below(_SECOND_US)
        if not host and any(recorder.kind in TEXT_KINDS for recorder in unit.recorders):
            continue
        if host:
            yield traffic.DnsLookup(
                serial=chance.serial(),
                when_us=when_us,
                took_us=8_000,
                client=client,
                port=51_000 + n,
                server=unit.resolver,
                name=host,
                answers=(address,),
                mark=mark,
            )
        yield traffic.Exchange(
            serial=chance.serial(),
            when_us=when_us + 12_000,
            took_us=900_000,
            client=client,
            port=52_000 + n,
            server=address,
            server_port=port,
            service=("http" if port == 80 else "ssl") if host else "",
            end=traffic.ExchangeEnd.CLOSED,
            sent=700,
            received=4_200,
            host=host,
            path="/khac.html",
            agent=AGENTS[0],
        )


def scan(unit: DemoUnit, chance: RandomSource) -> Iterator[traffic.Event]:
    """Yield the scan of the unit's server from a listed address; nothing in most units."""
    if unit.place.code != SCANNED_UNIT:
        return
    start = day_start_us(SCAN_DAY) + SCAN_HOUR * HOUR_US
    mark = traffic.TrafficMark(
        unit.server.who, unit.server.fixed, lists.meets(traffic.EventPart.CLIENT, lists.SCANNER)
    )
    for n, port in enumerate(_SCANNED_PORTS * 3):
        answered = port in (80, 443)
        yield traffic.Exchange(
            serial=chance.serial(),
            when_us=start + n * 11 * _SECOND_US + chance.below(_SECOND_US),
            took_us=40_000,
            client=lists.SCANNER,
            port=40_000 + n,
            server=unit.server.fixed,
            server_port=port,
            service="",
            end=traffic.ExchangeEnd.CLOSED if answered else traffic.ExchangeEnd.REFUSED,
            sent=120 if answered else 0,
            received=340 if answered else 0,
            mark=mark,
        )


def handouts(
    unit: DemoUnit, day: int, pcs: list[int], *, chance: RandomSource
) -> list[traffic.Event]:
    """Return the addresses given out on the morning of `day`, and prolonged at noon."""
    out: list[traffic.Event] = []
    for n in pcs:
        boot_us = day_start_us(day) + 7 * HOUR_US + chance.below(HOUR_US // 2 - _SECOND_US)
        pc = unit.pcs[n]
        out += [
            traffic.LeaseGrant(
                serial=chance.serial(),
                when_us=when_us,
                server=unit.router,
                address=unit.leased[day][n],
                mac=pc.mac,
                host_name=pc.host_name,
                seconds=LEASE_S,
                renewal=when_us != boot_us,
            )
            for when_us in (boot_us, boot_us + _RENEW_US)
        ]
    return out


class Forwarder:
    """The unit's own resolver: it asks outside for what its clients ask, once in five minutes."""

    def __init__(self, unit: DemoUnit, chance: RandomSource) -> None:
        self._unit = unit
        self._chance = chance
        self._known_until: dict[str, int] = {}

    def asks(self, lookup: traffic.DnsLookup) -> traffic.DnsLookup | None:
        """Return the lookup that `lookup` sets off, or None. Call in the order of time."""
        server = self._unit.server
        if lookup.server != server.fixed:
            return None
        if self._known_until.get(lookup.name, 0) > lookup.when_us:
            return None
        self._known_until[lookup.name] = lookup.when_us + _CACHED_US
        met = (
            *lists.meets(traffic.EventPart.NAME, lookup.name),
            *lists.meets(traffic.EventPart.ANSWERS, *lookup.answers),
        )
        return traffic.DnsLookup(
            serial=self._chance.serial(),
            when_us=lookup.when_us + 400,
            took_us=max(1, lookup.took_us - 800),
            client=server.fixed,
            port=20_000 + lookup.serial % 40_000,
            server=UPSTREAM,
            name=lookup.name,
            answers=lookup.answers,
            mark=traffic.TrafficMark(server.who, server.fixed, met) if met else None,
        )

"""The traffic that the truth speaks of: infected machines, near misses, a scan, the forwarder."""

from collections.abc import Iterator
from random import Random

from quetsach.demo import lists
from quetsach.demo.benign import resolver_mark
from quetsach.demo.calendar import DAY_US, HOUR_US, day_start_us
from quetsach.demo.habits import Habit, Infection
from quetsach.demo.names import AGENTS
from quetsach.demo.plan import SCANNED_UNIT, UPSTREAM, Unit
from quetsach.demo.traffic import End, Event, Exchange, Handout, Lookup, Mark, Part

LOOK_ALIKE_DAY = 2
SCAN_DAY, SCAN_HOUR = 1, 2
LEASE_S = 43_200
_CACHED_US = 300_000_000
_RENEW_US = 6 * HOUR_US
_SCANNED_PORTS = (22, 23, 80, 443, 445, 3389, 8080)
_SECOND_US = 1_000_000


def contacts(unit: Unit, day: int, rng: Random, serials: Iterator[int]) -> list[Event]:
    """Return all that the unit's infected machines do on `day`, in no order."""
    out: list[Event] = []
    for one in unit.infections:
        if day in one.days:
            for habit in one.habits:
                for when_us in _times(day, habit.per_day, rng):
                    out += _contact(unit, one, habit, when_us, rng, serials)
    return out


def _times(day: int, count: int, rng: Random) -> list[int]:
    start = day_start_us(day)
    # Spread over 08:05 to 11:05 and 13:15 to 16:45, in whole slots so that none is left out.
    spans = ((8 * 3600 + 300, 3 * 3600), (13 * 3600 + 900, 3 * 3600 + 1800))
    return [
        start + (spans[n % 2][0] + rng.randrange(spans[n % 2][1])) * _SECOND_US
        for n in range(count)
    ]


def _contact(
    unit: Unit,
    infection: Infection,
    habit: Habit,
    when_us: int,
    rng: Random,
    serials: Iterator[int],
) -> Iterator[Event]:
    pc = unit.pcs[infection.pc]
    day = (when_us - day_start_us(0)) // DAY_US
    client = unit.leased[day][infection.pc]
    port = rng.randrange(49152, 65000)
    when_us += rng.randrange(_SECOND_US)
    if habit.host:
        took_us = rng.randrange(2_000, 40_000)
        met = (
            *lists.meets(Part.NAME, habit.host),
            *lists.meets(Part.ANSWERS, *habit.answers),
            *lists.meets(Part.SERVER, unit.resolver),
        )
        yield Lookup(
            next(serials),
            when_us,
            took_us,
            client,
            port + 100,
            unit.resolver,
            habit.host,
            habit.answers,
            Mark(pc.who, met) if met else None,
        )
        when_us += took_us + 2_000
    if habit.server:
        yield _reach(habit, when_us, client, port, pc.who, rng, next(serials))


def _reach(
    habit: Habit, when_us: int, client: str, port: int, who: str, rng: Random, serial: int
) -> Exchange:
    denied = habit.end is End.DENIED
    carried = habit.carried
    reply = carried.size if carried else rng.randrange(200, 6_000)
    page = f"{habit.host}{habit.path.partition('?')[0]}"
    met = (
        *lists.meets(Part.NAME, habit.host),
        *lists.meets(Part.SERVER, habit.server, f"{habit.server}:{habit.port}"),
        *lists.meets(Part.URL, page),
        *lists.meets(Part.HASH, carried.sha256 if carried else ""),
    )
    return Exchange(
        serial=serial,
        when_us=when_us,
        took_us=0 if denied else rng.randrange(200_000, 9_000_000),
        client=client,
        port=port,
        server=habit.server,
        server_port=habit.port,
        service=habit.service,
        end=habit.end,
        sent=0 if denied else rng.randrange(200, 2_000),
        received=0 if denied else reply,
        host=habit.host,
        path=habit.path or "/",
        agent=AGENTS[2],
        carried=carried,
        alert=habit.alert,
        mark=Mark(who, met) if met else None,
    )


def near_misses(unit: Unit, rng: Random, serials: Iterator[int]) -> Iterator[Event]:
    """Yield one visit of the unit's last PC to each look-alike; for the look-alike day."""
    number = len(unit.pcs) - 1
    client = unit.leased[LOOK_ALIKE_DAY][number]
    mark = resolver_mark(unit, number)
    for n, (host, address, port) in enumerate(lists.LOOK_ALIKES):
        when_us = day_start_us(LOOK_ALIKE_DAY) + 9 * HOUR_US + n * 240 * _SECOND_US
        when_us += rng.randrange(_SECOND_US)
        yield Lookup(
            next(serials), when_us, 8_000, client, 51_000 + n, unit.resolver, host, (address,), mark
        )
        yield Exchange(
            serial=next(serials),
            when_us=when_us + 12_000,
            took_us=900_000,
            client=client,
            port=52_000 + n,
            server=address,
            server_port=port,
            service="http" if port == 80 else "ssl",
            end=End.CLOSED,
            sent=700,
            received=4_200,
            host=host,
            path="/khac.html",
            agent=AGENTS[0],
        )


def scan(unit: Unit, rng: Random, serials: Iterator[int]) -> Iterator[Event]:
    """Yield the scan of the unit's server from a listed address; nothing in most units."""
    if unit.place.code != SCANNED_UNIT:
        return
    start = day_start_us(SCAN_DAY) + SCAN_HOUR * HOUR_US
    mark = Mark(unit.server.who, lists.meets(Part.CLIENT, lists.SCANNER))
    for n, port in enumerate(_SCANNED_PORTS * 3):
        answered = port in (80, 443)
        yield Exchange(
            serial=next(serials),
            when_us=start + n * 11 * _SECOND_US + rng.randrange(_SECOND_US),
            took_us=40_000,
            client=lists.SCANNER,
            port=40_000 + n,
            server=unit.server.fixed,
            server_port=port,
            service="",
            end=End.CLOSED if answered else End.REFUSED,
            sent=120 if answered else 0,
            received=340 if answered else 0,
            mark=mark,
        )


def handouts(
    unit: Unit, day: int, pcs: list[int], rng: Random, serials: Iterator[int]
) -> list[Event]:
    """Return the addresses given out on the morning of `day`, and prolonged at noon."""
    out: list[Event] = []
    for n in pcs:
        boot_us = day_start_us(day) + 7 * HOUR_US + rng.randrange(HOUR_US // 2 - _SECOND_US)
        pc = unit.pcs[n]
        out += [
            Handout(
                serial=next(serials),
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

    def __init__(self, unit: Unit, serials: Iterator[int]) -> None:
        self._unit = unit
        self._serials = serials
        self._known_until: dict[str, int] = {}

    def asks(self, one: Lookup) -> Lookup | None:
        """Return the lookup that `one` sets off, or None. Call in the order of time."""
        if one.server != self._unit.server.fixed:
            return None
        if self._known_until.get(one.name, 0) > one.when_us:
            return None
        self._known_until[one.name] = one.when_us + _CACHED_US
        met = (*lists.meets(Part.NAME, one.name), *lists.meets(Part.ANSWERS, *one.answers))
        return Lookup(
            serial=next(self._serials),
            when_us=one.when_us + 400,
            took_us=max(1, one.took_us - 800),
            client=self._unit.server.fixed,
            port=20_000 + one.serial % 40_000,
            server=UPSTREAM,
            name=one.name,
            answers=one.answers,
            mark=Mark(self._unit.server.who, met) if met else None,
        )

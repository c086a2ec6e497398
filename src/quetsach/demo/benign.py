"""The clean traffic of a unit: what its machines look up and visit, hour by hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from quetsach.demo import lists, traffic
from quetsach.demo.plan import AGENTS, PATHS, SITE_HEADS, SITE_HOSTS, SITE_TAILS, UPSTREAM, DemoUnit
from quetsach.demo.times import HOUR_US, RandomSource

# How busy each hour of a working day is; the rest of the day is asleep but for the server.
BUSY: dict[int, float] = {
    7: 0.5,
    8: 1.0,
    9: 1.1,
    10: 1.0,
    11: 0.6,
    12: 0.1,
    13: 0.8,
    14: 1.0,
    15: 1.0,
    16: 0.9,
    17: 0.3,
}
_SERVER_EVERY_HOURS = 4
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class BenignSite:
    """A clean host on the web."""

    host: str
    address: str
    service: str

    @property
    def port(self) -> int:
        """The port it answers on."""
        return 80 if self.service == "http" else 443


@lru_cache(maxsize=4)
def sites(count: int) -> tuple[BenignSite, ...]:
    """Return `count` clean sites, the same for every seed."""
    return tuple(_site(n) for n in range(count))


def _site(n: int) -> BenignSite:
    rest, host = divmod(n, len(SITE_HOSTS))
    rest, tail = divmod(rest, len(SITE_TAILS))
    rest, head = divmod(rest, len(SITE_HEADS))
    number = str(rest) if rest else ""
    name = f"{SITE_HOSTS[host]}{SITE_HEADS[head]}{number}-{SITE_TAILS[tail]}.example"
    # Apart from everything the lists, the look-alikes and the units' own addresses use.
    address = f"192.0.2.{60 + n % 140}" if n % 3 else f"198.51.100.{150 + n % 100}"
    return BenignSite(name, address, "http" if n % 5 == 4 else "ssl")


def present(unit: DemoUnit, day: int, hour: int) -> range:
    """Return the numbers of the PCs that are switched on in `hour` of `day`."""
    if hour not in BUSY:
        return range(0)
    if day == _SATURDAY:
        return range(0, len(unit.pcs) if hour < 12 else 0, 5)
    if day == _SUNDAY:
        return range(1 if 8 <= hour < 10 else 0)
    return range(len(unit.pcs))


@dataclass(frozen=True)
class Hour:
    """One hour of one unit's week."""

    unit: DemoUnit
    day: int
    hour: int
    start_us: int


def visits(at: Hour, chance: RandomSource, pace: tuple[float, int]) -> list[traffic.Event]:
    """Return the clean lookups and exchanges of one hour, in no order.

    Shapes: `pace` is (visits of a PC in a busy hour, number of sites there are).
    """
    rate, site_count = pace
    pool = sites(site_count)
    out: list[traffic.Event] = []
    for pc in present(at.unit, at.day, at.hour):
        client = at.unit.leased[at.day][pc]
        mark = resolver_mark(at.unit, pc, client)
        for _ in range(int(rate * BUSY[at.hour] + chance.rng.random())):
            # Machines start in the first half of the seventh hour.
            early = HOUR_US // 2 if at.hour == 7 else 0
            when_us = at.start_us + chance.rng.randrange(early, HOUR_US)
            site = pool[int(site_count * chance.rng.random() ** 3)]
            out += visit(
                site, when_us, client=client, resolver=at.unit.resolver, chance=chance, mark=mark
            )
    if at.hour % _SERVER_EVERY_HOURS == 0:
        when_us = at.start_us + chance.rng.randrange(HOUR_US)
        server = at.unit.server.fixed
        out += visit(pool[0], when_us, client=server, resolver=UPSTREAM, chance=chance)
    return out


def resolver_mark(unit: DemoUnit, pc: int, address: str) -> traffic.TrafficMark | None:
    """Return the mark of the lookups of `pc` at `address`, where its resolver is listed."""
    met = lists.meets(traffic.EventPart.SERVER, unit.resolver)
    return traffic.TrafficMark(unit.pcs[pc].who, address, met) if met else None


def visit(
    site: BenignSite,
    when_us: int,
    *,
    client: str,
    resolver: str,
    chance: RandomSource,
    mark: traffic.TrafficMark | None = None,
) -> Iterator[traffic.Event]:
    """Yield the lookup (unless the name is still known) and the exchange of one clean visit."""
    rng = chance.rng
    port = rng.randrange(49152, 65000)
    if rng.random() < 0.7:
        took_us = rng.randrange(900, 60_000)
        yield traffic.DnsLookup(
            serial=chance.serial(),
            when_us=when_us,
            took_us=took_us,
            client=client,
            port=port + 100,
            server=resolver,
            name=site.host,
            answers=(site.address,),
            mark=mark,
        )
        when_us += took_us + 1_500
    yield _fetch(site, when_us, client=client, port=port, chance=chance)


def _fetch(
    site: BenignSite, when_us: int, *, client: str, port: int, chance: RandomSource
) -> traffic.Exchange:
    rng = chance.rng
    received = int(600 + 90_000 * rng.random() ** 4)
    path = rng.choice(PATHS)
    return traffic.Exchange(
        serial=chance.serial(),
        when_us=when_us,
        took_us=rng.randrange(20_000, 25_000_000),
        client=client,
        port=port,
        server=site.address,
        server_port=site.port,
        service=site.service,
        end=traffic.ExchangeEnd.CLOSED,
        sent=rng.randrange(300, 4_000),
        received=received,
        host=site.host,
        path=path,
        agent=rng.choice(AGENTS),
        carried=_page(path, received) if site.service == "http" else None,
    )


def _page(path: str, size: int) -> traffic.CarriedFile | None:
    if not path.endswith(".pdf"):
        return None
    # A digest of nothing in particular, yet the same for the same page.
    digest = f"{size:08x}" * 8
    return traffic.CarriedFile(
        "cv-1790.pdf", "application/pdf", size, digest[:32], digest[:40], digest
    )

"""Who is in the district, on which network, who is infected and how it shows."""

from dataclasses import dataclass
from random import Random

from quetsach.demo import lists
from quetsach.demo.calendar import WORKDAYS, days
from quetsach.demo.chance import chance_for
from quetsach.demo.habits import INFECTIONS, Infection
from quetsach.demo.kits import KITS, LOGGED_DAYS, Recorder
from quetsach.demo.names import DESKS, PLACES, Place, UnitKind

UPSTREAM = "192.0.2.53"
FORWARDING_UNIT = "TC18"
PUBLIC_RESOLVER_UNIT = "TC14"
SCANNED_UNIT = "TC18"
CLEAN_UNIT = "TC12"
SHORT_UNIT = "TC16"


@dataclass(frozen=True)
class Machine:
    """A machine: its name, hardware address (lower case with colons) and fixed address if any."""

    host_name: str
    mac: str
    fixed: str = ""

    @property
    def who(self) -> str:
        """The machine as the truth names it."""
        return self.mac.upper().replace(":", "-")


@dataclass(frozen=True)
class Unit:
    """One unit with its network.

    Shapes: `leased[day][n]` is the address of `pcs[n]` on that day.
    """

    place: Place
    prefix: str
    public: str
    heads: int
    participants: int
    pcs: tuple[Machine, ...]
    server: Machine
    leased: tuple[tuple[str, ...], ...]
    infections: tuple[Infection, ...]
    recorders: tuple[Recorder, ...]
    days: tuple[int, ...]

    @property
    def router(self) -> str:
        """The address of the unit's router, which is its DHCP server too."""
        return f"{self.prefix}.1"

    @property
    def resolver(self) -> str:
        """The address that the unit's machines ask for names."""
        if self.place.code == FORWARDING_UNIT:
            return self.server.fixed
        if self.place.code == PUBLIC_RESOLVER_UNIT:
            return lists.PUBLIC_RESOLVER
        return self.router


def plan_district(seed: int) -> tuple[Unit, ...]:
    """Return all units of the district for `seed`, in the order of their codes."""
    return tuple(_plan_unit(place, number, seed) for number, place in enumerate(PLACES, 1))


def _plan_unit(place: Place, number: int, seed: int) -> Unit:
    rng = chance_for(seed, f"{place.code}/plan").rng
    office = place.kind is UnitKind.OFFICE
    prefix = f"10.84.{number}" if office else f"192.168.{number + 10}"
    heads = rng.randint(9, 16) if office else rng.randint(22, 34)
    pcs = _machines(rng, number, rng.randint(7, 10) if office else rng.randint(9, 13))
    infections = tuple(one for one in INFECTIONS if one.unit == place.code)
    return Unit(
        place=place,
        prefix=prefix,
        public=f"198.51.100.{100 + number}",
        heads=heads,
        participants=heads - rng.randint(0, 4),
        pcs=pcs,
        server=Machine("SRV-01", f"00:17:a4:{number:02x}:00:01", fixed=f"{prefix}.10"),
        leased=_leases(rng, prefix, count=len(pcs), infections=infections),
        infections=infections,
        recorders=KITS[place.code],
        days=LOGGED_DAYS.get(place.code, tuple(range(len(days())))),
    )


def _machines(rng: Random, number: int, count: int) -> tuple[Machine, ...]:
    return tuple(
        Machine(
            host_name=f"PC-{DESKS[(n + number) % len(DESKS)]}-{n + 1:02d}",
            mac=f"00:17:a4:{number:02x}:{rng.randrange(256):02x}:{n + 16:02x}",
        )
        for n in range(count)
    )


def _leases(
    rng: Random, prefix: str, *, count: int, infections: tuple[Infection, ...]
) -> tuple[tuple[str, ...], ...]:
    infected = {one.pc for one in infections}
    movers = [one.pc for one in infections if one.moves]
    octets = [20 + n for n in range(count)]
    fresh = 100
    weeks: list[tuple[str, ...]] = []
    for day in range(len(days())):
        for n in range(count):
            # An infected machine keeps its address unless it is planned to move, so that units
            # without a lease log still have one answer.
            if day and n not in infected and rng.random() < 0.1:
                octets[n], fresh = fresh, fresh + 1
        if day in (WORKDAYS[2], WORKDAYS[4]):
            for pc in movers:
                _swap(octets, pc, rng.choice([n for n in range(count) if n not in infected]))
        weeks.append(tuple(f"{prefix}.{octet}" for octet in octets))
    return tuple(weeks)


def _swap(octets: list[int], one: int, other: int) -> None:
    # The trap this is for: the address that was infected belongs to a clean machine afterwards.
    octets[one], octets[other] = octets[other], octets[one]

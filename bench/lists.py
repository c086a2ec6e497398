"""Made lists of indicators, and the names and addresses of which made logs are full."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

TAILS = ("com", "net", "org", "vn", "com.vn", "gov.vn", "edu.vn", "info", "co.uk", "io", "xyz")
HOSTS = ("www", "api", "cdn", "mail", "img", "update", "static-1", "a.b.telemetry", "m", "s3")
SYLLABLES = ("ba", "to", "mi", "xu", "an", "phe", "rol", "tin", "goo", "ck", "ver", "sen", "duy")
FIRST_BYTES = (23, 31, 45, 52, 64, 77, 89, 91, 103, 104, 113, 118, 123, 142, 151, 171, 185, 193)
"""First bytes of addresses among which none is private or reserved."""

HOST_POOL, PEER_POOL = 200_000, 100_000
DEVICES, BAD_DEVICES = 2000, 40
"""Machines inside the office, and how many of them meet an indicator."""


@dataclass(frozen=True)
class Listed:
    """What is looked for: host names, and IPv4 addresses as people write them."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]

    def text(self) -> str:
        """Return the list as a file: one indicator a line."""
        return "\n".join((*self.names, *self.addresses)) + "\n"


@dataclass(frozen=True)
class Pools:
    """What a made log is written with.

    Shapes: `hosts`, `peers` and `devices` are columns of text that meet none; `bad_hosts` meet one,
    by themselves or below it; `near_hosts` only hold one as a part, as in `notbad.vn` for `bad.vn`.
    """

    hosts: pa.Array
    peers: pa.Array
    devices: pa.Array
    bad_devices: pa.Array
    bad_hosts: tuple[str, ...]
    near_hosts: tuple[str, ...]
    bad_peers: tuple[str, ...]


def make_lists(names: int, addresses: int, seed: int = 1) -> Listed:
    """Return so many different indicators; the same for the same seed."""
    rng = random.Random(f"lists {seed}")
    # A number in the middle keeps them apart from each other and from the names of the logs.
    roots = (f"{_word(rng)}{number}{_word(rng)}.{rng.choice(TAILS)}" for number in range(names))
    listed = [f"{rng.choice(HOSTS)}.{root}" if rng.random() < 0.3 else root for root in roots]
    found: dict[str, None] = {}
    while len(found) < addresses:
        found[_address(rng, odd=True)] = None
    return Listed(tuple(listed), tuple(found))


def make_pools(listed: Listed, seed: int = 2, hosts: int = DEVICES) -> Pools:
    """Return the pools for logs of so many `hosts` inside that meet `listed` now and then."""
    rng = random.Random(f"pools {seed}")
    names = [f"{rng.choice(HOSTS)}.{_word(rng)}{_word(rng)}.{_tail(rng)}" for _ in range(HOST_POOL)]
    peers = [_address(rng, odd=False) for _ in range(PEER_POOL)]
    devices = pa.array(_inside(place, hosts) for place in range(hosts))
    chosen = rng.sample(listed.names, min(500, len(listed.names)))
    return Pools(
        hosts=pa.array(names, pa.string()),
        peers=pa.array(peers, pa.string()),
        devices=devices,
        bad_devices=devices.slice(0, max(1, hosts * BAD_DEVICES // DEVICES)),
        bad_hosts=tuple(_written(rng, name) for name in chosen),
        near_hosts=tuple(_near(chosen)),
        bad_peers=tuple(rng.sample(listed.addresses, min(200, len(listed.addresses)))),
    )


def _inside(place: int, hosts: int) -> str:
    """Return the address of a machine: small offices in eight nets, large ones in as few as fit."""
    if hosts <= DEVICES:
        return f"10.{place % 8}.{place // 8 % 4}.{place // 32 + 1}"
    return f"10.{16 + (place >> 16)}.{place >> 8 & 255}.{place & 255}"


def _written(rng: random.Random, name: str) -> str:
    """Return `name` as a log may write it: itself, or a host below it."""
    return rng.choice((name, f"www.{name}", f"a7.x.{name}", name.upper()))


def _near(names: list[str]) -> Iterator[str]:
    for name in names:
        yield f"not{name}"
        yield f"{name}.cdn.example.net"


def _word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(1, 3)))


def _tail(rng: random.Random) -> str:
    return rng.choice(TAILS)


def _address(rng: random.Random, *, odd: bool) -> str:
    """Return an address; listed ones have an odd third byte, the others an even one."""
    third = 2 * rng.randrange(128) + odd
    return f"{rng.choice(FIRST_BYTES)}.{rng.randrange(256)}.{third}.{rng.randint(1, 254)}"

"""Files by which a resolver or a gateway lets single addresses pass for a time.

An RPZ zone of clients (BIND, Unbound) or a set of nftables. dnsmasq and hosts files answer all
clients alike: with them nothing can be released, and the page says so.
"""

import ipaddress
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from quetsach_public.block_page.status import write_file

ZONE = "released.rpz"
RULES = "released.nft"
TABLE = "quetsach_held"


class ReleaseMethod(StrEnum):
    """How an address is released."""

    NONE = "none"
    RPZ = "rpz"
    NFTABLES = "nftables"


def writer(way: ReleaseMethod, folder: Path) -> Callable[[Mapping[str, float], float], None] | None:
    """Return what writes the released addresses into `folder`, None where nothing can."""
    serials = [0]

    def write_zone(until: Mapping[str, float], now: float) -> None:
        # A resolver takes a zone up only when its serial has risen, also within one second.
        serials.append(max(serials.pop() + 1, int(now)))
        write_file(folder / ZONE, zone(until, serials[0]))

    if way is ReleaseMethod.RPZ:
        return write_zone
    if way is ReleaseMethod.NFTABLES:
        return lambda until, now: write_file(folder / RULES, rules(until, now))
    return None


def zone(until: Mapping[str, float], serial: int) -> str:
    """Return the zone in which each released client is answered the truth."""
    lines = [
        "$TTL 30",
        f"@ IN SOA localhost. root.localhost. {serial} 60 60 604800 30",
        "@ IN NS localhost.",
        *(f"{client(one)} IN CNAME rpz-passthru." for one in sorted(until)),
    ]
    return "\n".join(lines) + "\n"


def client(address: str) -> str:
    """Return the owner name by which RPZ knows a client: prefix length, its parts backwards."""
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        parts = str(parsed).split(".")
    else:
        # "zz" stands for the "::", beside which an empty part is left at an end.
        parts = []
        for one in str(parsed).split(":"):
            part = one or "zz"
            parts += [part] if not parts or part != "zz" or parts[-1] != "zz" else []
    return ".".join((str(parsed.max_prefixlen), *reversed(parts), "rpz-client-ip"))


def rules(until: Mapping[str, float], now: float) -> str:
    """Return the set of released addresses for `nft -f`; each ends by itself."""
    lines = [f"add table inet {TABLE}"]
    for version in (4, 6):
        name = f"released{version}"
        lines += [
            f"add set inet {TABLE} {name} {{ type ipv{version}_addr; flags timeout; }}",
            f"flush set inet {TABLE} {name}",
        ]
        lines += [
            f"add element inet {TABLE} {name} {{ {one} timeout {max(1, int(end - now))}s }}"
            for one, end in sorted(until.items())
            if ipaddress.ip_address(one).version == version
        ]
    return "\n".join(lines) + "\n"

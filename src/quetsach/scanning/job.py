"""What a sweep looks for and how: plain values that can be sent to any worker."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_network
from threading import Event
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quetsach.addresses import Network
from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.indicator_set import indicator_table
from quetsach.indicators.lookup import IndicatorLookup
from quetsach.indicators.model import IndicatorSet
from quetsach.indicators.sieve_keys import sieve_keys, spans4
from quetsach.scanning.declared_sources import SIGN_REVERSED, DeclaredSource
from quetsach.scanning.public_resolvers import NAMES as RESOLVER_NAMES
from quetsach.sieve.contract import Sieve, SieveKeys
from quetsach.sieve.kernel import IMAGE_ENDING, build_sieve, mapped_sieve, rust_available

INSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10")
"""What counts as inside unless the user says otherwise (RFC 1918, 6598, 4193, 4291)."""


@dataclass(frozen=True)
class ReadOptions:
    """How evidence is read; with `mask_persons`, no person is left in what is kept of a line.

    With `hold_doubtful`, what stands on a warning list and nobody decided on accuses no device;
    `accepted_doubtful` is the reason a person gave for taking such indicators at their word.
    `zone` applies to a time that is written without one, and it is the zone of the times shown;
    `zone_declared` says that a person named it, so that it is known and not assumed. What
    `sources` declare of single files goes before both, and before `inside`.
    Units: `since_us` (included) and `until_us` (not included) in microseconds since 1970, UTC.
    """

    zone: str = "Asia/Ho_Chi_Minh"
    inside: tuple[str, ...] = INSIDE
    accept_private: bool = False
    since_us: int | None = None
    until_us: int | None = None
    sieve: Literal["auto", "rust", "python"] = "auto"
    mask_persons: bool = False
    zone_declared: bool = False
    sources: tuple[DeclaredSource, ...] = ()
    hold_doubtful: bool = False
    accepted_doubtful: str = ""


@dataclass(frozen=True)
class ScanJob:
    """All that a worker needs beside its splits."""

    indicators: IndicatorSet
    options: ReadOptions = field(default_factory=ReadOptions)
    wants_tokens: bool = False
    """Whether the outside tokens of each day are kept, for the fingerprints."""


@dataclass(frozen=True)
class WorkerTools:
    """A job made ready in one process: compiled sieve and look-up.

    Once `stopped` is set, scans with these tools end at their next block.
    Units: `clock_us` is added to a time of the log before it is compared with any other.
    """

    job: ScanJob
    sieve: Sieve
    lookup: IndicatorLookup
    zone: Zone
    inside: tuple[Network, ...]
    stopped: Event = field(default_factory=Event)
    clock_us: int = 0
    sieves: dict[tuple[Network, ...], Sieve] = field(default_factory=dict)


def prepare(job: ScanJob) -> WorkerTools:
    """Return the tools for `job`; some tenths of a second for 100,000 indicators."""
    inside = inside_networks(job.options)
    return WorkerTools(
        job=job,
        sieve=_sieve(job, inside),
        lookup=IndicatorLookup(job.indicators),
        zone=ZoneInfo(job.options.zone),
        inside=inside,
    )


def _sieve(job: ScanJob, inside: tuple[Network, ...]) -> Sieve:
    # Lines that name a public resolver are parsed as well: they tell what no DNS log can show.
    resolvers = [name.encode("ascii") for name in RESOLVER_NAMES]
    table, prefer = indicator_table(job.indicators), job.options.sieve

    def keys() -> SieveKeys:
        return sieve_keys(job.indicators, inside, resolvers)

    if (
        table.keys_folder is None
        or not table.identity
        or prefer == "python"
        or not rust_available()
    ):
        return build_sieve(keys(), prefer)
    name = sha256(b"\n".join((table.identity.encode(), *sorted(resolvers)))).hexdigest()
    return mapped_sieve(table.keys_folder / f"{name}{IMAGE_ENDING}", keys, spans4(inside))


def tools_for(declared: DeclaredSource | None, tools: WorkerTools) -> WorkerTools:
    """Return `tools` as they are for a file of which `declared` holds.

    Cost: a sieve for each different set of inside networks, once in a process.
    """
    if declared is None:
        return tools
    inside = declared.networks() or tools.inside
    if inside != tools.inside and inside not in tools.sieves:
        tools.sieves[inside] = _sieve(tools.job, inside)
    return replace(
        tools,
        sieve=tools.sieves.get(inside, tools.sieve),
        zone=declared.zone_or(tools.zone),
        inside=inside,
        clock_us=declared.offset_us,
    )


def inside_networks(options: ReadOptions) -> tuple[Network, ...]:
    """Return the networks of the organisation itself."""
    return tuple(ip_network(text) for text in options.inside)


# What people type for a zone, a network or a time, checked; an error names the option.


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of this IANA name; E601 for another."""
    if SIGN_REVERSED.fullmatch(name):
        raise QuetsachError("E601", "--zone", reason=name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise QuetsachError("E601", "--zone", reason=name) from error


def network_of(text: str, option: str = "--inside") -> Network:
    """Return the network that `text` writes; E601, naming the option, for anything else."""
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise QuetsachError("E601", option, reason=text) from error


def moment_us(option: str, text: str | None, zone: str) -> int | None:
    """Return a time in us; one without an offset is meant in `zone`. E601 for anything else."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", option, reason=text) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone_of(zone))
    return round(aware.timestamp() * MICROSECONDS)

"""Check Point network feed of plain addresses, IPv4 alone."""

from collections.abc import Sequence

from quetsach.addresses import parse_network
from quetsach.blocking.contract import About, Entry, Files, Output, Proof, Why
from quetsach.blocking.outputs.fortigate import split
from quetsach.blocking.parts import parts_of
from quetsach.errors import N_
from quetsach.indicators.model import Indicator, Kind

WIDEST = 24
"""Networks up to this size are written address by address."""

MOST_LINES = 100_000


def _render(entries: Sequence[Entry], about: About) -> Files:
    parts = parts_of(entries)
    listed = [one.indicator.key for one in parts.addresses]
    for one in parts.networks:
        network = parse_network(one.indicator.key)
        if network is not None:
            listed += [str(address) for address in network[0]]
    return split({"addresses": list(dict.fromkeys(listed))}, about, MOST_LINES)


def _refuses(indicator: Indicator) -> Why | None:
    if indicator.kind is not Kind.NETWORK:
        return None
    network = parse_network(indicator.key)
    return Why.TOO_WIDE if network is None or network[0].prefixlen < WIDEST else None


def _undo(entries: Sequence[Entry], about: About) -> Files:
    return dict.fromkeys(_render(entries, about), "")


OUTPUT = Output(
    name="checkpoint",
    title=N_("Check Point feed (IPv4)"),
    covers=(Kind.ADDRESS, Kind.NETWORK),
    render=_render,
    undo=_undo,
    use=N_(
        "Serve the file over HTTPS and add it as a network feed; name it in a rule: accept with "
        "log to watch, drop to block."
    ),
    undo_by=N_("Serve the empty file, or take the feed out of the rule."),
    limits=N_(
        "IPv4 alone; a network up to /24 is written address by address, a wider one left out."
    ),
    proof=Proof.FIREWALL,
    ipv6=False,
    comment="",
    most=MOST_LINES,
    splits=True,
    refuses=_refuses,
)

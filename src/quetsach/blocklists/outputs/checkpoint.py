"""Check Point network feed of plain addresses, IPv4 alone."""

from collections.abc import Sequence

from quetsach.addresses import parse_network
from quetsach.blocklists.contract import (
    BlockEntry,
    BlockReason,
    Files,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import parts_of, without_lines
from quetsach.blocklists.outputs.fortigate import split
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind

WIDEST = 24
"""Networks up to this size are written address by address."""

MOST_LINES = 100_000


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    listed = [block.indicator.key for block in parts.addresses]
    for block in parts.networks:
        network = parse_network(block.indicator.key)
        if network is not None:
            listed += [str(address) for address in network[0]]
    return split({"addresses": list(dict.fromkeys(listed))}, about, MOST_LINES)


def _refuses(indicator: Indicator) -> BlockReason | None:
    if indicator.kind is not IndicatorKind.NETWORK:
        return None
    network = parse_network(indicator.key)
    return BlockReason.TOO_WIDE if network is None or network[0].prefixlen < WIDEST else None


OUTPUT = Output(
    name="checkpoint",
    title=N_("Check Point feed (IPv4)"),
    covers=(IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=without_lines(_render),
    use=N_(
        "Serve the file over HTTPS and add it as a network feed; name it in a rule: accept with "
        "log to watch, drop to block."
    ),
    undo_by=N_("Serve the empty file, or remove the feed from the rule."),
    limits=N_(
        "IPv4 only; a network up to /24 is written address by address, a wider one is left out."
    ),
    proof=ProofMethod.FIREWALL,
    ipv6=False,
    comment="",
    most=MOST_LINES,
    splits=True,
    refuses=_refuses,
)

"""Response policy zone for BIND, Unbound, PowerDNS and Knot.

Source: BIND 9 Administrator Reference Manual, "Response Policy Zone (RPZ) Rewriting".
"""

from collections.abc import Iterable, Iterator, Sequence

from quetsach.addresses import Address, Network, parse_network
from quetsach.blocklists.contract import (
    BlockEntry,
    BlockReason,
    Files,
    Mode,
    Output,
    Policy,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import header, parts_of, text_of
from quetsach.blocklists.never_block import span_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule

TTL_S = 60
"""Short, so that an answer undone is soon forgotten everywhere."""

LONGEST_OWNER = 200
"""A listed name is written below the zone's own; both together may have 255 bytes (RFC 1035)."""


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    action = _action(about)
    body = [line for block in parts.names for line in _name(block.indicator, action)]
    for block in (*parts.addresses, *parts.networks):
        span = span_of(block.indicator)
        if span is not None:
            body += [f"{rpz_ip(span)} {rest}" for rest in action]
    loaded = [
        f"{about.loaded_name} A {about.test_address}",
        f'{about.loaded_name} TXT "quetsach {about.list_id} {about.mode}"',
    ]
    lines = (_soa(about.serial), _passed(about), ["; planted: answers where it is loaded"], loaded)
    return {f"{about.name}.rpz": text_of(header(about, ";"), *lines, body)}


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    # Secondaries take the empty zone only when its serial is higher still.
    note = f"; {about.mark}: emptied on purpose to undo {about.list_id}"
    return {f"{about.name}.rpz": text_of([note], _soa(about.serial + 1))}


def _soa(serial: int) -> list[str]:
    return [
        f"$TTL {TTL_S}",
        f"@ IN SOA localhost. nobody.invalid. {serial} 3600 600 864000 {TTL_S}",
        "@ IN NS localhost.",
    ]


def _passed(about: ReleaseSummary) -> Iterator[str]:
    if about.never_block.names or about.never_block.own_spans:
        yield "; never blocked: always let pass"
    for name in sorted(about.never_block.names):
        if len(name) <= LONGEST_OWNER:
            yield f"{name} CNAME rpz-passthru."
            yield f"*.{name} CNAME rpz-passthru."
    for text in sorted({rpz_ip(span) for span in about.never_block.own_spans}):
        yield f"{text} CNAME rpz-passthru."


def _action(about: ReleaseSummary) -> Sequence[str]:
    if about.mode is Mode.WATCH:
        return ("CNAME rpz-passthru.",)
    if about.policy is Policy.NODATA:
        return ("CNAME *.",)
    if about.policy is Policy.REDIRECT:
        return [f"{'AAAA' if ':' in address else 'A'} {address}" for address in about.sensor]
    return ("CNAME .",)


def _name(indicator: Indicator, action: Iterable[str]) -> Iterator[str]:
    for rest in action:
        yield f"{indicator.key} {rest}"
        if indicator.rule is MatchRule.BELOW:
            yield f"*.{indicator.key} {rest}"


def rpz_ip(span: Address | Network) -> str:
    """Return the owner name of `span`: prefix length, then its parts backwards."""
    network = span if isinstance(span, Network) else parse_network(str(span))
    if isinstance(network, tuple):
        network = network[0]
    assert network is not None
    written = str(network.network_address)
    if network.version == 4:
        parts = written.split(".")
    else:
        # "zz" stands for the `::`; what is left of it at an end is the empty part beside it.
        parts = ["zz" if part == "" else part for part in written.split(":")]
        parts = [
            part
            for place, part in enumerate(parts)
            if not (place and part == parts[place - 1] == "zz")
        ]
    return ".".join((str(network.prefixlen), *reversed(parts), "rpz-ip"))


def _refuses(indicator: Indicator) -> BlockReason | None:
    long = indicator.kind is IndicatorKind.NAME and len(indicator.key) > LONGEST_OWNER
    return BlockReason.TOO_LONG if long else None


OUTPUT = Output(
    name="rpz",
    title=N_("Response policy zone, RPZ (BIND, Unbound, PowerDNS, Knot)"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=_undo,
    use=N_(
        "Load it as a zone listed in response-policy (BIND) or rpz: (Unbound), with logging "
        "enabled; check first: named-checkzone rpz.local %(file)s."
    ),
    undo_by=N_(
        "Replace the zone with the empty one of the same name and reload; its serial is higher."
    ),
    limits=N_(
        "To watch, BIND logs matching queries in the category rpz, Unbound with rpz-log: yes. "
        "Addresses are matched in answers only."
    ),
    policies=(Policy.NXDOMAIN, Policy.NODATA, Policy.REDIRECT),
    proof=ProofMethod.RESOLVER,
    answers=True,
    comment=";",
    refuses=_refuses,
)

"""Unbound local zones. Source: unbound.conf(5), local-zone."""

from collections.abc import Iterator, Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    Policy,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import emptied, header, parts_of, text_of, without_covered
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import Indicator, IndicatorKind, MatchRule

FILE = "-unbound.conf"
_ZONE_TYPES = {
    Policy.NXDOMAIN: "always_nxdomain",
    Policy.NODATA: "always_nodata",
    Policy.REDIRECT: "redirect",
}


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    names = parts_of(entries).names
    listed = names if about.mode is Mode.WATCH else without_covered(names)
    body = [line for block in listed for line in _zone(block.indicator, about)]
    loaded = [f'local-data: "{about.loaded_name}. 60 IN A {about.test_address}"']
    return {about.name + FILE: text_of(header(about, "#"), ["server:"], loaded, body)}


def _zone(indicator: Indicator, about: ReleaseSummary) -> Iterator[str]:
    zone = f"{indicator.key}."
    if about.mode is Mode.WATCH:
        yield f'local-zone: "{zone}" inform'
        return
    if indicator.rule is MatchRule.BELOW:
        yield f'local-zone: "{zone}" {_ZONE_TYPES[about.policy]}'
    else:
        # A transparent zone answers for the names that it has data of, and only for them.
        yield f'local-zone: "{zone}" transparent'
        yield f"local-data: '{zone} 60 IN TXT \"quetsach {about.list_id}\"'"
    if about.policy is Policy.REDIRECT:
        for address in about.sensor:
            kind = "AAAA" if ":" in address else "A"
            yield f'local-data: "{zone} 60 IN {kind} {address}"'


def _undo(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    zones = [f"{block.indicator.key}." for block in parts_of(entries).names]
    remove = {f"{about.name}-local-zones-remove.txt": text_of(zones)}
    return {**emptied(FILE)(entries, about), **remove}


OUTPUT = Output(
    name="unbound",
    title=N_("Unbound local zones"),
    covers=(IndicatorKind.NAME,),
    render=_render,
    undo=_undo,
    use=N_(
        "Put it into the folder that unbound.conf includes, check with unbound-checkconf, then: "
        "unbound-control reload."
    ),
    undo_by=N_(
        "Replace the file with the empty one and reload; or without reload: unbound-control "
        "local_zones_remove < FILE with the list of zones."
    ),
    limits=N_(
        "Starts slowly with more than about 100,000 names: use rpz then. A name that covers only "
        "itself is answered with no data. To watch, the type inform writes a line to the log."
    ),
    policies=(Policy.NXDOMAIN, Policy.NODATA, Policy.REDIRECT),
    proof=ProofMethod.RESOLVER,
    answers=True,
    watches_exactly=False,
)

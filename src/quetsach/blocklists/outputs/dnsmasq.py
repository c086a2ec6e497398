"""dnsmasq configuration. Source: dnsmasq(8), --address, --host-record."""

from collections.abc import Sequence

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

FILE = "-dnsmasq.conf"


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    names = without_covered(parts_of(entries).names)
    body = [line for block in names for line in _lines(block.indicator, about)]
    loaded = [f"host-record={about.loaded_name},{about.test_address}"]
    return {about.name + FILE: text_of(header(about, "#"), loaded, body)}


def _lines(indicator: Indicator, about: ReleaseSummary) -> list[str]:
    sensor = about.sensor if about.policy is Policy.REDIRECT else ()
    if indicator.rule is MatchRule.BELOW:
        return [f"address=/{indicator.key}/{address}" for address in sensor or ("",)]
    # address= covers all below; a host record is the one name alone, at an address of nobody.
    return [f"host-record={indicator.key},{','.join(sensor or ('0.0.0.0', '::'))}"]  # noqa: S104


OUTPUT = Output(
    name="dnsmasq",
    title=N_("dnsmasq (also in OpenWrt and many small routers)"),
    covers=(IndicatorKind.NAME,),
    render=_render,
    undo=emptied(FILE),
    use=N_("Put it into /etc/dnsmasq.d, check with dnsmasq --test, then restart dnsmasq."),
    undo_by=N_("Replace the file with the empty one and restart dnsmasq."),
    limits=N_(
        "Slow with more than about 100,000 names. A name that covers only itself is answered "
        "with 0.0.0.0 and ::."
    ),
    modes=(Mode.BLOCK,),
    instead=("rpz", "unbound"),
    policies=(Policy.NXDOMAIN, Policy.REDIRECT),
    proof=ProofMethod.RESOLVER,
    answers=True,
)

"""The list of outputs, in the order in which they are shown; those of other packages by name."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePath

from quetsach.blocklists.contract import BlockEntry, Files, Output, ReleaseSummary, Render
from quetsach.blocklists.outputs.adblock import OUTPUT as ADBLOCK
from quetsach.blocklists.outputs.checkpoint import OUTPUT as CHECKPOINT
from quetsach.blocklists.outputs.csv_table import OUTPUT as CSV
from quetsach.blocklists.outputs.dnsmasq import OUTPUT as DNSMASQ
from quetsach.blocklists.outputs.fortigate import OUTPUT as FORTIGATE
from quetsach.blocklists.outputs.hosts import OUTPUT as HOSTS
from quetsach.blocklists.outputs.iprep import OUTPUT as IPREP
from quetsach.blocklists.outputs.ipset import OUTPUT as IPSET
from quetsach.blocklists.outputs.mikrotik import OUTPUT as MIKROTIK
from quetsach.blocklists.outputs.misp import OUTPUT as MISP
from quetsach.blocklists.outputs.nftables import OUTPUT as NFTABLES
from quetsach.blocklists.outputs.openioc import OUTPUT as OPENIOC
from quetsach.blocklists.outputs.paloalto import OUTPUT as PALOALTO
from quetsach.blocklists.outputs.plain import OUTPUT as PLAIN
from quetsach.blocklists.outputs.rpz import OUTPUT as RPZ
from quetsach.blocklists.outputs.squid import OUTPUT as SQUID
from quetsach.blocklists.outputs.stix import OUTPUT as STIX
from quetsach.blocklists.outputs.suricata_dataset import OUTPUT as SURICATA_DATASET
from quetsach.blocklists.outputs.suricata_rules import OUTPUT as SURICATA_RULES
from quetsach.blocklists.outputs.unbound import OUTPUT as UNBOUND
from quetsach.blocklists.outputs.windows import OUTPUT as WINDOWS
from quetsach.blocklists.outputs.zeek import OUTPUT as ZEEK
from quetsach.entry_points import PluginGroup, PluginOffer, demanded, load, offers_of

OUTPUTS: tuple[Output, ...] = (
    RPZ,
    UNBOUND,
    DNSMASQ,
    ADBLOCK,
    HOSTS,
    SURICATA_RULES,
    SURICATA_DATASET,
    IPREP,
    ZEEK,
    NFTABLES,
    IPSET,
    FORTIGATE,
    PALOALTO,
    CHECKPOINT,
    MIKROTIK,
    WINDOWS,
    SQUID,
    STIX,
    MISP,
    OPENIOC,
    CSV,
    PLAIN,
)

NAMES: tuple[str, ...] = tuple(output.name for output in OUTPUTS)


@cache
def offered_outputs() -> tuple[tuple[Output, PluginOffer], ...]:
    """Return the outputs of other packages, each with where it is from."""
    outputs = []
    for offer in offers_of(PluginGroup.OUTPUTS, NAMES):
        loaded = load(offer, lambda value: isinstance(value, Output))
        if loaded is not None:
            outputs.append((_guarded(loaded, offer), offer))
    return tuple(outputs)


def output_named(name: str) -> Output | None:
    """Return the output of this name; other packages are looked at where none of ours has it."""
    ours = next((output for output in OUTPUTS if output.name == name), None)
    if ours is not None:
        return ours
    return next((output for output, _offer in offered_outputs() if output.name == name), None)


def _guarded(output: Output, offer: PluginOffer) -> Output:
    """Return the output whose writers raise E651 alone, and name no file elsewhere."""
    delta, refuses = output.delta, output.refuses
    return replace(
        output,
        name=offer.name,
        render=_render(output.render, offer),
        undo=None if output.undo is None else _render(output.undo, offer),
        delta=None
        if delta is None
        else lambda added, removed, about: demanded(
            offer, lambda: _checked(delta(added, removed, about))
        ),
        refuses=None
        if refuses is None
        else lambda indicator: demanded(offer, lambda: refuses(indicator)),
    )


def _render(
    render: Render, offer: PluginOffer
) -> Callable[[Sequence[BlockEntry], ReleaseSummary], Files]:
    return lambda entries, about: demanded(offer, lambda: _checked(render(entries, about)))


def _checked(written: Files) -> Files:
    """Return the files. Errors: ValueError for a name that leads elsewhere, or what is no text."""
    for name, text in written.items():
        if not name or PurePath(name).name != name or name.startswith(".") or "\\" in name:
            raise ValueError(f"{name!r} is no name of a file")
        if not isinstance(text, str):
            raise TypeError(f"{name} is no text")
    return dict(written)

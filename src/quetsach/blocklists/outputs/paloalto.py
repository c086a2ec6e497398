"""Palo Alto Networks external dynamic lists. Source: PAN-OS documentation, EDL formatting."""

from collections.abc import Sequence

from quetsach.blocklists.contract import BlockEntry, Files, Output, ProofMethod, ReleaseSummary
from quetsach.blocklists.entries import parts_of, until, words
from quetsach.blocklists.outputs.fortigate import domain_lines, split, url_line
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind

MOST_LINES = 50_000
"""What the smaller models hold of addresses over all their lists."""


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    kinds = {
        "addresses": [_address(block, about) for block in (*parts.addresses, *parts.networks)],
        "domains": domain_lines(parts.names),
        "urls": [url_line(block) for block in parts.urls],
    }
    return split(kinds, about, MOST_LINES)


def _address(block: BlockEntry, about: ReleaseSummary) -> str:
    key = block.indicator.key
    whole = key if "/" in key else f"{key}/{128 if ':' in key else 32}"
    return f"{whole} {words(block, about)} until {until(about)[:10]}"


def _undo(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return dict.fromkeys(_render(entries, about), "")


OUTPUT = Output(
    name="paloalto",
    title=N_("Palo Alto Networks external dynamic list (EDL)"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.NETWORK, IndicatorKind.URL),
    render=_render,
    undo=_undo,
    use=N_(
        "Serve the files over HTTPS, add each as an external dynamic list of its kind, and name it "
        "in a rule: allow with log to watch, deny to block."
    ),
    undo_by=N_("Take the lists out of the rule: a list that fails to load keeps its last copy."),
    limits=N_(
        "Each model holds its own number of entries: --limit (50,000 a file unless told). Only "
        "lists of addresses take comments."
    ),
    proof=ProofMethod.FIREWALL,
    comment="",
    most=MOST_LINES,
    splits=True,
)

"""Palo Alto Networks external dynamic lists. Source: PAN-OS documentation, EDL formatting."""

from collections.abc import Sequence

from quetsach.blocklists.contract import BlockEntry, Files, Output, ProofMethod, ReleaseSummary
from quetsach.blocklists.entries import parts_of, until, without_lines, words
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


OUTPUT = Output(
    name="paloalto",
    title=N_("Palo Alto Networks external dynamic list (EDL)"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.NETWORK, IndicatorKind.URL),
    render=_render,
    undo=without_lines(_render),
    use=N_(
        "Serve the files over HTTPS, add each as an external dynamic list of its kind, and use "
        "it in a rule: allow with log to watch, deny to block."
    ),
    undo_by=N_("Remove the lists from the rule: a list that fails to load keeps its last copy."),
    limits=N_(
        "The number of entries depends on the model: --limit (50,000 a file by default). Only "
        "address lists can hold comments."
    ),
    proof=ProofMethod.FIREWALL,
    comment="",
    most=MOST_LINES,
    splits=True,
)

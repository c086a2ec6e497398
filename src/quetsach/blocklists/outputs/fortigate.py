"""FortiGate external resources (threat feeds), one kind a file.

Source: Fortinet, FortiOS administration guide, "External resources for threat feeds"; lists in
public use are split at 131,072 lines.
"""

from collections.abc import Sequence

from quetsach.blocklists.contract import BlockEntry, Files, Output, ProofMethod, ReleaseSummary
from quetsach.blocklists.entries import chunks, parts_of, safe_url, text_of, without_lines
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind, MatchRule

MOST_LINES = 131_072


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    kinds = {
        "addresses": [block.indicator.key for block in (*parts.addresses, *parts.networks)],
        "domains": domain_lines(parts.names),
        "urls": [url_line(block) for block in parts.urls],
    }
    return split(kinds, about, MOST_LINES)


def domain_lines(names: Sequence[BlockEntry]) -> list[str]:
    """Return a line for each name, and a `*.` twin where what lies below it counts too."""
    lines = []
    for block in names:
        lines.append(block.indicator.key)
        if block.indicator.rule is MatchRule.BELOW:
            lines.append(f"*.{block.indicator.key}")
    return lines


def url_line(block: BlockEntry) -> str:
    """Return a URL in which no character is a wildcard of the device."""
    return safe_url(block.indicator.key).replace("*", "%2A").replace("^", "%5E")


def split(kinds: dict[str, list[str]], about: ReleaseSummary, most: int) -> Files:
    """Return one file a kind, or as many as the device's limit asks for."""
    size = most if about.limit is None else about.limit
    files = {}
    for kind, lines in kinds.items():
        if not lines:
            continue
        pieces = list(chunks(lines, size))
        for number, piece in enumerate(pieces, 1):
            behind = f"-{number}" if len(pieces) > 1 else ""
            files[f"{about.name}-{kind}{behind}.txt"] = text_of(piece)
    return files


OUTPUT = Output(
    name="fortigate",
    title=N_("FortiGate external resource (threat feed)"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.NETWORK, IndicatorKind.URL),
    render=_render,
    undo=without_lines(_render),
    use=N_(
        "Serve the files over HTTPS and add each as an external connector of its kind (IP address, "
        "domain name, category); then name it in a policy or profile: action monitor to watch, "
        "block to block."
    ),
    undo_by=N_("Serve the empty files, or remove the connectors from the policy."),
    limits=N_(
        "Split at 131,072 lines a file; smaller models hold less: --limit. The DNS filter "
        "ignores IPv6. The files cannot hold comments: left-out.json names list and expiry."
    ),
    proof=ProofMethod.FIREWALL,
    comment="",
    most=MOST_LINES,
    splits=True,
)

"""Adblock-style lists of names, as Pi-hole and AdGuard Home read them."""

from collections.abc import Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import emptied, header, parts_of, text_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind, MatchRule

FILE = "-adblock.txt"


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    body = [
        f"||{block.indicator.key}^"
        if block.indicator.rule is MatchRule.BELOW
        else block.indicator.key
        for block in parts_of(entries).names
    ]
    return {about.name + FILE: text_of(header(about, "!"), body)}


OUTPUT = Output(
    name="adblock",
    title=N_("Pi-hole, AdGuard Home"),
    covers=(IndicatorKind.NAME,),
    render=_render,
    undo=emptied(FILE, "!"),
    use=N_(
        "Give its web address or path as an adlist (Pi-hole: then pihole -g) or as a DNS blocklist "
        "(AdGuard Home)."
    ),
    undo_by=N_("Replace the file with the empty one, or remove the list, and update the lists."),
    limits=N_(
        "A name in ||...^ covers its subdomains, a plain name only itself; Pi-hole before "
        "version 5.22 reads only plain names."
    ),
    modes=(Mode.BLOCK,),
    instead=("rpz", "unbound"),
    proof=ProofMethod.RESOLVER,
    comment="!",
)

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
from quetsach.blocklists.entries import empty, header, parts_of, text_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind, MatchRule


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    body = [
        f"||{block.indicator.key}^"
        if block.indicator.rule is MatchRule.BELOW
        else block.indicator.key
        for block in parts_of(entries).names
    ]
    return {_file(about): text_of(header(about, "!"), body)}


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return empty(about, "!", _file(about))


def _file(about: ReleaseSummary) -> str:
    return f"{about.name}-adblock.txt"


OUTPUT = Output(
    name="adblock",
    title=N_("Pi-hole, AdGuard Home"),
    covers=(IndicatorKind.NAME,),
    render=_render,
    undo=_undo,
    use=N_(
        "Give its web address or path as an adlist (Pi-hole: then pihole -g) or as a DNS blocklist "
        "(AdGuard Home)."
    ),
    undo_by=N_("Put the empty file in its place, or take the list out, and update the lists."),
    limits=N_(
        "A name in ||...^ is covered with all below it, a bare one by itself alone; Pi-hole before "
        "version 5.22 knows only bare ones."
    ),
    modes=(Mode.BLOCK,),
    instead=("rpz", "unbound"),
    proof=ProofMethod.RESOLVER,
    comment="!",
)

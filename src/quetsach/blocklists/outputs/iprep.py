"""Suricata IP reputation. Source: Suricata user guide, "IP Reputation Config" and iprep rules."""

from collections.abc import Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import header, parts_of, text_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind

CATEGORY = 1
DEFAULT_SCORE = 100
LOWEST_SCORE = 2


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    body = [
        f"{block.indicator.key},{CATEGORY},{_score(block)}"
        for block in (*parts.addresses, *parts.networks)
    ]
    category = _category(about)
    action = "drop" if about.mode is Mode.BLOCK else "alert"
    rule = (
        f"{action} ip $HOME_NET any -> any any "
        f'(msg:"quetsach {about.list_id} address of the list"; iprep:dst,{category},>,1; '
        f"classtype:trojan-activity; sid:{about.first_sid}; rev:{about.number};)"
    )
    return {
        f"{about.name}.list": text_of(body),
        f"{about.name}-categories.txt": f"{CATEGORY},{category},{about.mark}\n",
        f"{about.name}-iprep.rules": text_of(header(about, "#"), [rule]),
    }


def _score(block: BlockEntry) -> int:
    # 0 says that nothing is known, and the rule asks for more than 1.
    confidence = block.indicator.claim.confidence
    return DEFAULT_SCORE if confidence is None else max(LOWEST_SCORE, min(confidence, 127))


def _category(about: ReleaseSummary) -> str:
    return about.name.replace("-", "_")


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    note = f"# {about.mark}: emptied on purpose to undo {about.list_id}\n"
    return {f"{about.name}.list": "", f"{about.name}-iprep.rules": note}


OUTPUT = Output(
    name="suricata-iprep",
    title=N_("Suricata IP reputation"),
    covers=(IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=_undo,
    use=N_(
        "Enter the two lists under reputation-categories-file and reputation-files of "
        "suricata.yaml and the rule file under rule-files; check with suricata -T."
    ),
    undo_by=N_("Replace the files with the empty ones and reload the rules."),
    limits=N_("Uses category 1: change the number if it is already in use."),
    proof=ProofMethod.SENSOR,
)

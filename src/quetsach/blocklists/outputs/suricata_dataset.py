"""Suricata datasets: long lists in a hash table, with the few rules that query them.

Source: Suricata user guide, "Datasets", "Transformations" (pcrexform), 6 to 8; src/datasets.c of 8.
"""

from base64 import b64encode
from collections.abc import Sequence

from quetsach.blocklists.contract import BlockEntry, Files, Output, ProofMethod, ReleaseSummary
from quetsach.blocklists.entries import emptied, header, parts_of, text_of
from quetsach.blocklists.outputs.suricata_rules import SensorRule, hash_lists, rules_text
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind, MatchRule

AN_ENTRY = 512
"""Memory to grant for one name; in bytes, generous."""

LEAST_MEMORY = 16 * 1024 * 1024

MOST_BUCKETS = 65_536
"""A rule that asks for more is refused by Suricata 8, unless `datasets.limits.single-hashsize` is
set higher; a longer list is held all the same, in longer buckets.
"""

# Where a name is visible: rule head, buffer, protocol.
_BUFFERS = (
    ("dns $HOME_NET any -> any any", "dns.query;", "dns"),
    ("tls $HOME_NET any -> any any", "flow:established,to_server; tls.sni;", "tls"),
    ("http $HOME_NET any -> any any", "flow:established,to_server; http.host;", "http"),
)


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    exact = [
        block.indicator.key for block in parts.names if block.indicator.rule is not MatchRule.BELOW
    ]
    below = [
        block.indicator.key for block in parts.names if block.indicator.rule is MatchRule.BELOW
    ]
    files: dict[str, str] = {}
    rules: list[SensorRule] = []
    if exact:
        files[f"{about.name}-exact.lst"] = text_of(_coded(exact))
        rules += _asked("exact", len(exact), (), about)
    if below:
        files[f"{about.name}-below.lst"] = text_of(_coded(below))
        # A set is asked for whole values. The last two, three ... labels of a name are cut out,
        # one rule for each number of labels that the list has, and asked for.
        depths = sorted({name.count(".") + 1 for name in below})
        rules += _asked("below", len(below), depths, about)
    if parts.addresses:
        files[f"{about.name}-ip.lst"] = text_of(block.indicator.key for block in parts.addresses)
        options = dataset_option(f"{about.name}-ip", "ip", len(parts.addresses))
        rules.append(
            SensorRule(
                "ip $HOME_NET any -> any any", f"{about.list_id} address", f"ip.dst; {options}"
            )
        )
    lists, of_hashes = hash_lists(parts.hashes, about)
    text = text_of(header(about, "#"), rules_text([*rules, *of_hashes], about))
    return {f"{about.name}-dataset.rules": text, **files, **lists}


def _asked(which: str, size: int, depths: Sequence[int], about: ReleaseSummary) -> list[SensorRule]:
    name = f"{about.name}-{which}"
    return [
        SensorRule(
            head,
            f"{about.list_id} name {protocol}",
            f"{buffer} {_suffix(depth)}{dataset_option(name, 'string', size)}",
        )
        for head, buffer, protocol in _BUFFERS
        for depth in depths or (0,)
    ]


def _suffix(labels: int) -> str:
    # Without a backslash: how many of them a rule needs differs between versions.
    return f'pcrexform:"([^.]+{"[.][^.]+" * (labels - 1)})$"; ' if labels else ""


def dataset_option(name: str, kind: str, size: int) -> str:
    """Return the keyword that asks a set of so many values, loaded from the file of its name."""
    hashsize = min(max(1024, 1 << (size - 1).bit_length()), MOST_BUCKETS)
    memory = max(LEAST_MEMORY, size * AN_ENTRY) // (1024 * 1024) + 1
    return (
        f"dataset:isset,{name},type {kind},load {name}.lst,memcap {memory}mb,hashsize {hashsize};"
    )


def _coded(names: Sequence[str]) -> list[str]:
    # Of the bytes of the name alone: a line break that is coded along matches nothing.
    return [b64encode(name.encode()).decode() for name in names]


OUTPUT = Output(
    name="suricata-dataset",
    title=N_("Suricata datasets (long lists of names, addresses and hashes)"),
    covers=(IndicatorKind.NAME, IndicatorKind.ADDRESS, IndicatorKind.HASH),
    render=_render,
    undo=emptied("-dataset.rules"),
    use=N_(
        "Put the rules and the lists into one folder, enter the rules under rule-files, check "
        "with suricata -T. Hash size and memory fit the size of the list."
    ),
    undo_by=N_("Replace the rule file with the empty one and reload the rules."),
    limits=N_(
        "Names are compared in lower case, as nearly all programs query them; to match other "
        "spellings too, use suricata-rules. The address list needs version 7."
    ),
    proof=ProofMethod.SENSOR,
)

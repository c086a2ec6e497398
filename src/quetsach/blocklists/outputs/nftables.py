"""nftables: one table, replaced in one step. Source: nft(8), sets, timeouts."""

from collections.abc import Iterator, Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import (
    header,
    is_v6,
    parts_of,
    port_parts,
    seconds_left,
    text_of,
    without_nested,
)
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind

# Before the filter chains of others (priority 0), so that none of them lets it pass unseen.
PRIORITY = -10

_SETS = (
    ("addresses4", "ipv4_addr", "timeout"),
    ("addresses6", "ipv6_addr", "timeout"),
    ("networks4", "ipv4_addr", "interval, timeout"),
    ("networks6", "ipv6_addr", "interval, timeout"),
    ("ports4", "ipv4_addr . inet_service", "timeout"),
    ("ports6", "ipv6_addr . inet_service", "timeout"),
)


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    table = _table(about)
    elements = _elements(entries, about)
    lines = [
        "# One transaction: the old table goes and the new one comes, or nothing happens.",
        f"add table inet {table}",
        f"delete table inet {table}",
        f"table inet {table} {{",
    ]
    for name, kind, flags in _SETS:
        lines += [f"\tset {name} {{", f"\t\ttype {kind}", f"\t\tflags {flags}"]
        if elements[name]:
            lines += ["\t\telements = {", *_written(elements[name]), "\t\t}"]
        lines.append("\t}")
    for hook in ("output", "forward"):
        lines += [
            f"\tchain {hook} {{",
            f"\t\ttype filter hook {hook} priority {PRIORITY}; policy accept;",
            *(f"\t\t{rule}" for rule in _rules(about)),
            "\t}",
        ]
    lines.append("}")
    return {f"{about.name}.nft": text_of(header(about, "#"), lines)}


def _rules(about: ReleaseSummary) -> Iterator[str]:
    verdict = "drop" if about.mode is Mode.BLOCK else "accept"
    # `accept` ends this chain only; the chains of others still decide.
    log = f'limit rate 10/second burst 50 packets log prefix "quetsach {about.list_id[-8:]} "'
    for version, family in ((4, "ip"), (6, "ip6")):
        for meets in (
            f"{family} daddr @addresses{version}",
            f"{family} daddr @networks{version}",
            f"{family} daddr . tcp dport @ports{version}",
            f"{family} daddr . udp dport @ports{version}",
        ):
            # In two rules, for beyond its limit a rule does nothing at all, and a flood of lines
            # would fill the disk of a small gateway.
            yield f"{meets} {log}"
            yield f"{meets} counter {verdict}"


def _elements(
    entries: Sequence[BlockEntry], about: ReleaseSummary
) -> dict[str, list[tuple[str, str]]]:
    elements: dict[str, list[tuple[str, str]]] = {name: [] for name, _kind, _flags in _SETS}
    parts = parts_of(entries)
    for block in parts.addresses:
        name = f"addresses{6 if is_v6(block) else 4}"
        elements[name].append((block.indicator.key, f"timeout {seconds_left(block, about)}s"))
    for network, until_us in without_nested(parts.networks):
        seconds = max(1, (until_us - about.at_us) // 1_000_000)
        elements[f"networks{network.version}"].append((str(network), f"timeout {seconds}s"))
    for block in parts.ports:
        address, port = port_parts(block)
        name = f"ports{6 if is_v6(block) else 4}"
        elements[name].append((f"{address} . {port}", f"timeout {seconds_left(block, about)}s"))
    return elements


def _written(elements: Sequence[tuple[str, str]]) -> list[str]:
    return [f"\t\t\t{key} {timeout}," for key, timeout in elements]


def _delta(
    added: Sequence[BlockEntry], removed: Sequence[BlockEntry], about: ReleaseSummary
) -> Files:
    lines = []
    for name, elements in _elements(removed, about).items():
        for key, timeout in elements:
            # What ran out by itself cannot be deleted, unless the same transaction adds it first.
            lines.append(f"add element inet {_table(about)} {name} {{ {key} {timeout} }}")
            lines.append(f"delete element inet {_table(about)} {name} {{ {key} }}")
    for name, elements in _elements(added, about).items():
        lines += [
            f"add element inet {_table(about)} {name} {{ {key} {timeout} }}"
            for key, timeout in elements
        ]
    return {f"{about.name}-delta.nft": text_of(header(about, "#"), lines)}


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    table = _table(about)
    # `delete` fails where there is none; `add` first makes undoing twice harmless.
    lines = [f"add table inet {table}", f"delete table inet {table}"]
    return {"undo.nft": text_of(lines)}


def _table(about: ReleaseSummary) -> str:
    return about.name.replace("-", "_")


OUTPUT = Output(
    name="nftables",
    title=N_("nftables (Linux gateways and servers)"),
    covers=(IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=_undo,
    delta=_delta,
    use=N_(
        "As root: nft -c -f %(file)s to check, nft -f %(file)s to load; at start-up load it again."
    ),
    undo_by=N_("As root: nft -f undo/undo.nft"),
    limits=N_(
        "Times run from loading, so load the file on the day it was made. At most 10 lines a "
        "second go into the kernel log; nft list ruleset counts all."
    ),
    proof=ProofMethod.FIREWALL,
    ports=True,
)

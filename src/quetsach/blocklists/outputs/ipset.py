"""ipset sets for iptables, filled under a new name and swapped in. Source: ipset(8)."""

from collections.abc import Iterator, Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import header, is_v6, parts_of, port_parts, seconds_left, text_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind

LONGEST_TIMEOUT_S = 2147483
"""ipset takes no longer one: some 24 days and 20 hours."""

MOST = 1_048_576
"""Fixed, for sets are swapped only with sets of the same making."""

_SETS = (
    ("4", "hash:net", "inet"),
    ("6", "hash:net", "inet6"),
    ("p4", "hash:ip,port", "inet"),
    ("p6", "hash:ip,port", "inet6"),
)


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    lines = list(header(about, "#"))
    members = _members(entries, about)
    for short, kind, family in _SETS:
        name, new = _set(about, short), f"{_set(about, short)}n"
        options = f"{kind} family {family} maxelem {MOST} timeout {LONGEST_TIMEOUT_S}"
        lines += [
            f"create {name} {options} -exist",
            f"create {new} {options} -exist",
            f"flush {new}",
        ]
        lines += [
            f"add {new} {key} timeout {timeout_s} -exist" for key, timeout_s in members[short]
        ]
        lines += [f"swap {new} {name}", f"destroy {new}"]
    return {
        f"{about.name}.ipset": text_of(lines),
        f"{about.name}-iptables.sh": text_of(_script(about, add=True)),
    }


def _members(
    entries: Sequence[BlockEntry], about: ReleaseSummary
) -> dict[str, list[tuple[str, int]]]:
    members: dict[str, list[tuple[str, int]]] = {short: [] for short, _kind, _family in _SETS}
    parts = parts_of(entries)
    for block in (*parts.addresses, *parts.networks):
        timeout_s = seconds_left(block, about, most=LONGEST_TIMEOUT_S)
        members["6" if is_v6(block) else "4"].append((block.indicator.key, timeout_s))
    for block in parts.ports:
        address, port = port_parts(block)
        timeout_s = seconds_left(block, about, most=LONGEST_TIMEOUT_S)
        short = "p6" if is_v6(block) else "p4"
        members[short] += [
            (f"{address},{protocol}:{port}", timeout_s) for protocol in ("tcp", "udp")
        ]
    return members


def _script(about: ReleaseSummary, *, add: bool) -> Iterator[str]:
    yield "#!/bin/sh"
    does = "puts in" if add else "takes out"
    yield f"# {about.mark}: {does} the rules that ask its sets."
    yield "set -u"
    # Known by the list's name, so that the next release finds and replaces them.
    log = f'LOG -m limit --limit 10/second --log-prefix "qs {about.name} "'
    kept = (log, "DROP") if about.mode is Mode.BLOCK else (log,)
    for short, kind, family in _SETS:
        program = "iptables" if family == "inet" else "ip6tables"
        fields = "dst,dst" if "port" in kind else "dst"
        for chain in ("OUTPUT", "FORWARD"):
            rule = f"{chain} -m set --match-set {_set(about, short)} {fields} -j"
            for jump in (log, "DROP"):
                yield f"while {program} -D {rule} {jump} 2>/dev/null; do :; done"
            # Each is put in before all others, so what comes first in the chain comes last here.
            for jump in reversed(kept) if add else ():
                yield f"{program} -I {rule} {jump}"


def _delta(
    added: Sequence[BlockEntry], removed: Sequence[BlockEntry], about: ReleaseSummary
) -> Files:
    gone, come = _members(removed, about), _members(added, about)
    lines = [f"del {_set(about, short)} {key} -exist" for short in gone for key, _ in gone[short]]
    lines += [
        f"add {_set(about, short)} {key} timeout {timeout_s} -exist"
        for short in come
        for key, timeout_s in come[short]
    ]
    return {f"{about.name}-delta.ipset": text_of(header(about, "#"), lines)}


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    lines = [f"destroy {_set(about, short)}" for short, _kind, _family in _SETS]
    script = [*_script(about, add=False), 'ipset restore -f "$(dirname "$0")/undo.ipset"']
    return {"undo.ipset": text_of(lines), "undo-iptables.sh": text_of(script)}


def _set(about: ReleaseSummary, short: str) -> str:
    # 31 characters at most; the last is for the set that is being filled.
    return f"{about.name[:26]}-{short}"


OUTPUT = Output(
    name="ipset",
    title=N_("ipset with iptables (older Linux gateways)"),
    covers=(IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=_undo,
    delta=_delta,
    use=N_("As root: ipset restore -f %(file)s, then run the script of iptables rules once."),
    undo_by=N_("As root: sh undo/undo-iptables.sh, which removes the rules and then the sets."),
    limits=N_(
        "An entry stays for 24 days and 20 hours at most, the longest time that ipset supports."
    ),
    proof=ProofMethod.FIREWALL,
    ports=True,
)

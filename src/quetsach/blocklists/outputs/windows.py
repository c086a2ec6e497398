"""Windows Firewall rules in PowerShell, all of one group, which is removed as one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import chunks, header, parts_of, port_parts, text_of
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind

A_RULE = 500
"""Addresses in one rule; Windows takes some thousands, and shows hundreds."""


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    parts = parts_of(entries)
    listed = [block.indicator.key for block in (*parts.addresses, *parts.networks)]
    by_port = defaultdict(list)
    for block in parts.ports:
        address, port = port_parts(block)
        by_port[port].append(address)
    rules = [*_rules(listed, "", about)]
    for port, addresses in sorted(by_port.items()):
        for protocol in ("TCP", "UDP"):
            rules += _rules(addresses, f" -Protocol {protocol} -RemotePort {port}", about)
    numbered = [rule.replace("NUMBER", f"{number:03}") for number, rule in enumerate(rules, 1)]
    script = ["#Requires -RunAsAdministrator", "$ErrorActionPreference = 'Stop'", *_remove(about)]
    return {f"{about.name}.ps1": text_of(header(about, "#"), script, numbered)}


def _rules(addresses: Sequence[str], ports: str, about: ReleaseSummary) -> Iterator[str]:
    for piece in chunks(addresses, A_RULE):
        if piece:
            quoted = ",".join(f"'{address}'" for address in piece)
            yield (
                f"New-NetFirewallRule -DisplayName 'quetsach {about.list_id} NUMBER' "
                f"-Group '{about.mark}' -Direction Outbound -Action Block -Profile Any"
                f"{ports} -RemoteAddress @({quoted}) | Out-Null"
            )


def _remove(about: ReleaseSummary) -> list[str]:
    return [
        f"Get-NetFirewallRule -Group '{about.mark}' -ErrorAction SilentlyContinue | "
        "Remove-NetFirewallRule"
    ]


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {"undo.ps1": text_of(["#Requires -RunAsAdministrator", *_remove(about)])}


OUTPUT = Output(
    name="windows-firewall",
    title=N_("Windows Firewall (PowerShell)"),
    covers=(IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=_undo,
    use=N_("As administrator, in PowerShell: powershell -ExecutionPolicy Bypass -File %(file)s"),
    undo_by=N_("As administrator: powershell -ExecutionPolicy Bypass -File undo.ps1"),
    limits=N_(
        "Addresses only, no names; the rules do not expire by themselves: undo them on the day "
        "of expiry. Windows Firewall can only block; to watch, enable its log of allowed "
        "connections and sweep it."
    ),
    modes=(Mode.BLOCK,),
    instead=("nftables", "suricata-rules"),
    proof=ProofMethod.MACHINE,
    ports=True,
)

"""MikroTik RouterOS script that replaces the address list.

Source: RouterOS documentation, address lists, raw table, scripting.
"""

from collections.abc import Sequence

from quetsach.blocklists.contract import (
    BlockEntry,
    Files,
    Mode,
    Output,
    ProofMethod,
    ReleaseSummary,
)
from quetsach.blocklists.entries import (
    chunks,
    header,
    is_v6,
    parts_of,
    seconds_left,
    text_of,
    words,
)
from quetsach.errors.catalogue import N_
from quetsach.indicators.model import IndicatorKind

A_FILE = 10_000
"""Lines of one file to import; a small router stops in the middle of much longer ones."""

LONGEST_TIMEOUT_S = 35 * 7 * 86400
"""RouterOS 6 takes 35 weeks and some days."""

_FAMILIES = (("/ip", False), ("/ipv6", True))


def _render(entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    size = A_FILE if about.limit is None else about.limit
    listed = [_add(block, about) for block in _spans(entries)]
    pieces = list(chunks(listed, size))
    files = {}
    for number, piece in enumerate(pieces, 1):
        behind = f"-{number}" if len(pieces) > 1 else ""
        first = [*_clear(about), *_rules(about)] if number == 1 else []
        files[f"{about.name}{behind}.rsc"] = text_of(header(about, "#"), first, piece)
    return files


def _spans(entries: Sequence[BlockEntry]) -> list[BlockEntry]:
    parts = parts_of(entries)
    return [*parts.addresses, *parts.networks]


def _clear(about: ReleaseSummary) -> list[str]:
    lines = [
        f'{base} firewall address-list remove [find list="{about.name}"]' for base, _ in _FAMILIES
    ]
    lines += [f'{base} firewall raw remove [find comment="{about.mark}"]' for base, _ in _FAMILIES]
    return lines


def _rules(about: ReleaseSummary) -> list[str]:
    # The raw table comes before the filter, whose order is the owner's.
    action = "action=drop log=yes" if about.mode is Mode.BLOCK else "action=log"
    prefix = f'log-prefix="{about.list_id}"'
    return [
        f'{base} firewall raw add chain={chain} dst-address-list="{about.name}" {action} '
        f'{prefix} comment="{about.mark}"'
        for base, _ in _FAMILIES
        for chain in ("prerouting", "output")
    ]


def _add(block: BlockEntry, about: ReleaseSummary) -> str:
    base = "/ipv6" if is_v6(block) else "/ip"
    timeout_s = seconds_left(block, about, most=LONGEST_TIMEOUT_S)
    return (
        f'{base} firewall address-list add list="{about.name}" address={block.indicator.key} '
        f'timeout={duration(timeout_s)} comment="{words(block, about)}"'
    )


def duration(seconds: int) -> str:
    """Return a time as RouterOS writes it: days, then hours, minutes and seconds."""
    days, rest = divmod(seconds, 86400)
    return f"{days}d{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


def _delta(
    added: Sequence[BlockEntry], removed: Sequence[BlockEntry], about: ReleaseSummary
) -> Files:
    lines = []
    for block in _spans(removed):
        base = "/ipv6" if is_v6(block) else "/ip"
        lines.append(
            f'{base} firewall address-list remove [find list="{about.name}" '
            f"and address={block.indicator.key}]"
        )
    lines += [_add(block, about) for block in _spans(added)]
    return {f"{about.name}-delta.rsc": text_of(header(about, "#"), lines)}


def _undo(_entries: Sequence[BlockEntry], about: ReleaseSummary) -> Files:
    return {"undo.rsc": text_of(_clear(about))}


OUTPUT = Output(
    name="mikrotik",
    title=N_("MikroTik RouterOS script"),
    covers=(IndicatorKind.ADDRESS, IndicatorKind.NETWORK),
    render=_render,
    undo=_undo,
    delta=_delta,
    use=N_("Copy it to the router, then: /import file-name=%(file)s; then further files in order."),
    undo_by=N_("Copy undo.rsc to the router, then: /import file-name=undo.rsc"),
    limits=N_(
        "Entries with an end are lost when the router restarts: import the file again. Small "
        "routers slow down with long lists. The IPv6 package must be enabled."
    ),
    proof=ProofMethod.FIREWALL,
    splits=True,
    most=A_FILE,
)

"""The log of the Acme gate: `@SECONDS|CLIENT>ADDRESS:PORT|NAME|VERDICT`, seconds since 1970."""

import re
from collections.abc import Iterable
from typing import Any

from quetsach.plugins import Line, LineClock, LogLayout, ParsedLines, Zone

_LINE = re.compile(rb"@(\d{10})\|([\d.]+)>([\d.]+):(\d+)\|([^|]*)\|(pass|stop)")
_DATASET = "acme.gate"


class AcmeGate:
    """One line a session."""

    name = "acme-gate"
    title = "Acme gate"
    reads = "sessions, and what was stopped"

    def recognise(self, head: bytes) -> bool:
        """Return whether most first lines are sessions."""
        lines = [line for line in head.split(b"\n")[:50] if line.strip()]
        return 2 * sum(_LINE.fullmatch(line.strip()) is not None for line in lines) > len(lines)

    def layout(self, head: bytes) -> LogLayout:
        """Return where each line has its hour."""
        return LogLayout(_DATASET, clock=LineClock(b"@", epoch=True), utc=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a line."""
        rows = ParsedLines()
        for offset, line in rows.filled(lines):
            session = _LINE.fullmatch(line.strip())
            if session is None:
                rows.reject(offset, "no-session", line)
            else:
                rows.add(offset, _event(session))
        return rows


def _event(session: "re.Match[bytes]") -> dict[str, Any]:
    seconds, client, address, port, name, verdict = (
        part.decode("ascii", "replace") for part in session.groups()
    )
    event: dict[str, Any] = {
        "@timestamp": int(seconds) * 1_000_000,
        "event.dataset": _DATASET,
        "event.type": "denied" if verdict == "stop" else "connection",
        "source.ip": client,
        "destination.ip": address,
        "destination.port": int(port),
    }
    if name:
        event["url.domain"] = name
    if verdict == "pass":
        event["event.outcome"] = "success"
    return event


GATE = AcmeGate()

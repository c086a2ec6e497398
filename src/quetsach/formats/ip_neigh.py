"""What `ip neigh` prints: the neighbours of a Linux machine or router, IPv4 and IPv6.

Source: the manual page ip-neighbour(8); print_neigh in iproute2's ip/ipneigh.c.
"""

import re
from collections.abc import Iterable

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import tables, values
from quetsach.formats.shared.tables import SnapshotTime
from quetsach.formats.shared.values import hardware, is_nobodys
from quetsach.schema import Event

_KNOWN = ("PERMANENT", "NOARP", "REACHABLE", "STALE", "DELAY", "PROBE")
_UNKNOWN = ("INCOMPLETE", "FAILED", "NONE")
_STATE = re.compile(r"[A-Z]+(?:,[A-Z]+)*")
_MOST_WORDS = 32
# Words that ask for no hardware address: what is answered on behalf of another.
_PROXY = "proxy"
_NEVER_ASKED = ("PERMANENT", "NOARP")
# Neighbours are forgotten long before; in seconds.
_LONGEST_AGO = 86_400


class IpNeigh:
    """Reads `ip neigh`, `ip -6 neigh` and `ip -s neigh`."""

    name = "ip-neigh"
    title = N_("Neighbour table of Linux (ip neigh)")
    reads = N_("which hardware address held which address; a line “# time” dates what follows")

    def recognise(self, head: bytes) -> bool:
        """Return whether more than half of the first lines are neighbours."""
        lines = list(tables.first_lines(head))
        return 2 * sum(_words(line) is not None for line in lines) > len(lines)

    def layout(self, head: bytes) -> LogLayout:  # noqa: ARG002
        """Return the one layout there is; the time is that of the file until a line gives it."""
        return tables.layout_of("ip.neigh")

    relayout = staticmethod(tables.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a neighbour; those that never answered, and groups, are skipped."""
        rows = ParsedLines()
        snapshot = tables.snapshot_time(layout, zone)
        for offset, line in lines:
            if not line.strip() or line.startswith(b"#"):
                layout = self.relayout(line, layout) or layout
                snapshot = tables.snapshot_time(layout, zone)
                rows.skipped.append(offset)
                continue
            words = _words(line)
            if words is None:
                rows.reject(offset, "not-a-neighbour", line)
                continue
            event = _event(words, snapshot)
            if event is None:
                rows.skipped.append(offset)
            else:
                rows.add(offset, event)
        return rows


def _words(line: bytes) -> list[str] | None:
    """Return the words of a line that shows a neighbour, else None."""
    if len(line) > tables.LONGEST_ROW:
        return None
    words = values.as_text(line).split()
    if not 2 <= len(words) <= _MOST_WORDS or values.address(words[0]) is None:
        return None
    if words[-1] == _PROXY and "dev" in words:
        return words
    states = words[-1].split(",") if _STATE.fullmatch(words[-1]) else [""]
    if not all(state in _KNOWN or state in _UNKNOWN for state in states):
        return None
    mac = _after(words, "lladdr")
    if mac is None:
        # A tunnel's neighbour has no hardware address, whatever its state.
        return words if "dev" in words or states[0] in _UNKNOWN else None
    return words if hardware(mac) is not None else None


def _event(words: list[str], snapshot: SnapshotTime) -> Event | None:
    """Return the event of a neighbour, or None where it never answered or is no machine."""
    address, mac, state = values.assignable_address(words[0]), _after(words, "lladdr"), words[-1]
    mac = None if mac is None else hardware(mac)
    if address is None or mac is None or is_nobodys(mac) or state.split(",")[0] not in _KNOWN:
        return None
    event: Event = {
        "event.dataset": "ip.neigh",
        "event.action": state.lower(),
        "host.ip": address,
        "host.mac": mac,
        "quetsach.lease.act": "seen",
    }
    return SnapshotTime(_confirmed(words, snapshot.us), snapshot.rough, snapshot.zone).dated(event)


def _confirmed(words: list[str], taken_us: int | None) -> int | None:
    """Return when the neighbour was last known to be there; `ip -s` says how long ago that was."""
    ago = (_after(words, "used") or "").split("/")
    seconds = values.count(ago[1]) if len(ago) == 3 else None
    if taken_us is None or seconds is None or words[-1] in _NEVER_ASKED:
        return taken_us
    # A neighbour that was never confirmed shows the age of the machine's clock instead.
    return taken_us - seconds * MICROSECONDS if seconds <= _LONGEST_AGO else taken_us


def _after(words: list[str], name: str) -> str | None:
    """Return the word behind the word `name`."""
    place = words.index(name) + 1 if name in words else len(words)
    return words[place] if place < len(words) else None

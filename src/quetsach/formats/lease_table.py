"""Tables of DHCP leases as network devices show them: bindings of switches, routers, firewalls.

Such a table carries no time of its own; where it says how long a lease still lasts, that counts
from when it was taken, and where it says when the lease ends, that is in the zone of the device.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors import N_
from quetsach.formats import snapshot, values
from quetsach.formats.contract import Layout, Line, Rows
from quetsach.formats.hardware import is_nobodys
from quetsach.formats.lease_families import Family, family_of
from quetsach.formats.lease_rows import LeaseRow, read_row
from quetsach.formats.snapshot import Taken
from quetsach.formats.table_words import words_of
from quetsach.schema import Event

_LONGEST_S = 10 * 366 * 86_400
_ADD = b"add "
_WRAP = b"\\"
# So many lines for a row, headings and footers included; else it is a report that quotes a table.
_SPARSEST = 10


class LeaseTable:
    """Reads the lease tables of Cisco, Huawei, Juniper, Fortinet, MikroTik, Ubiquiti, DrayTek."""

    name = "lease-table"
    title = N_("DHCP lease or binding table of a network device")
    reads = N_("who holds which address and until when; a line “# time” dates what follows")

    def recognise(self, head: bytes) -> bool:
        """Return whether a line of the head is the heading of such a table, with rows below it."""
        headed, rows, lines = False, 0, 0
        for line in snapshot.first_lines(head):
            lines += 1
            headed = headed or family_of(line) is not None
            rows += headed and _is_like_a_row(line)
        return headed and rows * _SPARSEST >= lines

    def layout(self, head: bytes) -> Layout:
        """Return the family of the table; the time is that of the file until a line tells it."""
        families = map(family_of, snapshot.first_lines(head))
        family = next((one for one in families if one is not None), Family.BINDING)
        layout = snapshot.layout_of("lease.table", (family.value,))
        # `export` wraps its lines, so that one lease may stand on several.
        return replace(layout, record=_ADD) if family is Family.MIKROTIK_PAIRS else layout

    def relayout(self, line: bytes, layout: Layout) -> Layout | None:
        """Return the layout that a line such as `# 2026-09-01T08:15:22+07:00` dates."""
        return snapshot.relayout(line, layout)

    def parse(self, lines: Iterable[Line], layout: Layout, zone: Zone) -> Rows:
        """Return one event a lease; headings, offers and what is switched off are skipped."""
        rows = Rows()
        taken, family = snapshot.taken(layout, zone), Family(layout.columns[0])
        for offset, line in _joined(lines, rows) if layout.record else lines:
            if not line.strip() or line.startswith(b"#"):
                layout = self.relayout(line, layout) or layout
                taken = snapshot.taken(layout, zone)
                rows.skipped.append(offset)
                continue
            words = words_of(line)
            row: LeaseRow | str | None = "too-long"
            if words is not None:
                row = read_row(values.as_text(line), words, family, zone)
            if isinstance(row, str):
                rows.reject(offset, row, line)
            elif row is None or (row.mac is not None and is_nobodys(row.mac)):
                rows.skipped.append(offset)
            else:
                rows.events.append((offset, _event(row, taken, zone)))
        return rows


def _joined(lines: Iterable[Line], rows: Rows) -> Iterator[Line]:
    """Yield wrapped lines as one, at the offset of the first; the others are called skipped."""
    held: Line | None = None
    for offset, line in lines:
        goes_on = held is not None and not line.startswith((_ADD, b"#", b"/"))
        if held is not None and goes_on:
            rows.skipped.append(offset)
            held = (held[0], held[1].rstrip().removesuffix(_WRAP) + line.lstrip())
        else:
            if held is not None:
                yield held
            held = (offset, line)
        if not held[1].rstrip().endswith(_WRAP) or len(held[1]) > snapshot.LONGEST_ROW:
            yield held
            held = None
    if held is not None:
        yield held


def _is_like_a_row(line: bytes) -> bool:
    words = words_of(line)
    return words is not None and len(words.addresses) == 1 and words.leading


def _event(row: LeaseRow, taken: Taken, zone: Zone) -> Event:
    """Return the event of a lease, seen when the table was taken."""
    event: Event = {
        "event.dataset": "lease.table",
        "host.ip": row.address,
        "quetsach.lease.act": row.act,
    }
    if row.mac is not None:
        event["host.mac"] = row.mac
    if row.client_id is not None:
        event["quetsach.lease.client_id"] = row.client_id
    if row.name is not None:
        event["host.name"] = row.name
    if row.server is not None:
        event["quetsach.lease.server"] = row.server
    seconds = row.seconds
    if row.end_us is not None and row.act == "given" and taken.us is not None:
        if row.end_us <= taken.us:
            # The table lay about for longer than the lease lasted: it ended, and says when.
            event["quetsach.lease.act"] = "expired"
            return Taken(row.end_us, rough=False, zone=zone).dated(event)
        seconds = (row.end_us - taken.us) // MICROSECONDS
        event["event.timezone"] = str(zone)
    if seconds is not None and 0 < seconds <= _LONGEST_S:
        event["quetsach.lease.seconds"] = seconds
    return taken.dated(event)

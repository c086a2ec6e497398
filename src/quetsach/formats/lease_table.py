"""Tables of DHCP leases as network devices show them: bindings of switches, routers, firewalls.

Such a table carries no time of its own; where it says how long a lease still lasts, that counts
from when it was taken, and where it says when the lease ends, that is in the zone of the device.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import tables, values
from quetsach.formats.shared.leases import TableFamily, end_in, family_of, seconds_of
from quetsach.formats.shared.tables import LineWords, SnapshotTime, words_of
from quetsach.formats.shared.values import hardware, is_nobodys
from quetsach.schema import Event

Act = Literal["given", "released", "reserved"]

_BLANKS = re.compile(r" {2,}|\t")
# 0100.17a4.b2c3.d4 (IOS), 0100-17a4-b2c3-d4 (Comware).
_CLIENT_ID = re.compile(
    r"[0-9a-f]{4}(?:[.-][0-9a-f]{4}){2,}(?:[.-][0-9a-f]{2})?[.-]?", re.IGNORECASE
)
_NOT_HEX = re.compile(r"[.:-]")
_PAIR = re.compile(r'([a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))')
_RATE = re.compile(r"\d+[kMG]?(?:/\d+[kMG]?)?")
# Source: the states of IOS XR, Junos and RouterOS. An offer is no lease yet.
_NOT_GIVEN = frozenset(
    {
        *("init", "offered", "offer", "offer_sent", "selecting", "request", "requesting"),
        *("waiting_for_offer", "busy"),
    }
)
_RELEASED = frozenset(["deleting", "released", "release", "releasing"])
_RESERVED = frozenset(["manual", "static", "waiting"])
_HARDWARE_TYPE_ETHERNET = "01"
# FortiOS writes hardware addresses in a column of 24, so that a wider gap is an empty name.
_NAME_WITHIN = 12


@dataclass(frozen=True)
class LeaseRow:
    """What a row says.

    Units: `seconds` still left, `end_us` in us since 1970 UTC; None where unknown. `dated` says
    that a time without a zone was read. `client_id` is hex in lower case, without separators.
    """

    address: str
    act: Act
    mac: str | None = None
    client_id: str | None = None
    name: str | None = None
    server: str | None = None
    seconds: int | None = None
    end_us: int | None = None
    dated: bool = False


def read_row(line: str, words: LineWords, family: TableFamily, zone: Zone) -> LeaseRow | str | None:
    """Return what the row says; None for a line that is no lease, or why it cannot be read."""
    if family is TableFamily.MIKROTIK_PAIRS:
        return _from_pairs(line)
    if len(words.addresses) != 1 or not words.leading:
        return "not-a-lease" if words.macs else None
    identifier = _client_id(words)
    if len(words.macs) > 1 or (not words.macs and identifier is None):
        # RouterOS shows leases that were made by hand and never used without their machine.
        return None if family is TableFamily.MIKROTIK and not words.macs else "no-mac"
    if identifier is not None and identifier.endswith((".", "-")):
        return "client-id-cut"
    mac, client_id = _machine(words, identifier)
    states = {word.lower().partition("(")[0] for word in words.words}
    if states & _NOT_GIVEN or (family is TableFamily.MIKROTIK and "X" in words.words[1:2]):
        return None
    lease_end = end_in(line, zone)
    if lease_end is not None and lease_end[0] is None:
        return "bad-date"
    rest = _behind(line, words.words, identifier)
    name, server = _names(family, rest, line[lease_end[2] :] if lease_end is not None else "")
    act: Act = "released" if states & _RELEASED else "given"
    act = "reserved" if states & _RESERVED else act
    return LeaseRow(
        address=words.addresses[0],
        act=act,
        mac=mac,
        client_id=client_id,
        name=name,
        server=server,
        seconds=_counted(rest) if family is TableFamily.COUNTED and act == "given" else None,
        end_us=lease_end[0] if lease_end is not None else None,
        dated=lease_end is not None,
    )


def _client_id(words: LineWords) -> str | None:
    if words.macs:
        return None
    return next((one for one in words.words[1:] if _CLIENT_ID.fullmatch(one)), None)


def _machine(words: LineWords, identifier: str | None) -> tuple[str | None, str | None]:
    """Return the hardware address and the client identifier of a row."""
    if identifier is None:
        return words.macs[0], None
    digits = _NOT_HEX.sub("", identifier).lower()
    return mac_of_client(digits), digits


def mac_of_client(digits: str) -> str | None:
    """Return the hardware address within a client identifier that is one (RFC 2132, 9.14)."""
    if len(digits) != 14 or not digits.startswith(_HARDWARE_TYPE_ETHERNET):
        return None
    return hardware(f"{digits[2:8]}-{digits[8:]}")


def _behind(line: str, words: tuple[str, ...], identifier: str | None) -> str:
    """Return what follows the last of the addresses of a row."""
    place, rest = 0, line
    for word in words:
        start = line.find(word, place)
        if word == identifier or hardware(word) is not None or values.address(word) is not None:
            rest = line[start + len(word) :]
        place = start + len(word)
    return rest.rstrip()


def _names(family: TableFamily, rest: str, behind_date: str) -> tuple[str | None, str | None]:
    """Return the host name and the server of a row, where its family shows them."""
    pieces = [piece.strip() for piece in _BLANKS.split(rest.strip()) if piece.strip()]
    name: str | None = None
    server: str | None = None
    if family is TableFamily.FORTIGATE and len(rest) - len(rest.lstrip()) <= _NAME_WITHIN:
        name = pieces[0] if pieces else None
    elif family is TableFamily.EDGEOS:
        after = behind_date.split()
        server, name = (*after, "", "")[:2]
    elif family is TableFamily.DRAYTEK:
        name = pieces[1] if len(pieces) > 1 else None
    elif family is TableFamily.MIKROTIK:
        name, server = _mikrotik_names(pieces)
    return values.text(name), values.text(server)


def _mikrotik_names(pieces: list[str]) -> tuple[str | None, str | None]:
    """Return host name and server: what comes before the status, without the rate limit."""
    ends = [place for place, piece in enumerate(pieces) if piece.split()[0] in _MIKROTIK_STATES]
    names = pieces[: ends[-1]] if ends else pieces
    if len(names) > 1 and _RATE.fullmatch(names[-1]):
        names.pop()
    if len(names) > 1:
        return names[0], names[1]
    return None, names[0] if names else None


_MIKROTIK_STATES = frozenset(
    ["bound", "waiting", "offered", "busy", "testing", "authorizing", "conflict"]
)


def _counted(rest: str) -> int | None:
    return next((values.count(word) for word in rest.split() if word.isdigit()), None)


def _from_pairs(line: str) -> LeaseRow | str | None:
    """Return the lease in a row of `print terse` or of `export`."""
    if "address=" not in line:
        return None
    pairs = {name: quoted or bare for name, quoted, bare in _PAIR.findall(line)}
    address = values.assignable_address(pairs.get("active-address") or pairs.get("address"))
    mac = hardware(pairs.get("active-mac-address") or pairs.get("mac-address", ""))
    if line.rstrip().endswith("\\") and (address is None or mac is None):
        # `export` wraps its lines; `export terse` does not.
        return "wrapped"
    if pairs.get("disabled") == "yes" or pairs.get("status") in _NOT_GIVEN:
        return None
    digits = "".join(one.zfill(2) for one in pairs.get("client-id", "").lower().split(":"))
    client_id = digits if digits != "00" and not digits.strip("0123456789abcdef") else None
    mac = mac_of_client(digits) if mac is None else mac
    if address is None or (mac is None and client_id is None):
        return "no-mac" if address is not None else "no-address"
    return LeaseRow(
        address=address,
        act="given" if pairs.get("status") == "bound" else "reserved",
        mac=mac,
        client_id=client_id,
        name=values.text(pairs.get("host-name", "").replace('\\"', '"')),
        server=values.text(pairs.get("active-server") or pairs.get("server", "")),
        seconds=seconds_of(pairs.get("expires-after", "")),
    )


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
        for line in tables.first_lines(head):
            lines += 1
            headed = headed or family_of(line) is not None
            rows += headed and _is_like_a_row(line)
        return headed and rows * _SPARSEST >= lines

    def layout(self, head: bytes) -> LogLayout:
        """Return the family of the table; the time is that of the file until a line gives it."""
        families = map(family_of, tables.first_lines(head))
        family = next((one for one in families if one is not None), TableFamily.BINDING)
        layout = tables.layout_of("lease.table", (family.value,))
        # `export` wraps its lines, so that one lease may take several.
        return replace(layout, record=_ADD) if family is TableFamily.MIKROTIK_PAIRS else layout

    relayout = staticmethod(tables.relayout)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a lease; headings, offers and what is switched off are skipped."""
        rows = ParsedLines()
        snapshot, family = tables.snapshot_time(layout, zone), TableFamily(layout.columns[0])
        for offset, line in _joined(lines, rows) if layout.record else lines:
            if not line.strip() or line.startswith(b"#"):
                layout = self.relayout(line, layout) or layout
                snapshot = tables.snapshot_time(layout, zone)
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
                rows.add(offset, _event(row, snapshot, zone))
        return rows


def _joined(lines: Iterable[Line], rows: ParsedLines) -> Iterator[Line]:
    """Yield wrapped lines as one, at the offset of the first; the others are called skipped."""
    pending: Line | None = None
    for offset, line in lines:
        goes_on = pending is not None and not line.startswith((_ADD, b"#", b"/"))
        if pending is not None and goes_on:
            rows.skipped.append(offset)
            pending = (pending[0], pending[1].rstrip().removesuffix(_WRAP) + line.lstrip())
        else:
            if pending is not None:
                yield pending
            pending = (offset, line)
        if not pending[1].rstrip().endswith(_WRAP) or len(pending[1]) > tables.LONGEST_ROW:
            yield pending
            pending = None
    if pending is not None:
        yield pending


def _is_like_a_row(line: bytes) -> bool:
    words = words_of(line)
    return words is not None and len(words.addresses) == 1 and words.leading


def _event(row: LeaseRow, snapshot: SnapshotTime, zone: Zone) -> Event:
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
    if row.end_us is not None and row.act == "given" and snapshot.us is not None:
        if row.end_us <= snapshot.us:
            # The table lay about for longer than the lease lasted: it ended, and says when.
            event["quetsach.lease.act"] = "expired"
            return SnapshotTime(row.end_us, rough=False, zone=zone).dated(event)
        seconds = (row.end_us - snapshot.us) // MICROSECONDS
        event["event.timezone"] = str(zone)
    if seconds is not None and 0 < seconds <= _LONGEST_S:
        event["quetsach.lease.seconds"] = seconds
    return snapshot.dated(event)

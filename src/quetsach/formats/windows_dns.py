"""The debug log of a Windows DNS server: one line a packet, names as labels with their lengths.

Dates are those of the server's own language: 9/1/2026 8:15:22 AM, 01/09/2026 08:15:22,
2026-09-01 08:15:22, 01.09.2026 08:15:22, 2026/9/1 下午 8:15:22; 20260901 08:15:22 up to Windows
Server 2003, whose lines may have neither the packet's number nor its type. Of two figures the order
is told by the file itself; a file that does not tell it gives no times. A question that came in and
the answer that went out name the client; what the server asks others, and what they answer, none.
Source: Microsoft, DNS debug logging; dns.log's own key of the fields.
"""

import re
from collections.abc import Iterable
from typing import Any, cast

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.ecs_fields import CONVERT
from quetsach.formats.shared.text_lines import first_lines, mostly
from quetsach.formats.shared.times import Order, read_time
from quetsach.sieve.contract import LineClock

_DATE = rb"(?P<date>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|20\d{6})"
# Before noon and after it, as the system's language has it: behind the time or before it.
_MORNING, _EVENING = ("am", "sa", "오전", "上午"), ("pm", "ch", "오후", "下午")
_BEFORE = "|".join((*_MORNING[2:], *_EVENING[2:])).encode()
_TIME = (
    rb"(?:(?P<half>" + _BEFORE + rb") ?)?"
    rb"(?P<time>\d{1,2}:\d\d:\d\d(?: ?(?:[AaPp]\.?[Mm]\.?|SA|CH))?)"
)
_PACKET = re.compile(
    rb"(?:.{0,80}?\s)??"
    + _DATE
    + rb" "
    + _TIME
    + rb"\s+(?P<thread>[0-9A-Fa-f]{1,8})\s+PACKET\s+(?:(?P<id>[0-9A-Fa-f]{4,16})\s+)?"
    rb"(?P<proto>UDP|TCP)\s+(?P<way>Rcv|Snd)\s+(?P<peer>[0-9A-Fa-f.:]{2,45}(?:%\d{1,9})?)\s+"
    rb"(?P<xid>[0-9A-Fa-f]{4})\s+(?P<reply>R)?\s*(?P<opcode>[A-Z?])\s+"
    rb"\[(?P<flags>[0-9A-Fa-f]{4})\s+(?P<bits>[ATDR ]{0,12}?)\s*(?P<rcode>[A-Z]{2,12})?\]\s+"
    rb"(?:(?P<type>[A-Z0-9*]{1,12})\s+)?(?P<name>(?(type)\S|[(.])\S{0,599})\s*$"
)
_YEAR_FIRST = re.compile(rb"\d{4}[/-]\d\d[/-]\d\d")
_YEAR_LAST = re.compile(rb"\d\d[/.-]\d\d[/.-]\d{4}")
_OTHER = re.compile(_DATE + rb" " + _TIME + rb"\s+[0-9A-Fa-f]{1,8}\s+(?:EVENT|Note:|DSPOLL|NOTIFY)")


class WindowsDns:
    """Questions and answers that a Windows DNS server logged, packet by packet."""

    name = "windows-dns"
    title = N_("Windows DNS server debug log")
    reads = N_("questions that came in and answers that went out, with the client of each")

    def recognise(self, head: bytes) -> bool:
        """Return whether most of the first dated lines are packets of this log."""
        dated = [line for line in first_lines(head) if b" PACKET " in line]
        return bool(dated) and mostly(b"\n".join(dated), _PACKET.match)

    def layout(self, head: bytes) -> LogLayout:
        """Return the order of day and month that the file tells, "" where it tells none."""
        dates = [match for line in head.split(b"\n") if (match := _PACKET.match(line))]
        order = _order(dates)
        return LogLayout("windows-dns.packet", columns=(order,), clock=_clock(dates, order))

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a packet; lines of its header and of details are skipped."""
        rows = ParsedLines()
        order = cast("Order | None", (layout.columns or ("",))[0] or None)
        for offset, line in rows.filled(lines):
            match = _PACKET.match(line)
            if match is not None:
                rows.add(offset, _record(match, order, zone))
            elif b" PACKET " in line:
                rows.reject(offset, "damaged-packet", line)
            else:
                rows.skipped.append(offset)
        return rows


def _order(dates: list[re.Match[bytes]]) -> str:
    """Return mdy or dmy: by a figure above 12, else by English AM and PM, else "" for none."""
    for match in dates:
        parts = [int(part) for part in re.split(rb"[/.-]", match["date"])]
        if parts[0] > 31:
            return ""
        if (parts[0] > 12) != (parts[1] > 12):
            return "dmy" if parts[0] > 12 else "mdy"
    if any(b"." in match["date"] for match in dates):
        return "dmy"
    if any(match["time"].endswith((b"SA", b"CH")) for match in dates):
        return "dmy"
    return "mdy" if any(match["time"][-1:] in b"Mm" for match in dates) else ""


def _clock(dates: list[re.Match[bytes]], order: str) -> LineClock | None:
    """Return where each line has its hour and who sent it; None for hours of twelve.

    Where hours below ten have one figure, lines of these hours count for none.
    """
    form = _YEAR_LAST if order else _YEAR_FIRST
    is_told = all(
        match.start("date") == 0
        and form.fullmatch(match["date"])
        and match["time"][-1:].isdigit()
        and match["half"] is None
        for match in dates
    )
    if not dates or not is_told:
        return None
    return LineClock(length=13, client=b" Rcv ", day_first=order == "dmy")


def _record(match: re.Match[bytes], order: Order | None, zone: Zone) -> dict[str, Any]:
    record: dict[str, Any] = {
        "event.dataset": "windows-dns.packet",
        "event.type": "protocol",
        "network.application": "dns",
        "network.transport": match["proto"].decode().lower(),
    }
    when, applied = read_time(_written(match), zone, None, order)
    if when is not None:
        record["@timestamp"] = when
        if applied:
            record["event.timezone"] = str(zone)
    peer = values.address(match["peer"].decode())
    received, reply = match["way"] == b"Rcv", match["reply"] is not None
    if peer is not None and received != reply:
        record["source.ip"] = peer
    elif peer is not None and not received:
        # The server asks another one: on behalf of whom is in another line.
        record["destination.ip"] = peer
    name = _name(values.as_text(match["name"]))
    if name is not None:
        record["dns.question.name"] = name
    if match["type"] is not None:
        record["dns.question.type"] = match["type"].decode()
    if reply and match["rcode"] is not None:
        record["dns.response_code"] = match["rcode"].decode()
    return record


def _written(match: re.Match[bytes]) -> str:
    """Return date and time with all digits and the hours of a whole day."""
    date, time = match["date"].decode(), match["time"].decode()
    if date.isdecimal():
        date = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    parts = re.split("[/.-]", date)
    if len(parts[0]) == 4:
        date = "-".join(part.zfill(2) for part in parts)
    hour, _, rest = time.partition(":")
    half = (match["half"] or b"").decode() or rest[5:].strip().replace(".", "").lower()
    if half and 1 <= int(hour) <= 12:
        hour = str(int(hour) % 12 + (12 if half in _EVENING else 0))
    return f"{date} {hour.zfill(2)}:{rest[:5]}"


def _name(written: str) -> str | None:
    if written.startswith("."):
        # Some tools write the labels with dots.
        written = written.strip(".")
    return cast("str | None", CONVERT["dns.question.name"](written))

"""Port blocks of a provider's translation: who had which ports of a public address.

A table (CSV) of fixed blocks, with Vietnamese or English headings; or the syslog of Juniper routers
that give blocks out and take them back.
Source: RFC 7422 (deterministic port blocks); Juniper, "Secured Port Block Allocation".
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from quetsach.clocks import ZONE, Zone, us_from_epoch, us_from_iso
from quetsach.decoding import decode
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.syslog import clock_of, head_of, lacks_year, set_head
from quetsach.formats.shared.text_lines import first_lines, first_of, mostly
from quetsach.formats.shared.values import set_end

LONGEST_ROW = 4096
"""No row of such a table is longer, in bytes."""

_DELIMITERS = ";\t|,"
_MOST_COLUMNS = 64


class PortBlockColumn(StrEnum):
    """What a column of a table of port blocks holds."""

    INSIDE = "inside"
    PUBLIC = "public"
    FIRST = "first"
    LAST = "last"
    FROM = "from"
    TO = "to"
    PROTOCOL = "protocol"
    INSIDE_NETWORK = "inside-network"
    PUBLIC_NETWORK = "public-network"
    PER_HOST = "per-host"
    OTHER = ""


_WORDS: Mapping[PortBlockColumn, str] = {
    PortBlockColumn.INSIDE: "inside address|inside ip|private address|private ip|internal address"
    "|internal ip|subscriber address|subscriber ip|địa chỉ trong|địa chỉ bên trong|địa chỉ nội bộ"
    "|ip nội bộ|địa chỉ ip nội bộ|địa chỉ riêng|ip riêng|địa chỉ thuê bao|ip thuê bao|ip private",
    PortBlockColumn.PUBLIC: "public address|public ip|external address|external ip|outside address"
    "|outside ip|nat address|nat ip|địa chỉ công cộng|địa chỉ ip công cộng|ip công cộng"
    "|địa chỉ công khai|địa chỉ ngoài|địa chỉ bên ngoài|ip ngoài|ip public|ip nat|địa chỉ nat",
    PortBlockColumn.FIRST: "first port|start port|port start|port from|from port|cổng đầu"
    "|cổng bắt đầu"
    "|từ cổng|port đầu",
    PortBlockColumn.LAST: "last port|end port|port end|port to|to port|cổng cuối|cổng kết thúc"
    "|đến cổng"
    "|port cuối",
    PortBlockColumn.FROM: "from|start|start time|begin|valid from|từ|từ lúc|từ ngày|bắt đầu"
    "|thời gian bắt đầu|thời điểm bắt đầu",
    PortBlockColumn.TO: "to|end|end time|until|valid until|đến|đến lúc|đến ngày|kết thúc"
    "|thời gian kết thúc|thời điểm kết thúc",
    PortBlockColumn.PROTOCOL: "protocol|proto|transport|giao thức",
    PortBlockColumn.INSIDE_NETWORK: "inside network|private network|internal network"
    "|subscriber network"
    "|inside range|mạng trong|mạng bên trong|mạng nội bộ|dải nội bộ|dải ip nội bộ"
    "|dải địa chỉ nội bộ|dải thuê bao",
    PortBlockColumn.PUBLIC_NETWORK: "public network|external network|outside network|public range"
    "|mạng công cộng|mạng ngoài|mạng bên ngoài|dải công cộng|dải ip công cộng|dải public"
    "|dải địa chỉ công cộng",
    PortBlockColumn.PER_HOST: "ports per host|ports per subscriber|ports per user|block size"
    "|port block size|số cổng mỗi máy|số cổng mỗi thuê bao|số cổng một máy|kích thước khối cổng",
}
_OF_RULES = {
    PortBlockColumn.INSIDE_NETWORK,
    PortBlockColumn.PUBLIC_NETWORK,
    PortBlockColumn.FIRST,
    PortBlockColumn.PER_HOST,
}
_KNOWN = {word: column for column, words in _WORDS.items() for word in words.split("|")}


def columns_of(line: str) -> tuple[str, tuple[PortBlockColumn, ...]] | None:
    """Return the delimiter of a line of headings and what its columns hold, or None."""
    if len(line) > LONGEST_ROW:
        return None
    delimiter = max(_DELIMITERS, key=line.count)
    fields = cells(line, delimiter)
    columns = tuple(_KNOWN.get(_plain(field), PortBlockColumn.OTHER) for field in fields)
    told = [column for column in columns if column is not PortBlockColumn.OTHER]
    # Which of two columns of one name counts would be a guess.
    return (delimiter, columns) if told and len(set(told)) == len(told) else None


def is_rules(columns: Sequence[PortBlockColumn]) -> bool:
    """Return whether columns are those of rules, which give blocks out by arithmetic alone."""
    return set(columns) >= _OF_RULES


def cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a row; none of them holds the delimiter itself."""
    return [one.strip().strip('"').strip() for one in line.split(delimiter, _MOST_COLUMNS)]


def by_column(
    line: str, delimiter: str, columns: Sequence[PortBlockColumn]
) -> dict[PortBlockColumn, str]:
    """Return the cells of a row that are not empty, by what they hold."""
    found = zip(columns, cells(line, delimiter), strict=False)
    return {column: cell for column, cell in found if cell and column is not PortBlockColumn.OTHER}


def is_vietnamese(line: str) -> bool:
    """Return whether a line of headings is written in Vietnamese: dates then begin with the day."""
    folded = unicodedata.normalize("NFD", line.casefold())
    return "đ" in folded or any(unicodedata.combining(letter) for letter in folded)


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFC", heading.casefold())
    for mark in "_-().*:":
        text = text.replace(mark, " ")
    return " ".join(text.split())


_NEEDED = {
    PortBlockColumn.INSIDE,
    PortBlockColumn.PUBLIC,
    PortBlockColumn.FIRST,
    PortBlockColumn.LAST,
}
_RULES = ("rules",)
"""The layout of a table of rules: no row of it is an event, and a person hands it in as a rule."""

_OURS = re.compile(
    rb"\b(?:JSERVICES|ASP)_NAT_PORT_BLOCK_[A-Z]{3,20}\b|\bRT_SRC_NAT_PBA_[A-Z]{3,20}\b"
)
_ALLOCATED = re.compile(
    r"_NAT_PORT_BLOCK_([A-Z]{3,20}): *([\dA-Fa-f.:]{2,45}) *-> *"
    r"([\dA-Fa-f.:]{2,45}):(\d{1,5})-(\d{1,5})"
)
_PBA = re.compile(
    r"RT_SRC_NAT_PBA_([A-Z]{3,20})\b.{0,80}?\b[Ss]ubscriber ([\dA-Fa-f.:]{2,45}) .{0,120}?"
    r"port block \[(\d{1,5})-(\d{1,5})\] from ([\dA-Fa-f.:]{2,45})"
)
_DAY_FIRST = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T](\d{1,2}:\d\d(?::\d\d)?)" + rf"( ?{ZONE})?)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LAST_MONTH = 12


class PortBlocks:
    """Blocks of ports that machines behind a provider's translation had."""

    name = "port-blocks"
    title = N_("Port blocks of a provider's address translation")
    reads = N_("tables of inside address, public address and ports; Juniper's log of port blocks")

    def recognise(self, head: bytes) -> bool:
        """Return whether the first line has the headings of such a table, or most lines tell it."""
        return _table(head) is not None or mostly(
            head, lambda line: _OURS.search(line[:LONGEST_ROW])
        )

    def layout(self, head: bytes) -> LogLayout:
        """Return the columns of the table, or none for a log, and where its hour is."""
        columns = _table(head)
        if columns is not None:
            if columns == _RULES:
                return LogLayout("port-blocks", columns=columns)
            return LogLayout("port-blocks", columns=columns, needs_date=True, translates=True)
        line = first_of(head, lambda one: _OURS.search(one[:LONGEST_ROW]))
        clock = clock_of(line)
        return LogLayout("port-blocks", clock=clock, needs_date=lacks_year(line), translates=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:
        """Return one event a block: given, taken back, or standing in the table."""
        rows = ParsedLines()
        for offset, line in lines:
            text = (decode(line[:LONGEST_ROW]) or "").strip()
            if (
                layout.columns == _RULES
                or not text
                or text.startswith("#")
                or _headings(text) == layout.columns != ()
            ):
                rows.skipped.append(offset)
                continue
            record = _row(text, layout, zone) if layout.columns else _message(text, layout, zone)
            if isinstance(record, str):
                rows.reject(offset, record, line)
            else:
                rows.add(offset, record)
        return rows


def _table(head: bytes) -> tuple[Any, ...] | None:
    line = next((one for one in first_lines(head) if not one.startswith(b"#")), b"")
    return _headings(decode(line) or "")


def _headings(text: str) -> tuple[Any, ...] | None:
    delimiter_and_columns = columns_of(text)
    if delimiter_and_columns is not None and is_rules(delimiter_and_columns[1]):
        return _RULES
    if delimiter_and_columns is None or not set(delimiter_and_columns[1]) >= _NEEDED:
        return None
    return (delimiter_and_columns[0], is_vietnamese(text), delimiter_and_columns[1])


def _row(text: str, layout: LogLayout, zone: Zone) -> dict[str, Any] | str:
    """Return the event of a row of the table, or why it has none."""
    delimiter, day_first, columns = layout.columns
    cells = by_column(text, delimiter, columns)
    record = _block(
        cells.get(PortBlockColumn.INSIDE),
        cells.get(PortBlockColumn.PUBLIC),
        (cells.get(PortBlockColumn.FIRST), cells.get(PortBlockColumn.LAST)),
    )
    if isinstance(record, str):
        return record
    record["event.action"] = "block"
    protocol = values.transport(cells.get(PortBlockColumn.PROTOCOL))
    if protocol in {"tcp", "udp", "icmp"}:
        record["network.transport"] = protocol
    for column, field in ((PortBlockColumn.FROM, "event.start"), (PortBlockColumn.TO, "event.end")):
        if column in cells:
            ends = column is PortBlockColumn.TO
            when = _moment(cells[column], zone, day_first=day_first, ends=ends)
            if when is None:
                return "bad-time"
            record[field] = when
            if _moment(cells[column], None, day_first=day_first, ends=ends) is None:
                record["event.timezone"] = str(zone)
    if "event.start" in record:
        record["@timestamp"] = record["event.start"]
    elif layout.taken_us is not None:
        record["@timestamp"] = layout.taken_us
        record["quetsach.time.rough"] = True
    return record


def _message(text: str, layout: LogLayout, zone: Zone) -> dict[str, Any] | str:
    """Return the event of a line of syslog, or why it has none."""
    match = _ALLOCATED.search(text)
    if match is not None:
        act, inside, public, first, last = match.groups()
    else:
        match = _PBA.search(text)
        if match is None:
            return "not-a-block"
        act, inside, first, last, public = match.groups()
    record = _block(inside, public, (first, last))
    if isinstance(record, str):
        return record
    record["event.action"] = act.lower()
    set_head(record, head_of(text, layout, zone), zone)
    when = record.get("@timestamp")
    if when is not None and act.startswith("ALLOC"):
        record["event.start"] = when
    elif when is not None and act.startswith("RELEASE"):
        record["event.end"] = when
    return record


def _block(
    inside: str | None, public: str | None, ports: tuple[str | None, str | None]
) -> dict[str, Any] | str:
    record: dict[str, Any] = {"event.dataset": "port-blocks", "event.type": "info"}
    set_end(record, "source", inside)
    public_address = values.assignable_address(public)
    if "source.ip" not in record or public_address is None:
        return "bad-address"
    first, last = values.parse_port(ports[0]), values.parse_port(ports[1])
    if first is None or last is None or first > last:
        return "bad-ports"
    record |= {
        "source.nat.ip": public_address,
        "source.nat.port": first,
        "quetsach.nat.last_port": last,
    }
    return record


def _moment(text: str, zone: Zone | None, *, day_first: bool, ends: bool) -> int | None:
    """Return the time of a cell in us; a date alone that ends something includes its day."""
    dated = _DAY_FIRST.fullmatch(text)
    if dated is not None:
        day, month, year, clock, offset = dated.groups()
        if not day_first and int(day) <= _LAST_MONTH:
            # 03/04 in an English table is March or April, and nothing shows which.
            return None
        clock = clock if clock is None else clock.rjust(8 if clock.count(":") > 1 else 5, "0")
        text = f"{year}-{int(month):02}-{int(day):02}" + (
            "" if clock is None else f"T{clock}{offset or ''}"
        )
    if _DATE.fullmatch(text):
        text = f"{_next_day(text) if ends else text}T00:00:00"
    when = us_from_epoch(text)
    return us_from_iso(text, zone) if when is None else when


def _next_day(date: str) -> str:
    try:
        return (
            (datetime.fromisoformat(date).replace(tzinfo=UTC) + timedelta(days=1))
            .date()
            .isoformat()
        )
    except (ValueError, OverflowError):
        return date

"""The addresses of a Windows machine as `ipconfig` prints them, in any language.

Labels are filled up with dots to their colon and differ by language, so that values are told by
their shape: a hardware address opens an adapter, an address above a mask of 255 is its own, one
with a word in brackets behind it too (`(Preferred)`). The first value of all is the host's name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from quetsach.clocks import Zone
from quetsach.errors.catalogue import N_
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.formats.shared import values
from quetsach.formats.shared.text_lines import first_lines
from quetsach.schema import Event

_LABELLED = re.compile(r"[ \t]{1,8}(\S.{0,80}?)(?:[ .]*\.[ .]*|\s*):(?: (.{0,200}))?")
_DOTTED = re.compile(rb"[ \t]{1,8}\S.{0,80}?(?: \.){2,} ?:")
_MAC = re.compile(rb": [0-9A-F]{2}(?:-[0-9A-F]{2}){5}(?:-[0-9A-F]{2}){0,2}\s*$")
_MASK = re.compile(rb": 255\.\d{1,3}\.\d{1,3}\.\d{1,3}\s*$")
_OWN = re.compile(r"([0-9A-Fa-f.:%]{3,64})\(\S[^)]{0,40}\)")
_HOST = re.compile(r"[\w-]{1,63}")
_LONGEST = 512
_NOT_ITS_OWN = ("127.", "169.254.", "fe80:", "fec0:", "::1")


class HostIpconfig:
    """Reads which addresses a machine has, with the hardware address of each adapter."""

    name = "host-ipconfig"
    title = N_("Addresses of a Windows machine (ipconfig)")
    reads = N_("the machine's addresses with the hardware address of each; the time is the file's")

    def recognise(self, head: bytes) -> bool:
        """Return whether labels filled up with dots name a hardware address and a mask."""
        lines = list(first_lines(head))
        if sum(_DOTTED.match(line) is not None for line in lines) < 3:
            return False
        has_mask = any(_MASK.search(line) for line in lines)
        return has_mask or sum(_MAC.search(line) is not None for line in lines) > 0

    def layout(self, head: bytes) -> LogLayout:
        """Return the layout: the table is one record, from its first line on."""
        first = next(first_lines(head), b"")
        return LogLayout("host.ipconfig", marker=b"", record=first[:80], needs_date=True)

    def parse(self, lines: Iterable[Line], layout: LogLayout, zone: Zone) -> ParsedLines:  # noqa: ARG002
        """Return one event an address, all at the table's first line; the others are skipped."""
        rows = ParsedLines()
        record: list[Line] = []
        for offset, line in lines:
            if record and layout.record and line.startswith(layout.record):
                _read(rows, record, layout)
                record = []
            record.append((offset, line))
        _read(rows, record, layout)
        return rows


def _read(rows: ParsedLines, record: Sequence[Line], layout: LogLayout) -> None:
    if not record:
        return
    events = list(_events([line for _, line in record], layout))
    for event in events:
        rows.add(record[0][0], event)
    rows.skipped += [offset for offset, _ in record[1 if events else 0 :]]


def _events(lines: Sequence[bytes], layout: LogLayout) -> Iterator[Event]:
    host: str | None = None
    mac: str | None = None
    is_first, waiting = True, ""
    for line in lines:
        text = values.as_text(line[:_LONGEST]).rstrip()
        if text and not text[0].isspace():
            # The heading of an adapter.
            mac, waiting = None, ""
        labelled = _LABELLED.fullmatch(text)
        if labelled is None:
            continue
        written = (labelled[2] or "").strip()
        if is_first:
            host = written if _HOST.fullmatch(written) and values.mac(written) is None else None
            is_first = False
        mac = values.mac(written) or mac
        own = _OWN.fullmatch(written)
        address = values.assignable_address((own[1] if own else written).partition("%")[0])
        if waiting and written.startswith("255."):
            yield _event(waiting, mac, host, layout)
        waiting = ""
        if address is None or address.startswith(_NOT_ITS_OWN):
            continue
        if "." in address and not address.startswith("255."):
            waiting = address
        elif own is not None and ":" in address:
            yield _event(address, mac, host, layout)


def _event(address: str, mac: str | None, host: str | None, layout: LogLayout) -> Event:
    event: Event = {"event.dataset": layout.dataset, "event.type": "info"}
    if layout.taken_us is not None:
        event["@timestamp"] = layout.taken_us
        event["quetsach.time.rough"] = True
    event["source.ip"] = event["host.ip"] = address
    if mac is not None:
        event["host.mac"] = mac
    if host is not None:
        event["host.name"] = host
    event["quetsach.lease.act"] = "seen"
    return event

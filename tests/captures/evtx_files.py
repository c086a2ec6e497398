"""Event logs made for tests: a small writer of EVTX without templates, one chunk at a time.

Source: libyal, "Windows XML Event Log (EVTX)". Names and values are written out in each record.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Element: TypeAlias = tuple[str, Mapping[str, str], Sequence["Element"] | str]
"""Name, attributes, and children or text."""

CHUNK = 64 * 1024
_FIRST_RECORD = 512
_FILETIME_2026 = 134_322_117_220_000_000


def event(number: int, provider: str, channel: str, details: Mapping[str, str]) -> Element:
    """Return the element of one event of PC-VT-07, at 2026-09-01 01:15:22 UTC."""
    system: Sequence[Element] = (
        ("Provider", {"Name": provider}, ()),
        ("EventID", {}, str(number)),
        ("TimeCreated", {"SystemTime": "2026-09-01T01:15:22.412904Z"}, ()),
        ("Channel", {}, channel),
        ("Computer", {}, "PC-VT-07"),
    )
    rows = [("Data", {"Name": name}, text) for name, text in details.items()]
    return ("Event", {}, (("System", {}, system), ("EventData", {}, rows)))


def file_of(*chunks: bytes) -> bytes:
    """Return an event log with these chunks."""
    header = b"ElfFile\x00" + struct.pack(
        "<QQQIHHHH", 0, len(chunks) - 1, 9, 128, 1, 3, 4096, len(chunks)
    )
    return header.ljust(4096, b"\x00") + b"".join(chunks)


def chunk_of(events: Sequence[Element], first: int = 1) -> bytes:
    """Return one chunk with these events, numbered from `first`."""
    body, last_at = b"", _FIRST_RECORD
    for number, one in enumerate(events, first):
        last_at = _FIRST_RECORD + len(body)
        body += _record(number, one, last_at)
    last = first + len(events) - 1
    end = _FIRST_RECORD + len(body)
    header = b"ElfChnk\x00" + struct.pack("<QQQQIII", first, last, first, last, 128, last_at, end)
    return (header.ljust(_FIRST_RECORD, b"\x00") + body).ljust(CHUNK, b"\x00")


def _record(number: int, element: Element, at: int) -> bytes:
    xml = b"\x0f\x01\x01\x00"
    xml += _element(element, at + 24 + len(xml)) + b"\x00"
    size = 24 + len(xml) + 4
    return struct.pack("<4sIQQ", b"**\x00\x00", size, number, _FILETIME_2026) + xml + struct.pack(
        "<I", size
    )  # fmt: skip


def _element(element: Element, at: int) -> bytes:
    name, attributes, inner = element
    token = b"\x41" if attributes else b"\x01"
    named = _name(name, at + 5)
    lists = b""
    if attributes:
        place = at + 5 + len(named) + 4
        for count, (key, text) in enumerate(attributes.items(), 1):
            mark = b"\x06" if count == len(attributes) else b"\x46"
            lists += mark + _name(key, place + len(lists) + 1) + _text(text)
        lists = struct.pack("<I", len(lists)) + lists
    body = b""
    start = at + 5 + len(named) + len(lists) + 1
    if isinstance(inner, str):
        body = _text(inner) if inner else b""
    else:
        for child in inner:
            body += _element(child, start + len(body))
    content = named + lists + (b"\x02" + body + b"\x04" if body else b"\x03")
    return token + struct.pack("<I", len(content)) + content


def _name(text: str, at: int) -> bytes:
    """Return the place of a name and, right behind it, the name itself."""
    return struct.pack("<IIHH", at + 4, 0, 0, len(text)) + text.encode("utf-16-le") + b"\x00\x00"


def _text(text: str) -> bytes:
    return b"\x05\x01" + struct.pack("<H", len(text)) + text.encode("utf-16-le")

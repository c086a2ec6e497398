"""Outlook's mails: read out of real compound files, with their attachments."""

import struct
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.readers.contract import ReadLimits
from quetsach.readers.outlook import OutlookReader
from quetsach.readers.read import read_paper
from tests.readers.compound_writer import compound
from tests.readers.samples import attempted, codes, only, read, rows, texts, word

# Property types of [MS-OXCDATA] 2.11.1.
LONG, TEXT, BINARY, OBJECT = 0x0003, 0x001F, 0x0102, 0x000D


def message(
    properties: dict[int, Any], attached: list[dict[str, Any]], header: int = 32
) -> dict[str, Any]:
    tree = _storage(properties, header)
    for number, one in enumerate(attached):
        tree[f"__attach_version1.0_#{number:08X}"] = one
    return tree


def attachment(name: str, raw: bytes | dict[str, Any]) -> dict[str, Any]:
    method = 1 if isinstance(raw, bytes) else 5
    return _storage({0x3707: name, 0x3705: method, 0x3701: raw}, 8)


def _storage(properties: dict[int, Any], header: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    rows = bytearray(header)
    for number, value in {0x340D: 0x00040000, **properties}.items():
        kind, size, data = LONG, 0, value
        if isinstance(value, str):
            data = value.encode("utf-16-le")
            kind, size = TEXT, len(data) + 2
        elif isinstance(value, bytes):
            kind, size = BINARY, len(value)
        elif isinstance(value, dict):
            kind, size = OBJECT, 0xFFFFFFFF
        if kind == LONG:
            rows += struct.pack("<HHIII", kind, number, 6, value, 0)
            continue
        rows += struct.pack("<HHIII", kind, number, 6, size, 0)
        tree[f"__substg1.0_{number:04X}{kind:04X}"] = data
    tree["__properties_version1.0"] = bytes(rows)
    return tree


LETTER = {
    0x001A: "IPM.Note",
    0x0037: "V/v chiến dịch",
    0x1000: "Kính gửi: Các đơn vị\r\nchỉ ở đây 203.0.113.9",
    0x0C1F: "vhtt@trancu.example",
}


def test_sender_subject_and_text_are_read() -> None:
    paper = read(OutlookReader(read_paper), compound(message(LETTER, [])), "thu.msg")
    assert paper.sender == "vhtt@trancu.example"
    assert texts(paper) == ["V/v chiến dịch", "Kính gửi: Các đơn vị", "chỉ ở đây 203.0.113.9"]


def test_the_sender_of_the_headers_counts_before_that_of_exchange() -> None:
    headers = "Received: x\r\nFrom: =?utf-8?Q?Ph=C3=B2ng?= <a@b.example>\r\n"
    raw = compound(message({**LETTER, 0x007D: headers, 0x0C1F: "/O=UBND/CN=X"}, []))
    assert read(OutlookReader(read_paper), raw, "thu.msg").sender == "a@b.example"


def test_html_is_read_and_of_the_text_only_what_it_does_not_say() -> None:
    html = "<html><p>Kính gửi: Các đơn vị<table><tr><td>1<td>bad.example</table>".encode()
    raw = compound(message({**LETTER, 0x1013: html, 0x3FDE: 65001}, []))
    paper = read(OutlookReader(read_paper), raw, "thu.msg")
    assert texts(paper) == ["V/v chiến dịch", "Kính gửi: Các đơn vị", "chỉ ở đây 203.0.113.9"]
    assert rows(paper) == [("1", "bad.example")]


def test_attachments_are_parts() -> None:
    raw = compound(
        message(
            LETTER,
            [attachment("công văn.docx", word("điều 1")), attachment("la.bin", b"\0\1\2" * 3000)],
        )
    )
    paper = read(OutlookReader(read_paper), raw, "thu.msg")
    assert only(paper, "điều 1").place.part == "công văn.docx"
    assert [(p.code, p.where) for p in paper.problems] == [("E410", "thu.msg/la.bin")]


def test_an_attached_mail_is_a_part_with_its_own_attachments() -> None:
    inner = message({**LETTER, 0x0037: "thư trong"}, [attachment("d.txt", b"198.51.100.7")], 24)
    raw = compound(message(LETTER, [attachment("trong.msg", inner)]))
    paper = read(OutlookReader(read_paper), raw, "thu.msg")
    assert only(paper, "thư trong").place.part == "trong.msg"
    assert only(paper, "198.51.100.7").place.part == "trong.msg/d.txt"
    assert codes(read(OutlookReader(read_paper), raw, "thu.msg", ReadLimits(depth=0))) == ["E413"]


def test_a_mail_whose_text_is_rtf_alone_is_named() -> None:
    raw = compound(message({0x0037: "x", 0x1009: b"packed"}, []))
    assert codes(read(OutlookReader(read_paper), raw, "thu.msg")) == ["E416"]


def test_a_mail_that_breaks_off_is_refused_as_damaged() -> None:
    raw = compound(message({**LETTER, 0x1000: "dài " * 5000}, []))
    for size in range(1024, len(raw), 1500):
        assert set(attempted(OutlookReader(read_paper), raw[:size], "thu.msg")) <= {"E411"}


def test_properties_that_lie_about_their_streams_are_damage() -> None:
    tree = message(LETTER, [])
    del tree["__substg1.0_0037001F"]
    with pytest.raises(QuetsachError) as raised:
        read(OutlookReader(read_paper), compound(tree), "thu.msg")
    assert raised.value.problem.code == "E411"

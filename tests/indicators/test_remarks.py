"""Headings and remarks are understood, in English and Vietnamese."""

import pytest

from quetsach.indicators.in_text import found_in
from quetsach.indicators.options import ListOptions
from quetsach.indicators.remarks import (
    Section,
    Stand,
    is_benign,
    is_mail_header,
    section_of,
    speaks_of_above,
    stand_in,
)


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("REFERENCES:", Section.SOURCES),
        ("## Tài liệu tham khảo", Section.SOURCES),
        ("NON-MALICIOUS FILES ASSOCIATED WITH THIS INFECTION:", Section.BENIGN),
        ("LEGITIMATE DOMAINS USED FOR CONNECTIVITY CHECKS:", Section.BENIGN),
        ("=== Webmail services targeted by the harvester", Section.BENIGN),
        ("LEGITIMATE WEBSITE INFECTED WITH PARROT TDS:", Section.OPEN),
        ("EXAMPLES OF LEGITIMATE BUT COMPROMISED SITES:", Section.OPEN),
        ("MALICIOUS URLS HOSTED ON LEGITIMATE DOMAINS:", Section.OPEN),
        ("Phụ lục: danh sách tên miền độc hại", Section.OPEN),
    ],
)
def test_a_heading_says_what_stands_under_it(heading: str, section: Section) -> None:
    assert section_of(heading) is section


@pytest.mark.parametrize(
    ("remark", "benign"),
    [
        ("IP address check by infected host, not inherently malicious", True),
        ("a.example <-- not malicious", True),
        ("a.example (không phải mã độc)", True),
        ("the browser then viewed the legitimate site a.example", True),
        ("A compromised legitimate site hosting the C&C server", False),
        ("run by copy of legitimate system file x.exe", False),
        ("máy chủ độc hại", False),
    ],
)
def test_a_remark_that_something_is_harmless_is_understood(remark: str, benign: bool) -> None:
    assert is_benign(remark) is benign


def test_a_note_may_be_said_of_what_stands_above() -> None:
    assert speaks_of_above("- NOTE: The above URLs are not inherently malicious.")
    assert not speaks_of_above("- NOTE: this file is not malicious")


@pytest.mark.parametrize(
    ("line", "stand"),
    [
        ("- evil.example", Stand.ITEM),
        ("203.0.113.7 port 443 - evil.example - GET /a", Stand.ITEM),
        ("C2: evil.example, c2.example", Stand.ITEM),
        ("Đề nghị các đơn vị truy cập evil.example để tải", Stand.PROSE),
        ("Theo evil.example, các đơn vị đã báo cáo đủ", Stand.PROSE),
        ("Website: evil.example", Stand.PROSE),
        ("Received: from evil.example ([203.0.113.7])", Stand.PROSE),
    ],
)
def test_an_item_of_a_list_is_told_from_a_sentence(line: str, stand: Stand) -> None:
    assert stand_in(line, found_in(line, ListOptions())) is stand


def test_a_line_of_a_mails_header_is_known() -> None:
    assert is_mail_header("- Received: from a.example")
    assert not is_mail_header("Tên miền: a.example")

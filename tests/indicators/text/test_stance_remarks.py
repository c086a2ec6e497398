"""Headings and remarks are understood, in English and Vietnamese."""

import pytest

from quetsach.indicators.options import ListOptions
from quetsach.indicators.text.in_text import find_indicators
from quetsach.indicators.text.stance import (
    Stance,
    ValuePosition,
    is_benign,
    is_mail_header,
    section_of,
    speaks_of_above,
    stand_in,
)


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("REFERENCES:", Stance.SOURCES),
        ("## Tài liệu tham khảo", Stance.SOURCES),
        ("NON-MALICIOUS FILES ASSOCIATED WITH THIS INFECTION:", Stance.BENIGN),
        ("LEGITIMATE DOMAINS USED FOR CONNECTIVITY CHECKS:", Stance.BENIGN),
        ("=== Webmail services targeted by the harvester", Stance.BENIGN),
        ("LEGITIMATE WEBSITE INFECTED WITH PARROT TDS:", Stance.OPEN),
        ("EXAMPLES OF LEGITIMATE BUT COMPROMISED SITES:", Stance.OPEN),
        ("MALICIOUS URLS HOSTED ON LEGITIMATE DOMAINS:", Stance.OPEN),
        ("Phụ lục: danh sách tên miền độc hại", Stance.OPEN),
    ],
)
def test_a_heading_says_what_stands_under_it(heading: str, section: Stance) -> None:
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
        ("- evil.example", ValuePosition.ITEM),
        ("203.0.113.7 port 443 - evil.example - GET /a", ValuePosition.ITEM),
        ("C2: evil.example, c2.example", ValuePosition.ITEM),
        ("Đề nghị các đơn vị truy cập evil.example để tải", ValuePosition.PROSE),
        ("Theo evil.example, các đơn vị đã báo cáo đủ", ValuePosition.PROSE),
        ("Website: evil.example", ValuePosition.PROSE),
        ("Received: from evil.example ([203.0.113.7])", ValuePosition.PROSE),
    ],
)
def test_an_item_of_a_list_is_told_from_a_sentence(line: str, stand: ValuePosition) -> None:
    assert stand_in(line, find_indicators(line, ListOptions())) is stand


def test_a_line_of_a_mails_header_is_known() -> None:
    assert is_mail_header("- Received: from a.example")
    assert not is_mail_header("Tên miền: a.example")

"""What is defanged is meant; what could be clicked is taken only where values stand."""

import pytest

from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.in_text import find_indicators
from quetsach.indicators.text.stance import (
    HeadingMeaning,
    ValueContext,
    ValuePosition,
    host_of,
    is_address_service,
    is_benign,
    is_for_everybody,
    is_mail_header,
    is_source,
    is_whole_service,
    position_in,
    reason_against,
    refers_to_above,
    section_of,
)

VALUE, ITEM, PROSE = (
    ValueContext(stand) for stand in (ValuePosition.VALUE, ValuePosition.ITEM, ValuePosition.PROSE)
)
OWN = ValueContext(ValuePosition.ITEM, own=frozenset(("so.example",)))
SOURCES = ValueContext(ValuePosition.ITEM, HeadingMeaning.SOURCES)
BENIGN = ValueContext(ValuePosition.ITEM, HeadingMeaning.BENIGN)
NAMES = ValueContext(ValuePosition.VALUE, names=True)


@pytest.mark.parametrize(
    ("text", "around", "reason"),
    [
        ("evil[.]com", PROSE, None),
        ("evil.com", VALUE, None),
        ("evil.com", ITEM, None),
        ("theo https://evil.com/a", PROSE, RefusalReason.REFERENCE),
        ("chặn tên miền độc hại evil.com", PROSE, RefusalReason.UNCLEAR),
        ("phát hiện 203.0.113.7", PROSE, RefusalReason.UNCLEAR),
        ("d41d8cd98f00b204e9800998ecf84270", PROSE, None),
        ("www.so.example", OWN, RefusalReason.SENDER),
        ("www[.]so[.]example", OWN, None),
        ("evil.com", SOURCES, RefusalReason.REFERENCE),
        ("evil[.]com", SOURCES, None),
        ("www[.]microsoft.com/blog", SOURCES, RefusalReason.REFERENCE),
        ("evil[.]com", BENIGN, RefusalReason.CONTEXT),
        ("d41d8cd98f00b204e9800998ecf84270", BENIGN, RefusalReason.CONTEXT),
        ("https://github.com/a/b", ITEM, RefusalReason.REFERENCE),
        ("https://ncsc.gov.vn/a", ITEM, RefusalReason.REFERENCE),
        ("github[.]com/evil/a.exe", ITEM, None),
        ("github[.]com", ITEM, RefusalReason.UNCLEAR),
        ("www.facebook.com", VALUE, RefusalReason.UNCLEAR),
        ("api.ipify[.]org", ITEM, RefusalReason.UNCLEAR),
        ("aws.amazon.com", ITEM, RefusalReason.UNCLEAR),
        ("evil.pl", NAMES, None),
        ("evil.pl", VALUE, RefusalReason.UNCLEAR),
        ("evil.pl", ITEM, RefusalReason.UNCLEAR),
        ("File name: a.b.evil.com", ITEM, RefusalReason.OTHER_KIND),
        ("Received: from evil[.]com", PROSE, RefusalReason.UNCLEAR),
        ("10.0.0.1", VALUE, RefusalReason.PRIVATE),
        ("10[.]0.0.1", PROSE, RefusalReason.PRIVATE),
        ("máy 10.0.0.1 của phòng", PROSE, RefusalReason.REFERENCE),
    ],
)
def test_each_value_is_judged_by_its_spelling_and_its_place(
    text: str, around: ValueContext, reason: RefusalReason | None
) -> None:
    one = find_indicators(text, ListOptions())[-1]
    assert reason_against(one, around, text[: one.start]) is reason


def test_the_host_of_each_kind_is_known() -> None:
    hosts = {"evil.com": "evil.com", "http://a.evil.com:81/b": "a.evil.com", "0a" * 16: ""}
    for text, host in hosts.items():
        assert host_of(find_indicators(text, ListOptions())[0]) == host


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("REFERENCES:", HeadingMeaning.SOURCES),
        ("## Tài liệu tham khảo", HeadingMeaning.SOURCES),
        ("NON-MALICIOUS FILES ASSOCIATED WITH THIS INFECTION:", HeadingMeaning.BENIGN),
        ("LEGITIMATE DOMAINS USED FOR CONNECTIVITY CHECKS:", HeadingMeaning.BENIGN),
        ("=== Webmail services targeted by the harvester", HeadingMeaning.BENIGN),
        ("LEGITIMATE WEBSITE INFECTED WITH PARROT TDS:", HeadingMeaning.OPEN),
        ("EXAMPLES OF LEGITIMATE BUT COMPROMISED SITES:", HeadingMeaning.OPEN),
        ("MALICIOUS URLS HOSTED ON LEGITIMATE DOMAINS:", HeadingMeaning.OPEN),
        ("Phụ lục: danh sách tên miền độc hại", HeadingMeaning.OPEN),
    ],
)
def test_a_heading_says_what_stands_under_it(heading: str, section: HeadingMeaning) -> None:
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
    assert refers_to_above("- NOTE: The above URLs are not inherently malicious.")
    assert not refers_to_above("- NOTE: this file is not malicious")


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
    assert position_in(line, find_indicators(line, ListOptions())) is stand


def test_a_line_of_a_mails_header_is_known() -> None:
    assert is_mail_header("- Received: from a.example")
    assert not is_mail_header("Tên miền: a.example")


def test_pages_to_read_on_are_sources() -> None:
    assert is_source("www.virustotal.com")
    assert is_source("khonggianmang.vn")
    assert not is_source("notvirustotal.com")


def test_a_customer_of_a_service_is_not_the_service() -> None:
    assert is_whole_service("github.com")
    assert is_whole_service("storage.googleapis.com")
    assert not is_whole_service("somebody.github.io")
    assert not is_whole_service("ec2-203-0-113-7.us-east-2.compute.amazonaws.com")


def test_services_that_tell_an_address_and_those_of_offices_are_known() -> None:
    assert is_address_service("api.ipify.org")
    assert is_for_everybody("aws.amazon.com")
    assert not is_for_everybody("amazon.com.evil.example")

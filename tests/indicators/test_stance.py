"""What is defanged is meant; what could be clicked is taken only where values stand."""

import pytest

from quetsach.indicators.in_text import found_in
from quetsach.indicators.options import ListOptions, Reason
from quetsach.indicators.remarks import Section, Stand
from quetsach.indicators.stance import Surroundings, host_of, reason_against

VALUE, ITEM, PROSE = (Surroundings(stand) for stand in (Stand.VALUE, Stand.ITEM, Stand.PROSE))
OWN = Surroundings(Stand.ITEM, own=frozenset(("so.example",)))
SOURCES = Surroundings(Stand.ITEM, Section.SOURCES)
BENIGN = Surroundings(Stand.ITEM, Section.BENIGN)
NAMES = Surroundings(Stand.VALUE, names=True)


@pytest.mark.parametrize(
    ("text", "around", "reason"),
    [
        ("evil[.]com", PROSE, None),
        ("evil.com", VALUE, None),
        ("evil.com", ITEM, None),
        ("theo https://evil.com/a", PROSE, Reason.REFERENCE),
        ("chặn tên miền độc hại evil.com", PROSE, Reason.UNCLEAR),
        ("phát hiện 203.0.113.7", PROSE, Reason.UNCLEAR),
        ("d41d8cd98f00b204e9800998ecf84270", PROSE, None),
        ("www.so.example", OWN, Reason.SENDER),
        ("www[.]so[.]example", OWN, None),
        ("evil.com", SOURCES, Reason.REFERENCE),
        ("evil[.]com", SOURCES, None),
        ("www[.]microsoft.com/blog", SOURCES, Reason.REFERENCE),
        ("evil[.]com", BENIGN, Reason.CONTEXT),
        ("d41d8cd98f00b204e9800998ecf84270", BENIGN, Reason.CONTEXT),
        ("https://github.com/a/b", ITEM, Reason.REFERENCE),
        ("https://ncsc.gov.vn/a", ITEM, Reason.REFERENCE),
        ("github[.]com/evil/a.exe", ITEM, None),
        ("github[.]com", ITEM, Reason.UNCLEAR),
        ("www.facebook.com", VALUE, Reason.UNCLEAR),
        ("api.ipify[.]org", ITEM, Reason.UNCLEAR),
        ("aws.amazon.com", ITEM, Reason.UNCLEAR),
        ("evil.pl", NAMES, None),
        ("evil.pl", VALUE, Reason.UNCLEAR),
        ("evil.pl", ITEM, Reason.UNCLEAR),
        ("File name: a.b.evil.com", ITEM, Reason.OTHER_KIND),
        ("Received: from evil[.]com", PROSE, Reason.UNCLEAR),
        ("10.0.0.1", VALUE, Reason.PRIVATE),
        ("10[.]0.0.1", PROSE, Reason.PRIVATE),
        ("máy 10.0.0.1 của phòng", PROSE, Reason.REFERENCE),
    ],
)
def test_each_value_is_judged_by_its_spelling_and_its_place(
    text: str, around: Surroundings, reason: Reason | None
) -> None:
    one = found_in(text, ListOptions())[-1]
    assert reason_against(one, around, text[: one.start]) is reason


def test_the_host_of_each_kind_is_known() -> None:
    hosts = {"evil.com": "evil.com", "http://a.evil.com:81/b": "a.evil.com", "0a" * 16: ""}
    for text, host in hosts.items():
        assert host_of(found_in(text, ListOptions())[0]) == host

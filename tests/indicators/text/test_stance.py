"""What is defanged is meant; what could be clicked is taken only where values stand."""

import pytest

from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.text.in_text import find_indicators
from quetsach.indicators.text.stance import (
    Stance,
    ValueContext,
    ValuePosition,
    host_of,
    reason_against,
)

VALUE, ITEM, PROSE = (
    ValueContext(stand) for stand in (ValuePosition.VALUE, ValuePosition.ITEM, ValuePosition.PROSE)
)
OWN = ValueContext(ValuePosition.ITEM, own=frozenset(("so.example",)))
SOURCES = ValueContext(ValuePosition.ITEM, Stance.SOURCES)
BENIGN = ValueContext(ValuePosition.ITEM, Stance.BENIGN)
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

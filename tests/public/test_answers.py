"""Four plain answers; an address says nothing of a machine."""

from datetime import timedelta
from pathlib import Path

import pytest

from quetsach_public.addresses import caller_of
from quetsach_public.answers import Age, AnswerKind, UnknownReason, answer, hints, platform
from quetsach_public.table import AddressTable
from quetsach_public.table_writing import write_table
from tests.public.made import MADE_AT, NOW, contents, seen


@pytest.fixture
def table(tmp_path: Path) -> AddressTable:
    rows = (
        *(seen("192.0.2.1", last=20), seen("192.0.2.2", last=10), seen("198.51.100.5")),
        seen("192.0.2.3", first=1, last=1),
    )
    write_table(tmp_path / "t", contents(*rows))
    return AddressTable(tmp_path / "t")


@pytest.mark.parametrize(
    ("address", "kind", "why"),
    [
        ("192.0.2.1", AnswerKind.SEEN, None),
        ("::ffff:192.0.2.1", AnswerKind.SEEN, None),
        ("192.0.2.77", AnswerKind.NOT_SEEN, None),
        ("2001:db8::1", AnswerKind.NOT_SEEN, None),
        ("198.51.100.5", AnswerKind.CANNOT_TELL, UnknownReason.SHARED),
        ("203.0.113.1", AnswerKind.CANNOT_TELL, UnknownReason.ELSEWHERE),
        ("10.1.2.3", AnswerKind.CANNOT_TELL, UnknownReason.INSIDE),
        ("100.64.3.4", AnswerKind.CANNOT_TELL, UnknownReason.INSIDE),
        ("fe80::1%eth0", AnswerKind.CANNOT_TELL, UnknownReason.INSIDE),
        ("::1", AnswerKind.CANNOT_TELL, UnknownReason.INSIDE),
        ("x", AnswerKind.CANNOT_TELL, UnknownReason.UNREADABLE),
        ("", AnswerKind.CANNOT_TELL, UnknownReason.UNREADABLE),
    ],
)
def test_each_address_has_its_answer(
    table: AddressTable, address: str, kind: AnswerKind, why: UnknownReason | None
) -> None:
    said = answer(table, caller_of(address), NOW)
    assert (said.kind, said.why) == (kind, why)


def test_the_list_is_too_old_at_the_very_instant(table: AddressTable) -> None:
    ends = MADE_AT + timedelta(days=7)
    caller = caller_of("192.0.2.1")
    assert answer(table, caller, ends - timedelta(microseconds=1)).kind is AnswerKind.SEEN
    assert answer(table, caller, ends).kind is AnswerKind.TOO_OLD
    assert answer(None, caller, NOW).kind is AnswerKind.TOO_OLD


def test_old_sightings_weigh_less(table: AddressTable) -> None:
    ages = [answer(table, caller_of(f"192.0.2.{n}"), NOW).age for n in (1, 2)]
    assert ages == [Age.WEEK, Age.MONTH]
    later = answer(table, caller_of("192.0.2.3"), MADE_AT + timedelta(days=6, hours=23))
    assert later.age is Age.MONTH


CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "said", "steps"),
    [
        (
            "Mozilla/5.0 (Windows NT 6.1; rv:78.0) Gecko/20100101 Firefox/78.0",
            ["Windows 7", "Firefox 78"],
            "windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) " + CHROME.format("140.0.0.0"), [], "windows"),
        ("Mozilla/5.0 (Linux; Android 10; K) " + CHROME.format("140.0.0.0"), [], "android"),
        (
            "Mozilla/5.0 (Linux; Android 9; SM-J4) " + CHROME.format("88.0.1"),
            ["Android 9", "Chrome 88"],
            "android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 4.4.2; Box) " + CHROME.format("140.0.0.0"),
            ["Android 4"],
            "android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 12_5 like Mac OS X)", ["iOS 12"], "ios"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605", [], "macos"),
        (
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)",
            ["Windows XP", "Internet Explorer"],
            "windows",
        ),
        ("", [], "other"),
        ("x" * 100_000, [], "other"),
    ],
)
def test_what_a_browser_says(agent: str, said: list[str], steps: str) -> None:
    assert [one.what for one in hints(agent)] == said
    assert platform(agent) == steps

"""The first lines of a file: blank ones do not count, and half is not most."""

from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.shared.text_lines import first_lines, first_of, mostly, read

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WHEN = 1788225322
"""2026-09-01 08:15:22 at +07:00."""


@pytest.mark.parametrize(
    "line",
    [
        "2026-09-01 08:15:22 seen",
        "<134>1 2026-09-01T08:15:22.000+07:00 fw1",
        "[2026-09-01 08:15:22,000] x",
        "fw1 2026-09-01 08:15:22 x",
        "gw 2026-09-01 08:15:22 x",
        "fw1,2026-09-01 08:15:22,10.0.0.1",
        "10.20.3.41 - - [01/Sep/2026:08:15:22 +0700] x",
        "01-Sep-2026 08:15:22.000 x",
        "2026/09/01 08:15:22 <warn>",
        'x=1 time="2026-09-01 08:15:22"',
        '{"@timestamp":"2026-09-01T01:15:22Z","x":1}',
        "expires=2036-09-01 08:15:22 log_time: 2026-09-01 08:15:22",
        "1788225322.000 5756 x",
        "[1788225322] x",
        'a "timestamp":1788225322000,',
    ],
)
def test_a_time_at_the_head_or_behind_its_key_is_that_of_the_line(line: str) -> None:
    assert read(line.encode(), ZONE)["@timestamp"] == WHEN * 1_000_000


@pytest.mark.parametrize(
    "line",
    [
        "rule=1000000103 block in",
        "sid:1788225322",
        "session 1788225322 opened",
        "uptime=1788225322",
        "lifetime:1788225322",
        "expire_time=1988225322",
        "tel 1788225322",
        "timer=1788225322",
        "ts=1788225322abc",
        "http://a/?ts=1788225322&x",
        "1788225322.pcap rotated",
        "1788225322/10",
        "1788225322:443 x",
        "time=1788225322.5.6",
        "file-2026-09-01T08:15:22.log opened",
        "http://a.example/2026-09-01T08:15:22/x",
        "policy expires 2036-09-01 08:15:22",
        '{"notAfter":"2036-09-01T08:15:22Z"}',
        "expires 2036-09-01 08:15:22",
        "valid_until=2036-09-01 08:15:22",
        "12026-09-01 08:15:22",
        "2026-13-41 25:61:61",
        "01/09/2026 08:15:22 day or month?",
        "Sep  1 08:15:22 gw",
    ],
)
def test_other_numbers_and_dates_are_no_time_of_the_line(line: str) -> None:
    assert "@timestamp" not in read(line.encode(), ZONE)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"a\nb\n", False),
        (b"a\na\nb\n", True),
        (b"\n \na\r\n", True),
        (b"", False),
        (b"b\n" * 50 + b"a\n" * 500, False),
    ],
)
def test_most_of_the_first_filled_lines_decide(head: bytes, said: bool) -> None:
    assert mostly(head, lambda line: line == b"a") is said


def test_first_line_of_a_kind_is_found_without_its_line_end() -> None:
    assert first_of(b"# x\r\n\r\na1\r\na2\n", lambda line: line.startswith(b"a")) == b"a1"
    assert first_of(b"# x\n", lambda line: line.startswith(b"a")) == b""
    assert list(first_lines(b"\n\n")) == []

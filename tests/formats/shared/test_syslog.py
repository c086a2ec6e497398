"""The head of a syslog line: each of its forms, the year that it leaves out, and odd ones."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from quetsach.formats.shared.syslog import split_head

HERE = timezone(timedelta(hours=7))


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


TAKEN = us("2026-09-02T00:00:00+07:00")


@pytest.mark.parametrize(
    ("line", "when", "host", "rest"),
    [
        ("<134>Sep  1 08:15:22 fw1 kernel: x", "2026-09-01T08:15:22+07:00", "fw1", "kernel: x"),
        ("Sep  1 08:15:22 fw1 a[1]: x", "2026-09-01T08:15:22+07:00", "fw1", "a[1]: x"),
        ("Sep  1 2025 08:15:22 fw1 a: x", "2025-09-01T08:15:22+07:00", "fw1", "a: x"),
        ("Sep  1 08:15:22 2025 fw1 a: x", "2025-09-01T08:15:22+07:00", "fw1", "a: x"),
        ("Dec 31 23:59:59 fw1 a: x", "2025-12-31T23:59:59+07:00", "fw1", "a: x"),
        ("Sep 01 08:15:22: %ASA-6-1: x", "2026-09-01T08:15:22+07:00", "", "%ASA-6-1: x"),
        (
            "Sep  1 08:15:22 dnsmasq-dhcp[4]: x",
            "2026-09-01T08:15:22+07:00",
            "",
            "dnsmasq-dhcp[4]: x",
        ),
        (
            "<134>1 2026-09-01T08:15:22.5+09:00 fw1 app 77 - - x",
            "2026-09-01T08:15:22.5+09:00",
            "fw1",
            "x",
        ),
        (
            '<134>1 2026-09-01T01:15:22Z fw1 app 77 - [a b="c\\]"] x',
            "2026-09-01T01:15:22+00:00",
            "fw1",
            "x",
        ),
        ("2026-09-01T08:15:22 fw1 a: x", "2026-09-01T08:15:22+07:00", "fw1", "a: x"),
        ("2026-09-01 01:15:22 UTC fw1 a: x", "2026-09-01T01:15:22+00:00", "fw1", "a: x"),
        ("2026-09-01 08:15:22 +0700 fw1 a: x", "2026-09-01T08:15:22+07:00", "fw1", "a: x"),
        ("Sep  1 01:15:22 UTC fw1 a: x", "2026-09-01T01:15:22+00:00", "fw1", "a: x"),
        ("Sep  1 2026 01:15:22.5 GMT fw1 a: x", "2026-09-01T01:15:22.5+00:00", "fw1", "a: x"),
        ("Sep  1 01:15:22 UTC: %ASA-6-1: x", "2026-09-01T01:15:22+00:00", "", "%ASA-6-1: x"),
        ("Sep  1 08:15:22 GMT+7 fw1 a: x", "2026-09-01T08:15:22+07:00", "fw1", "a: x"),
        ("Sep  1 08:15:22 Zurich a: x", "2026-09-01T08:15:22+07:00", "Zurich", "a: x"),
        ("Sep  1 08:15:22 UTCgw a: x", "2026-09-01T08:15:22+07:00", "UTCgw", "a: x"),
    ],
)
def test_each_form_gives_time_host_and_rest(line: str, when: str, host: str, rest: str) -> None:
    head = split_head(line, HERE, TAKEN)
    assert head is not None
    assert (head.when_us, head.host, head.rest) == (us(when), host, rest)


def test_a_day_without_a_year_has_no_time_where_nothing_tells_the_year() -> None:
    head = split_head("Sep  1 08:15:22 fw1 a: x", UTC, None)
    assert head is not None
    assert head.when_us is None


@pytest.mark.parametrize("line", ["", "hello", "Foo  1 08:15:22 fw1 a: x", "lease 10.0.0.1 {"])
def test_what_has_no_head_gives_none(line: str) -> None:
    assert split_head(line, UTC, TAKEN) is None


def test_an_impossible_day_has_no_time() -> None:
    head = split_head("Feb 31 08:15:22 fw1 a: x", UTC, TAKEN)
    assert head is not None
    assert head.when_us is None

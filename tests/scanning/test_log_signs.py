"""A time or an address makes a line look like one of a log; names and numbers do not."""

import pytest

from quetsach.formats.contract import ParsedLines
from quetsach.scanning.log_signs import FormCounts, looks_like_log, tally_forms


@pytest.mark.parametrize(
    "line",
    [
        b"08:15:22 deny",
        b"Sep  1 08:15:22 gw something",
        b"01/09/2026 said",
        b"1.9.2026;x",
        b"2026-09-01T08 x",
        b"x 1788225322 y",
        b"[1788225322.123] y",
        b"ts=1788225322000",
        b"20260901081522,x",
        b"from 10.20.3.41",
        b"203.0.113.77:443",
        b"x 00:17:a4:b2:c3:d4 y",
        b"x 00-17-A4-B2-C3-D4 y",
        b"peer fd00:db8::41 up",
        b"RECORD\x00\x01\x02abc",
    ],
)
def test_a_time_or_an_address_is_a_sign(line: bytes) -> None:
    assert looks_like_log(line)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"# Read me first",
        b"Version 1.2.3, phone 024 3941 1234, rule 1000000001-3",
        b"std::vector and a ratio of 16:9",
        b"x" * 5000 + b" 10.20.3.41",
        "Kính gửi: Ủy ban nhân dân xã Tân Sơn".encode(),
    ],
)
def test_names_and_numbers_are_none(line: bytes) -> None:
    assert not looks_like_log(line)


def test_a_tally_tells_logs_from_other_texts() -> None:
    assert not FormCounts(lines=10, unknown=10, like_log=2).is_unread_log
    assert FormCounts(lines=10, unknown=10, like_log=2).is_no_log
    assert FormCounts(lines=10, unknown=10, like_log=3).is_unread_log
    assert FormCounts(lines=10, unknown=10, named=1).is_unread_log
    # A few lines of another form within a log that is read.
    some = FormCounts(lines=10, unknown=2, like_log=2)
    assert not some.is_unread_log
    assert not some.is_no_log


def test_lines_are_tallied_by_what_was_read_of_them() -> None:
    lines = {0: b"x", 5: b"10.20.3.41 met bad.example", 9: b"known"}
    rows = ParsedLines(
        events=[
            (0, {"event.dataset": "text"}),
            (5, {"event.dataset": "text"}),
            (9, {"event.dataset": "zeek.dns"}),
        ]
    )
    rows.reject(12, "odd", b"?")
    tally = tally_forms(rows, lines, {5, 9})
    assert tally == FormCounts(lines=4, unknown=2, like_log=1, named=1)
    tally.add(tally)
    assert tally == FormCounts(lines=8, unknown=4, like_log=2, named=2)

"""Tables of ranges as people keep them, and files of announced prefixes."""

from datetime import date
from ipaddress import ip_network

import pytest

from quetsach.notices.range_files import FLAWS, networks_or_system, ranges_of, read_prefixes
from quetsach.notices.range_files import read_ranges as read
from quetsach.notices.ranges import NOT_OURS, UnitRange
from quetsach.texts import use_language


def test_a_vietnamese_table_is_read_as_an_english_one() -> None:
    vietnamese = (
        "\ufeffSTT;Đơn vị;Dải địa chỉ;Từ ngày;Đến ngày;Dùng chung\r\n"
        "1;TC01;203.0.113.0/28;01/09/2026;30/11/2026;\r\n"
        "2;TC02;AS 64500;;;x\r\n"
        "\r\n"
        "3;-;2001:db8::/32;;;không\r\n"
    )
    english = (
        "unit,cidr,since,until,shared\n"
        "TC01,203.0.113.0/28,2026-09-01,2026-11-30,\n"
        "TC02,as64500,,,yes\n"
        '"-","2001:db8::/32"\n'
    )
    found = read(vietnamese), read(english)
    for table in found:
        assert table is not None
        ranges, refused = table
        assert refused == []
        assert [(one.unit, str(one), one.is_shared) for one in ranges] == [
            ("TC01", "203.0.113.0/28", False),
            ("TC02", "AS64500", True),
            (NOT_OURS, "2001:db8::/32", False),
        ]
        assert (ranges[0].since, ranges[0].until) == (date(2026, 9, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("203.0.113.7", ["203.0.113.7/32"]),
        ("203.0.113.16 – 203.0.113.18", ["203.0.113.16/31", "203.0.113.18/32"]),
        ("203.0.113.0/255.255.255.240", ["203.0.113.0/28"]),
        ("2001:db8::7", ["2001:db8::7/128"]),
        ("2001:DB8:1::/48", ["2001:db8:1::/48"]),
        ("0.0.0.0/0", ["0.0.0.0/0"]),
        ("AS64500", 64500),
        ("ASN 64500", 64500),
        ("AS0", "bad-range"),
        ("AS4294967296", "bad-range"),
        ("203.0.113.5/28", "host-bits"),
        ("10.0.0.0/8", "private"),
        ("192.168.1.1", "private"),
        ("0.0.0.0", "private"),
        ("ff02::/16", "private"),
        ("203.0.113.9-203.0.113.1", "bad-range"),
        ("203.0.113", "bad-range"),
        ("/24", "bad-range"),
        ("203.0.113.0/33", "bad-range"),
        ("", "bad-range"),
        ("x" * 5000, "bad-range"),
    ],
)
def test_a_range_is_written_in_many_ways_or_refused(text: str, found: object) -> None:
    networks = networks_or_system(text)
    assert ([str(one) for one in networks] if isinstance(networks, list) else networks) == found


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        ({"unit": "", "range": "203.0.113.0/28"}, "no-unit"),
        ({"unit": "A", "range": "203.0.113.0/28", "since": "31/02/2026"}, "bad-day"),
        ({"unit": "A", "range": "203.0.113.0/28", "until": "soon"}, "bad-day"),
        (
            {"unit": "A", "range": "203.0.113.0/28", "since": "02/01/2026", "until": "2026-01-01"},
            "reversed",
        ),
        ({"unit": "A", "range": "203.0.113.0/28", "shared": "maybe"}, "bad-mark"),
        ({"unit": "A"}, "bad-range"),
    ],
)
def test_a_row_that_is_not_clear_is_refused_with_its_reason(row: dict[str, str], flaw: str) -> None:
    assert ranges_of(row) == flaw


def test_refused_rows_are_named_and_the_others_stay() -> None:
    use_language("en")
    found = read("unit,ip\nA,203.0.113.1\n,203.0.113.2\nB,10.0.0.1\n")
    assert found is not None
    ranges, refused = found
    assert ranges == [UnitRange("A", ip_network("203.0.113.1"), row=2)]
    assert [(one.row, one.flaw) for one in refused] == [(3, "no-unit"), (4, "private")]
    assert all(one.why == FLAWS[one.flaw] for one in refused)


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "unit\nA\n", "\x00\x01,;|\n"])
def test_what_is_no_table_is_none(text: str) -> None:
    assert read(text) is None


def test_only_what_a_system_announces_alone_is_its_own() -> None:
    lines = [
        "198.51.100.0\t24\t64500",
        "203.0.113.0\t24\t64500_64501",
        "192.0.2.0\t25\t64502,64500",
        "192.0.2.128\t25\t64501",
        "2001:db8::\t32\t64500",
        "broken",
        "",
        "1.2.3.4\t99\t64500",
    ]
    assert read_prefixes(lines, [64500]) == {
        64500: [ip_network("198.51.100.0/24"), ip_network("2001:db8::/32")]
    }


def test_another_system_on_a_line_of_its_own_counts_wherever_it_stands() -> None:
    lines = ["203.0.113.0/24,64501", "203.0.113.0/24,AS64500", "198.51.100.0/24;64500"]
    assert read_prefixes(lines, [64500]) == {64500: [ip_network("198.51.100.0/24")]}


def test_spans_with_first_and_last_address_are_read() -> None:
    lines = ["198.51.100.0\t198.51.100.191\t64500\tVN\tExample, a network"]
    assert read_prefixes(lines, [64500]) == {
        64500: [ip_network("198.51.100.0/25"), ip_network("198.51.100.128/26")]
    }

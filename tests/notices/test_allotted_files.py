"""The file of a unit says of its notices exactly what the authority's file said."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from quetsach.notices.allotted_files import allot_notice, allotted_json, unit_files
from quetsach.notices.model import Notice
from quetsach.notices.ranges import RangeTable, UnitRange
from quetsach.texts import use_language
from tests.notices.reading import INTELMQ, N6, read

TABLE = RangeTable([UnitRange("TC01", ip_network("203.0.113.0/24"))])

SHADOWSERVER = (
    "timestamp,ip,port,protocol,dst_ip,dst_port,infection,http_host,count\n"
    '2026-11-30 05:00:00,203.0.113.5,40112,tcp,198.51.100.77,443,"a, b",bad.example,3\n'
    "2026-11-30,203.0.113.5,,udp,198.51.100.77,,,,\n"
    "2026-11-30 05:00:00.250000Z,203.0.113.5,1,,,,x,,\n"
    "2026-11-30 05:00 +07:00,203.0.113.5,1,,,,x,,\n"
    "2026-11-30 +07:00,203.0.113.5,1,,,,x,,\n"
    ",203.0.113.5,1,,,,x,,\n"
)
VIETNAMESE = (
    "STT;Địa chỉ IP;Cổng;Thời gian;Địa chỉ kết nối;Tên mã độc\n"
    "1;203.0.113.5;40112;08:15 30/11/2026;198.51.100.77;andromeda\n"
    "2;203.0.113.6;;30/11/2026;198.51.100.77;andromeda\n"
    "3;203.0.113.6;7;01/11/2026 – 30/11/2026;bad.example;andromeda\n"
)


def said(notice: Notice) -> Notice:
    """Return the notice without its place."""
    return replace(notice, path="", number=0, row=None, raw=(), place="")


@pytest.mark.parametrize("text", [SHADOWSERVER, VIETNAMESE, str(INTELMQ).replace("'", '"')])
def test_what_is_written_for_a_unit_is_read_as_it_was(text: str) -> None:
    notices = read(text).notices
    assert notices
    files = unit_files(allot_notice(one, TABLE) for one in notices)
    again = [one for name in sorted(files) for one in read(files[name], name).notices]
    assert sorted(map(repr, map(said, again))) == sorted(map(repr, map(said, notices)))


def test_each_unit_has_one_file_whatever_its_name() -> None:
    table = RangeTable(
        [
            UnitRange("../../x", ip_network("203.0.113.5")),
            UnitRange("a/b", ip_network("203.0.113.6")),
            UnitRange("a:b", ip_network("203.0.113.7")),
        ]
    )
    text = "timestamp,ip\n" + "".join(f"2026-11-30 05:00:00Z,203.0.113.{at}\n" for at in (5, 6, 7))
    files = unit_files(allot_notice(one, table) for one in read(text).notices)
    assert sorted(files) == ["notices-a_b-2.csv", "notices-a_b.csv", "notices-x.csv"]


def test_the_account_adds_up_and_says_why() -> None:
    use_language("en")
    file = read("timestamp,ip\n2026-11-30 05:00:00Z,203.0.113.5\n,198.51.100.5\nx,nothing\n")
    items = [allot_notice(one, TABLE) for one in (*file.notices, *file.rejected)]
    answer = allotted_json(items)
    assert answer["counts"] == {
        "items": 3,
        "allotted": 1,
        "shared": 0,
        "nobodys": 1,
        "not-ours": 0,
        "rejected": 1,
    }
    assert answer["units"] == {"TC01": 1}
    whys = [row["why"] for row in answer["items"]]
    assert whys[:2] == ["", "no range holds the address on that day"]
    assert whys[2]


def test_an_export_of_n6_has_an_item_for_each_address() -> None:
    file = read(str(N6).replace("'", '"'))
    assert {one.units for one in (allot_notice(one, TABLE).allotment for one in file.notices)} == {
        ("TC01",)
    }

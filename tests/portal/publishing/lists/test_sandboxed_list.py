"""What is read of lists: what can be used, what is left out and why; hostile ones are refused."""

from pathlib import Path

import msgspec
import pytest

from quetsach_portal.publishing.lists import sandboxed_list
from quetsach_portal.publishing.lists.sandboxed_list import ListContent, ListInput

DELEGATED = """\
2|apnic|20220920|5|19850701|20220919|+1000
apnic|*|ipv4|*|3|summary
# ghi chú
apnic|VN|ipv4|192.0.2.0|256|20080526|allocated
apnic|VN|ipv4|198.51.100.0|192|20080526|assigned
apnic|KH|ipv4|203.0.113.0|256|20080526|allocated
apnic|VN|ipv4|203.0.113.0|256||available
apnic|VN|ipv6|2001:db8::|32|20080526|allocated
apnic|VN|asn|64500|1|20080526|allocated
apnic|VN|ipv4|10.0.0.0|256|20080526|allocated
apnic|VN|ipv4|hack|256|20080526|allocated
"""


def asked(
    tmp_path: Path, content: str | bytes, kind: str, country: str = "VN"
) -> tuple[ListContent, str]:
    path = tmp_path / "danh-sach.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    given = msgspec.json.encode(ListInput(str(path), kind, country))
    answer = msgspec.json.decode(sandboxed_list.read_list_in_sandbox(given, None))
    return msgspec.convert(answer["value"] or {"rows": []}, ListContent), answer["problem"]


def test_a_registrys_file_gives_the_networks_of_the_country(tmp_path) -> None:
    read, problem = asked(tmp_path, DELEGATED, "ranges")
    assert problem == ""
    assert [row[0] for row in read.rows] == [
        "192.0.2.0/24",
        "198.51.100.0/25",
        "198.51.100.128/26",
        "2001:db8::/32",
    ]
    assert [(reason, many) for reason, many, _first in read.left_out] == [
        ("bad-network", 1),
        ("private-address", 1),
    ]


def test_a_csv_file_of_networks_may_have_a_heading(tmp_path) -> None:
    read, _problem = asked(tmp_path, "network\n192.0.2.0/24\n\n# x\n0.0.0.0/0\nabc\n", "ranges")
    assert read.rows == [["192.0.2.0/24"]]
    assert {one[0] for one in read.left_out} == {"private-address", "bad-network"}


def test_shared_networks_come_with_a_word_why(tmp_path) -> None:
    text = (
        "\ufeffmạng;lý do\n198.51.100.0/26;NAT của nhà mạng\n192.0.2.0/28;\n2001:db8::1/128;VPN\n"
    )
    read, _problem = asked(tmp_path, text, "shared")
    assert read.rows == [["198.51.100.0/26", "NAT của nhà mạng"]]
    assert [one[0] for one in read.left_out] == ["no-reason", "too-narrow"]


def test_a_notice_gives_each_address_once_with_its_days(tmp_path) -> None:
    text = (
        "timestamp,ip,infection\n"
        "2022-09-20T23:30:00Z,192.0.2.10,mirai\n"
        "2022-09-18T01:00:00Z,192.0.2.10,gafgyt\n"
        "2022-09-18T01:00:00Z,10.1.2.3,mirai\n"
        ",192.0.2.11,mirai\n"
        "2922-09-18T01:00:00Z,192.0.2.12,mirai\n"
    )
    read, problem = asked(tmp_path, text, "listed")
    assert problem == ""
    # Half past eleven in the evening UTC is the next day in Vietnam.
    assert read.rows == [["192.0.2.10", "mirai", "2022-09-18", "2022-09-21"]]
    assert sum(many for _reason, many, _first in read.left_out) == 3


@pytest.mark.parametrize(
    ("content", "kind", "problem"),
    [
        ("", "ranges", "nothing"),
        ("10.0.0.0/8\n", "ranges", "nothing"),
        ("network\n" + "".join(f"{n}.0.0.0/6\n" for n in range(12, 200, 4)), "ranges", "too-wide"),
        (b"\x00\xff" * 500, "shared", "nothing"),
    ],
)
def test_absurd_files_are_refused_as_a_whole(tmp_path, content, kind, problem) -> None:
    assert asked(tmp_path, content, kind) == (ListContent([]), problem)


def test_more_rows_than_any_such_list_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sandboxed_list.MOST, "shared", 3)
    text = "".join(f"192.0.2.{n},VPN\n" for n in range(5))
    assert asked(tmp_path, text, "shared")[1] == "too-many"

"""Lists of every form become one set; no row is lost, and each indicator knows its rows."""

import ipaddress
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import list_problems, read_lists

VIETNAM = ListOptions(zone=timezone(timedelta(hours=7)))


def _read(tmp_path: Path, name: str, content: str | bytes) -> IndicatorSet:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_lists([path], VIETNAM)


def _keys(found: IndicatorSet) -> list[str]:
    return [one.key for one in found.indicators]


def test_plain_list_takes_comments_bullets_and_defanged_values(tmp_path: Path) -> None:
    text = """# Phụ lục: danh sách
; chú thích

1. bad[.]example
- hxxp://c2[.]example/a#b   # trang lừa đảo
203.0.113.77/24 ; SBL1
203.0.113.5:443
bad2.example# ghi chú
// bad3.example
this is prose, not bad4.example
"""
    found = _read(tmp_path, "ds.txt", text)
    assert _keys(found) == [
        "203.0.113.0/24",
        "203.0.113.5:443",
        "bad.example",
        "bad2.example",
        "c2.example/a",
    ]
    assert {one.key: one.label for one in found.indicators}["c2.example/a"] == "trang lừa đảo"
    (refusal,) = found.refusals
    assert (refusal.reason, refusal.origin.row) == ("unparsable", 10)
    (reading,) = found.readings
    assert (reading.form, reading.rows, reading.taken, reading.refused) == ("plain", 6, 5, 1)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("-bad[.]example", "bad.example"),
        ("-76[.]51.100[.]5", "76.51.100.5"),
        ("•bad[.]example", "bad.example"),
        ("–  bad[.]example", "bad.example"),
        ("-- hxxps[:]//bad[.]example/", "bad.example/"),
        ("-hxxp://bad[.]example/a", "bad.example/a"),
        ("+ bad[.]example", "bad.example"),
        ("2) bad[.]example", "bad.example"),
        ("*.bad.example", "bad.example"),
        ("5.6.example", "5.6.example"),
        ("bad-.example", "bad-.example"),
    ],
)
def test_a_bullet_is_no_part_of_the_value_however_it_is_set(
    tmp_path: Path, row: str, key: str
) -> None:
    assert _keys(_read(tmp_path, "ds.txt", f"{row}\n")) == [key]


def test_hosts_file_gives_exact_names_and_skips_the_machines_own(tmp_path: Path) -> None:
    text = """127.0.0.1 localhost
::1 localhost ip6-loopback
0.0.0.0 0.0.0.0
0.0.0.0 bad.example www.bad.example # hai tên
127.0.0.1\tBAD2.example
203.0.113.9 real.example
0.0.0.0 203.0.113.5
"""
    found = _read(tmp_path, "hosts", text)
    assert [(one.key, one.rule) for one in found.indicators] == [
        ("bad.example", MatchRule.EXACT),
        ("bad2.example", MatchRule.EXACT),
        ("www.bad.example", MatchRule.EXACT),
    ]
    assert [one.origin.row for one in found.refusals] == [6, 7]
    assert found.readings[0].form == "hosts"


CSV = """STT;Chỉ báo;Loại;Cổng;Mã độc;Hết hạn;Nguồn
1;bad[.]example;domain;;Emotet;31/12/2022;https://cert.example/a
2;203.0.113.7;ip;443;Emotet;;https://cert.example/b
3;"c2.example";domain;;"tên; lạ";2022-09-12T08:00:00Z;https://cert.example/c
4;loader.bad.example;filename;;;;
5;10.0.0.1;ip;;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_csv_finds_its_columns_by_content_and_by_vietnamese_headings(
    tmp_path: Path, encoding: str
) -> None:
    found = _read(tmp_path, "ds.csv", CSV.replace("\n", "\r\n").encode(encoding))
    address, bad, c2 = found.indicators
    assert (address.key, address.rule) == ("203.0.113.7:443", MatchRule.IP_PORT)
    assert (bad.label, c2.label) == ("Emotet", "tên; lạ")
    assert (
        bad.claim.valid_until_us == 1_672_505_999_999_999
    )  # 31/12/2022 24:00 at +07:00, less 1 us
    assert c2.claim.valid_until_us == 1_662_969_600_000_000
    assert [(one.origin.row, one.reason) for one in found.refusals] == [
        (5, "other-kind"),
        (6, "private"),
    ]
    (reading,) = found.readings
    assert (reading.form, reading.column, reading.rows, reading.taken) == ("csv", "Chỉ báo", 5, 3)


def test_windows_1258_is_read_with_its_loose_tone_marks(tmp_path: Path) -> None:
    text = "Tên miê\u0300n,Ghi chu\u0301\nbad.example,tê\u0323p lư\u0300a\nc2.example,gia\u0309\n"
    found = _read(tmp_path, "ds.csv", text.encode("cp1258"))
    assert _keys(found) == ["bad.example", "c2.example"]
    assert found.readings[0].column == "Tên miền"
    assert found.indicators[1].label == "giả"


def test_first_seen_never_narrows_what_is_looked_for(tmp_path: Path) -> None:
    found = _read(tmp_path, "a.csv", "domain,first seen\nbad.example,2022-09-12\n")
    assert found.indicators[0].claim.valid_from_us is None
    found = _read(tmp_path, "b.csv", "domain,valid from\nbad.example,2022-09-12\n")
    assert found.indicators[0].claim.valid_from_us == 1_662_915_600_000_000


def test_csv_without_a_header_loses_no_row(tmp_path: Path) -> None:
    found = _read(tmp_path, "a.csv", "2022-09-12\tbad.example\n2022-09-13\tc2.example\n")
    assert _keys(found) == ["bad.example", "c2.example"]
    assert found.readings[0].column == "2"


def test_unclosed_quote_swallows_no_row(tmp_path: Path) -> None:
    rows = "".join(f"n{n}.example,x\n" for n in range(50))
    found = _read(
        tmp_path, "a.csv", 'domain,note\nbad.example,"open\n' + rows + 'c2.example,"y"z\n'
    )
    assert len(found.indicators) == 52
    assert found.readings[0].rows == 52


def test_several_rows_of_one_indicator_are_one_with_all_origins(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("bad.example\nBAD[.]example\n")
    (tmp_path / "hosts").write_text("0.0.0.0 bad.example\n")
    found = read_lists([tmp_path / "hosts", tmp_path / "a.txt"], VIETNAM)
    (one,) = found.indicators
    assert [(origin.list_name, origin.row) for origin in one.origins] == [
        ("hosts", 1),
        ("a.txt", 1),
        ("a.txt", 2),
    ]
    assert one.rule is MatchRule.BELOW, "the wider rule holds, for another list asked for it"


def test_end_in_one_list_does_not_end_what_another_leaves_open(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("domain,valid until\nbad.example,2022-09-12\n")
    (tmp_path / "b.txt").write_text("bad.example\n")
    (one,) = read_lists([tmp_path], VIETNAM).indicators
    assert one.claim.valid_until_us is None


SOURCES = """# Sources

Copied from the repository, see conn.log and LSASS.yaml.

| file | bytes | what |
|---|---|---|
| bad.example | 24 | addresses, README.md |
| README.md | 24 | 203.0.113.9 |
"""


def test_folder_is_every_file_in_it_and_prose_beside_the_list_gives_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "SOURCES.md").write_text(SOURCES)
    (tmp_path / "deep" / "danh sách.txt").write_text("bad.example\n")
    (tmp_path / ".hidden").write_text("hidden.example\n")
    found = read_lists([tmp_path], VIETNAM)
    assert _keys(found) == ["bad.example"]
    assert [(one.list_name, one.form) for one in found.readings] == [
        ("SOURCES.md", "other"),
        ("deep/danh sách.txt", "plain"),
    ]
    assert {one.reason for one in found.refusals} == {"reference"}
    assert list_problems(found) == []


def test_list_that_was_named_and_has_no_valid_row_is_a_problem(tmp_path: Path) -> None:
    found = _read(tmp_path, "ds.txt", "10.0.0.1\n")
    assert [one.code for one in list_problems(found)] == ["E203"]
    assert found.refusals[0].reason == "private"


def test_list_of_private_addresses_in_a_folder_is_a_problem_too(tmp_path: Path) -> None:
    _read(tmp_path, "ds.txt", "10.0.0.1\n")
    assert [one.code for one in list_problems(read_lists([tmp_path], VIETNAM))] == ["E203"]


def test_options_reach_every_row(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text("10.0.0.1\n198.51.100.9\n")
    own = (ipaddress.ip_network("198.51.100.0/24"),)
    found = read_lists([path], ListOptions(accept_private=True, own=own))
    assert _keys(found) == ["10.0.0.1"]
    assert found.refusals[0].reason == "own-range"


@pytest.mark.parametrize(
    ("content", "named", "in_folder"),
    [
        (b"PK\x03\x04xlsx", "E411", "E411"),
        (b"\x00\x01\x02bad.example\n", "E202", "E203"),
    ],
)
def test_binary_file_is_refused_by_name_and_shown_in_a_folder(
    tmp_path: Path, content: bytes, named: str, in_folder: str
) -> None:
    (tmp_path / "ds.xlsx").write_bytes(content)
    with pytest.raises(QuetsachError, match=named):
        read_lists([tmp_path / "ds.xlsx"], VIETNAM)
    assert [one.code for one in list_problems(read_lists([tmp_path], VIETNAM))] == [in_folder]


def test_missing_list_is_an_error_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError, match=r"E202 .*nowhere\.txt"):
        read_lists([tmp_path / "nowhere.txt"], VIETNAM)


def test_empty_list_gives_an_empty_set(tmp_path: Path) -> None:
    found = _read(tmp_path, "ds.txt", b"")
    assert found.indicators == ()
    assert [one.code for one in list_problems(found)] == ["E203"]


def test_order_of_lists_changes_neither_order_nor_digest(tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    paths[0].write_text("bad.example\n203.0.113.7\n")
    paths[1].write_text("c2.example\nbad.example\n")
    there, back = read_lists(paths, VIETNAM), read_lists(paths[::-1], VIETNAM)
    assert _keys(there) == sorted(_keys(there)) == _keys(back)
    assert there.digest == back.digest


def test_hash_and_name_are_told_apart(tmp_path: Path) -> None:
    found = _read(tmp_path, "ds.txt", "0cc175b9c0f1b6a831c399e269772661\nbad.example\n")
    assert [one.kind for one in found.indicators] == [IndicatorKind.HASH, IndicatorKind.NAME]


def test_a_table_gives_each_of_its_value_columns_and_no_source(tmp_path: Path) -> None:
    text = (
        "Domain,IP,SHA-256,Reference,Note\n"
        f"bad.example,198.41.0.4,{'a' * 64},https://cert.example/1,x\n"
        ",198.41.0.5,,cert.example,y\n"
        "c2.example,,,https://cert.example/2,\n"
        ",,,https://cert.example/3,nothing\n"
    )
    found = _read(tmp_path, "ds.csv", text)
    assert _keys(found) == ["198.41.0.4", "198.41.0.5", "a" * 64, "bad.example", "c2.example"]
    (reading,) = found.readings
    assert (reading.column, reading.rows, reading.taken) == ("Domain, IP, SHA-256", 6, 5)
    assert [(one.origin.row, one.reason) for one in found.refusals] == [(5, "empty")]


def test_the_host_beside_a_web_address_is_no_value_of_its_own(tmp_path: Path) -> None:
    text = "url,host,md5\nhttp://shop.example/a.exe,shop.example,\n"
    text += f"http://shop.example/b.exe,shop.example,{'b' * 32}\n"
    found = _read(tmp_path, "ds.csv", text)
    assert _keys(found) == ["b" * 32, "shop.example/a.exe", "shop.example/b.exe"]


def test_a_link_out_of_a_folder_is_named_and_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "private.txt"
    outside.write_text("private.example\n")
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "a.txt").write_text("bad.example\n")
    (folder / "b.txt").symlink_to(outside)
    (folder / "c.txt").symlink_to(folder / "a.txt")
    found = read_lists([folder], ListOptions())
    assert [one.key for one in found.indicators] == ["bad.example"]
    assert [(one.code, one.where) for one in list_problems(found)] == [("E202", "b.txt")]

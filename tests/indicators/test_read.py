"""Lists of every form become one set; no row is lost, and each indicator knows its rows."""

import ipaddress
from pathlib import Path

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.indicators.model import MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import list_problems, read_lists
from tests.indicators.reading import VIETNAM, keys, read_file


def test_windows_1258_is_read_with_its_loose_tone_marks(tmp_path: Path) -> None:
    text = "Tên miê\u0300n,Ghi chu\u0301\nbad.example,tê\u0323p lư\u0300a\nc2.example,gia\u0309\n"
    found = read_file(tmp_path, "ds.csv", text.encode("cp1258"))
    assert keys(found) == ["bad.example", "c2.example"]
    assert found.readings[0].column == "Tên miền"
    assert found.indicators[1].label == "giả"


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
    assert keys(found) == ["bad.example"]
    assert [(one.list_name, one.form) for one in found.readings] == [
        ("SOURCES.md", "other"),
        ("deep/danh sách.txt", "plain"),
    ]
    assert {one.reason for one in found.refusals} == {"reference"}
    assert list_problems(found) == []


def test_list_that_was_named_and_has_no_valid_row_is_a_problem(tmp_path: Path) -> None:
    found = read_file(tmp_path, "ds.txt", "10.0.0.1\n")
    assert [one.code for one in list_problems(found)] == ["E203"]
    assert found.refusals[0].reason == "private"


def test_list_of_private_addresses_in_a_folder_is_a_problem_too(tmp_path: Path) -> None:
    read_file(tmp_path, "ds.txt", "10.0.0.1\n")
    assert [one.code for one in list_problems(read_lists([tmp_path], VIETNAM))] == ["E203"]


def test_options_reach_every_row(tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text("10.0.0.1\n198.51.100.9\n")
    own = (ipaddress.ip_network("198.51.100.0/24"),)
    found = read_lists([path], ListOptions(accept_private=True, own=own))
    assert keys(found) == ["10.0.0.1"]
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
    found = read_file(tmp_path, "ds.txt", b"")
    assert found.indicators == ()
    assert [one.code for one in list_problems(found)] == ["E203"]


def test_order_of_lists_changes_neither_order_nor_digest(tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    paths[0].write_text("bad.example\n203.0.113.7\n")
    paths[1].write_text("c2.example\nbad.example\n")
    there, back = read_lists(paths, VIETNAM), read_lists(paths[::-1], VIETNAM)
    assert keys(there) == sorted(keys(there)) == keys(back)
    assert there.digest == back.digest


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

"""Checksums of files."""

from pathlib import Path

import pytest

from quetsach.indicators.model import IndicatorKind
from tests.indicators.formats.lists import form, refused, rules
from tests.indicators.reading import keys, read_file


def test_the_hash_is_taken_and_the_files_name_is_its_remark(tmp_path: Path) -> None:
    text = (
        f"{'a' * 64}  loader.com\n{'B' * 32} *my file.zip\n"
        f"SHA1 (x.sh) = {'c' * 40}\n" + f"{'d' * 40}  d\n" * 20 + "what is this\n"
    )
    found = read_file(tmp_path, "samples.sha256", text)
    assert form(found) == "checksums"
    assert [(one.key, one.label) for one in found.indicators] == [
        ("a" * 64, "loader.com"),
        ("b" * 32, "my file.zip"),
        ("c" * 40, "x.sh"),
        ("d" * 40, "d"),
    ]
    assert refused(found) == [(24, "unparsable")]


def test_bare_hashes_are_a_plain_list(tmp_path: Path) -> None:
    found = read_file(tmp_path, "samples.md5", "a" * 32 + "\n")
    assert (form(found), rules(found)) == ("plain", [("a" * 32, "hash")])


def test_a_report_with_a_table_of_files_is_not_cut_down_to_it(tmp_path: Path) -> None:
    text = "We saw bad[.]example.\n" + f"{'a' * 64}  loader.bin\n" * 4
    assert form(read_file(tmp_path, "notes.txt", text)) != "checksums"


def test_each_row_is_of_another_kind_and_comments_are_none(tmp_path: Path) -> None:
    text = "; DROP list, https://drop.example/\nAS64496 ; ZZ | Example\nAS64497 ; | Other\n"
    found = read_file(tmp_path, "asndrop.txt", text)
    assert form(found) == "asn"
    assert found.indicators == ()
    assert refused(found) == [(2, "other-kind"), (3, "other-kind")]


PATTERNS = """# patterns
(^|\\.)bad\\.example$
(\\.|^)c2\\.bad-1\\.example$
^one\\.example$
^ad[0-9]+\\.
(^|\\.)(a|b)\\.example$
"""


def test_patterns_for_one_name_are_lifted_and_all_others_told(tmp_path: Path) -> None:
    found = read_file(tmp_path, "regex.list", PATTERNS)
    assert form(found) == "pihole-regex"
    assert rules(found) == [
        ("bad.example", "below"),
        ("c2.bad-1.example", "below"),
        ("one.example", "exact"),
    ]
    assert refused(found) == [(5, "not-applied"), (6, "not-applied")]


def test_plain_names_are_no_patterns(tmp_path: Path) -> None:
    assert form(read_file(tmp_path, "ds.txt", "bad.example\nc2.example\n")) == "plain"


def test_the_value_stands_before_the_first_semicolon_and_tags_are_its_remark(
    tmp_path: Path,
) -> None:
    text = "bad.example/a.dat;http.referer=x;tags=first\n203.0.113.7;tags=one;test.ip=203.0.113.8\n"
    found = read_file(tmp_path, "uri.wise", text)
    assert form(found) == "wise"
    assert rules(found) == [("203.0.113.7", "exact"), ("bad.example/a.dat", "url-prefix")]
    assert [one.label for one in found.indicators] == ["one", "first"]


def test_a_remark_behind_a_semicolon_is_a_plain_list(tmp_path: Path) -> None:
    assert form(read_file(tmp_path, "ds.txt", "203.0.113.0/24 ; SBL1\n")) == "plain"


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
    found = read_file(tmp_path, "ds.txt", text)
    assert keys(found) == [
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
    assert keys(read_file(tmp_path, "ds.txt", f"{row}\n")) == [key]


def test_hash_and_name_are_told_apart(tmp_path: Path) -> None:
    found = read_file(tmp_path, "ds.txt", "0cc175b9c0f1b6a831c399e269772661\nbad.example\n")
    assert [one.kind for one in found.indicators] == [IndicatorKind.HASH, IndicatorKind.NAME]

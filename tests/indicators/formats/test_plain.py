"""Checksums of files."""

from pathlib import Path

from tests.indicators.formats.lists import form, read, refused, rules


def test_the_hash_is_taken_and_the_files_name_is_its_remark(tmp_path: Path) -> None:
    text = (
        f"{'a' * 64}  loader.com\n{'B' * 32} *my file.zip\n"
        f"SHA1 (x.sh) = {'c' * 40}\n" + f"{'d' * 40}  d\n" * 20 + "what is this\n"
    )
    found = read(tmp_path, "samples.sha256", text)
    assert form(found) == "checksums"
    assert [(one.key, one.label) for one in found.indicators] == [
        ("a" * 64, "loader.com"),
        ("b" * 32, "my file.zip"),
        ("c" * 40, "x.sh"),
        ("d" * 40, "d"),
    ]
    assert refused(found) == [(24, "unparsable")]


def test_bare_hashes_are_a_plain_list(tmp_path: Path) -> None:
    found = read(tmp_path, "samples.md5", "a" * 32 + "\n")
    assert (form(found), rules(found)) == ("plain", [("a" * 32, "hash")])


def test_a_report_with_a_table_of_files_is_not_cut_down_to_it(tmp_path: Path) -> None:
    text = "We saw bad[.]example.\n" + f"{'a' * 64}  loader.bin\n" * 4
    assert form(read(tmp_path, "notes.txt", text)) != "checksums"


def test_each_row_is_of_another_kind_and_comments_are_none(tmp_path: Path) -> None:
    text = "; DROP list, https://drop.example/\nAS64496 ; ZZ | Example\nAS64497 ; | Other\n"
    found = read(tmp_path, "asndrop.txt", text)
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
    found = read(tmp_path, "regex.list", PATTERNS)
    assert form(found) == "pihole-regex"
    assert rules(found) == [
        ("bad.example", "below"),
        ("c2.bad-1.example", "below"),
        ("one.example", "exact"),
    ]
    assert refused(found) == [(5, "not-applied"), (6, "not-applied")]


def test_plain_names_are_no_patterns(tmp_path: Path) -> None:
    assert form(read(tmp_path, "ds.txt", "bad.example\nc2.example\n")) == "plain"


def test_the_value_stands_before_the_first_semicolon_and_tags_are_its_remark(
    tmp_path: Path,
) -> None:
    text = "bad.example/a.dat;http.referer=x;tags=first\n203.0.113.7;tags=one;test.ip=203.0.113.8\n"
    found = read(tmp_path, "uri.wise", text)
    assert form(found) == "wise"
    assert rules(found) == [("203.0.113.7", "exact"), ("bad.example/a.dat", "url-prefix")]
    assert [one.label for one in found.indicators] == ["one", "first"]


def test_a_remark_behind_a_semicolon_is_a_plain_list(tmp_path: Path) -> None:
    assert form(read(tmp_path, "ds.txt", "203.0.113.0/24 ; SBL1\n")) == "plain"

"""Checksums of files."""

from pathlib import Path

from tests.indicators.formats.told import form, read, refused, rules


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

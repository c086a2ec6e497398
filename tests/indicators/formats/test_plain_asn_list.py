"""Lists of providers hold nothing to look for, and say so."""

from pathlib import Path

from tests.indicators.formats.told import form, read, refused


def test_each_row_is_of_another_kind_and_comments_are_none(tmp_path: Path) -> None:
    text = "; DROP list, https://drop.example/\nAS64496 ; ZZ | Example\nAS64497 ; | Other\n"
    found = read(tmp_path, "asndrop.txt", text)
    assert form(found) == "asn"
    assert found.indicators == ()
    assert refused(found) == [(2, "other-kind"), (3, "other-kind")]

"""Lists of Arkime."""

from pathlib import Path

from tests.indicators.formats.told import form, read, rules


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

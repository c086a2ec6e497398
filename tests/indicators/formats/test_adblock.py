"""Filter lists of ad blockers."""

from pathlib import Path

import pytest

from tests.indicators.formats.lists import form, read, refused, rules

HEAD = "[Adblock Plus 2.0]\n! Title: bad sites\n# a remark\n"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("||bad.example^", ("bad.example", "below")),
        ("||bad.example", ("bad.example", "below")),
        ("||*.bad.example^", ("bad.example", "below")),
        ("||bad.example^$third-party", ("bad.example", "below")),
        ("||bad.example^$important,document", ("bad.example", "below")),
        ("||203.0.113.7^", ("203.0.113.7", "exact")),
        ("||bad.example/gate^", ("bad.example/gate", "url-prefix")),
        ("|http://bad.example/gate.php|", ("bad.example/gate.php", "url-prefix")),
        ("|https://bad.example/*", ("bad.example/", "url-prefix")),
        ("bad.example", ("bad.example", "exact")),
        ("0.0.0.0 bad.example", ("bad.example", "exact")),
    ],
)
def test_rules_for_whole_sites_are_taken(
    tmp_path: Path, line: str, wanted: tuple[str, str]
) -> None:
    found = read(tmp_path, "list.txt", HEAD + line + "\n")
    assert form(found) == "adblock"
    assert rules(found) == [wanted]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("@@||good.example^", "exception"),
        ("||good.example^$badfilter", "exception"),
        ("shop.example##.advert", "other-kind"),
        ("##.advert", "other-kind"),
        ("shop.example#@#.advert", "other-kind"),
        ("/ads[0-9]+\\.js/", "not-applied"),
        ("||cdn.example^$script,third-party", "not-applied"),
        ("||cdn.example^$domain=shop.example", "not-applied"),
        ("||cdn.example/*/ads^", "not-applied"),
        ("-banner-", "not-applied"),
        ("||^", "not-applied"),
    ],
)
def test_all_other_rules_are_told(tmp_path: Path, line: str, reason: str) -> None:
    found = read(tmp_path, "list.txt", HEAD + "||bad.example^\n" + line + "\n")
    assert rules(found) == [("bad.example", "below")]
    assert refused(found) == [(5, reason)]


def test_a_filter_list_is_known_without_its_header(tmp_path: Path) -> None:
    assert form(read(tmp_path, "list.txt", "||bad.example^\n||c2.example^\n")) == "adblock"
    assert form(read(tmp_path, "list.txt", "bad.example\nc2.example\n")) == "plain"

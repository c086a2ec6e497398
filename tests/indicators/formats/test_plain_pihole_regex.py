"""Pi-hole's patterns."""

from pathlib import Path

from tests.indicators.formats.told import form, read, refused, rules

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

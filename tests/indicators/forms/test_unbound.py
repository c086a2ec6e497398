"""Block lists for Unbound."""

from pathlib import Path

from tests.indicators.forms.reading import form, read, refused, rules

LINES = """server:
# list 7
local-zone: "bad.example." always_nxdomain
local-zone: c2.example refuse
local-zone: "a.example" redirect
local-data: "a.example A 0.0.0.0"
local-data: "one.example. 300 IN AAAA ::"
local-zone: "good.example" transparent
local-data: "nas.example A 10.0.0.9"
local-data: "note.example TXT x"
"""


def test_blocking_zones_are_taken_with_all_below(tmp_path: Path) -> None:
    found = read(tmp_path, "block.conf", LINES)
    assert form(found) == "unbound"
    assert rules(found) == [
        ("a.example", "below"),
        ("bad.example", "below"),
        ("c2.example", "below"),
        ("one.example", "exact"),
    ]
    assert refused(found) == [(8, "exception"), (9, "unclear"), (10, "other-kind")]

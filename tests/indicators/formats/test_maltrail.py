"""Maltrail's trails."""

from pathlib import Path

from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.indicators.formats.lists import form, read, refused, rules

TRAILS = """# Copyright (c) 2014-2026 Maltrail developers (https://trails.example/)

# Aliases: badrat, worse rat

# Reference: https://news.example/one
# Reference: https://news.example/two

bad.example
203.0.113.7:8443
http://203.0.113.9
2001:db8::7 # probe.example

# Reference: https://news.example/three

c2.example/panel/
/gate.php?x=
(one|two)[0-9]{2}\\.example
#off.example
"""


def _in_folder(tmp_path: Path, name: str) -> dict[str, tuple[str, str, str]]:
    read(tmp_path, name, TRAILS)
    found = read_lists([tmp_path], ListOptions(accept_private=True))
    return {
        one.key: (one.claim.of_class.value, one.claim.family, one.claim.label)
        for one in found.indicators
    }


def test_rows_are_taken_and_paths_and_patterns_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, "badrat.txt", TRAILS)
    assert form(found) == "maltrail"
    assert rules(found) == [
        ("2001:db8::7", "exact"),
        ("203.0.113.7:8443", "ip-port"),
        ("203.0.113.9/", "url-prefix"),
        ("bad.example", "below"),
        ("c2.example/panel/", "url-prefix"),
    ]
    assert refused(found) == [(16, "path-only"), (17, "not-applied")]


def test_folder_and_file_name_say_class_and_family(tmp_path: Path) -> None:
    said = _in_folder(tmp_path, "malware/badrat-1.txt")
    assert said["bad.example"] == ("c2", "badrat", "https://news.example/one")
    assert said["c2.example/panel/"] == ("c2", "badrat", "https://news.example/three")
    assert said["2001:db8::7"] == ("c2", "badrat", "probe.example")


def test_scanners_and_mixed_folders_are_no_controllers(tmp_path: Path) -> None:
    assert _in_folder(tmp_path / "a", "mass_scanner.txt")["bad.example"][:2] == ("scanner", "")
    assert _in_folder(tmp_path / "b", "malicious/ek_x.txt")["bad.example"][:2] == (
        "unknown", "ek_x",
    )  # fmt: skip
    assert _in_folder(tmp_path / "c", "malicious/x_c2.txt")["bad.example"][0] == "c2"
    assert _in_folder(tmp_path / "d", "malware/generic_x.txt")["bad.example"][1] == ""


def test_a_plain_list_is_not_named_after_its_file(tmp_path: Path) -> None:
    found = read(tmp_path, "ds.txt", "# Reference: https://news.example/\nbad.example\n")
    assert form(found) == "plain"
    assert found.indicators[0].claim.family == ""

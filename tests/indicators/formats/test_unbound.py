"""Block lists for Unbound."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.indicators.formats.lists import form, read, refused, rules

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
    assert refused(found) == [(8, "exception"), (9, "unclear"), (10, "context")]


def test_a_transparent_zone_with_a_text_alone_blocks_its_own_name(tmp_path: Path) -> None:
    text = (
        'local-zone: "one.example." transparent\n'
        "local-data: 'one.example. 60 IN TXT \"list 7\"'\n"
        'local-zone: "two.example." transparent\n'
        'local-data: "two.example. 60 IN A 192.0.2.9"\n'
        'local-zone: "three.example." transparent\n'
    )
    found = read(tmp_path, "block.conf", text)
    assert rules(found) == [("one.example", "exact")]
    assert refused(found) == [(2, "context"), (3, "exception"), (4, "unclear"), (5, "exception")]


def test_the_sample_is_sound_to_unbound_itself(tmp_path: Path) -> None:
    program = shutil.which("unbound-checkconf")
    if program is None:
        pytest.skip("NOT TESTED: no unbound-checkconf")
    path = tmp_path / "block.conf"
    path.write_text(LINES)
    run = subprocess.run([program, str(path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr

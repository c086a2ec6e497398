"""Block lists for dnsmasq."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.indicators.formats.lists import form, read, refused, rules

LINES = """# list 7
address=/bad.example/
address=/c2.example/0.0.0.0
address=/a.example/b.example/#
server=/d.example/
local=/e.example/   # remark
server=/good.example/#
server=/branch.example/192.0.2.53
address=/nas.example/192.0.2.9
cache-size=1000
"""


def test_names_led_nowhere_are_taken_with_all_below(tmp_path: Path) -> None:
    found = read(tmp_path, "block.conf", LINES)
    names = ("a.example", "b.example", "bad.example", "c2.example", "d.example", "e.example")
    assert form(found) == "dnsmasq"
    assert [one for one in rules(found) if one[0] in names] == [(one, "below") for one in names]
    assert refused(found) == [
        (7, "exception"), (8, "context"), (9, "unclear"), (10, "other-kind"),
    ]  # fmt: skip


def test_a_host_record_blocks_the_name_alone(tmp_path: Path) -> None:
    text = (
        "host-record=one.example,two.example,0.0.0.0,::,300\nhost-record=printer.example,10.0.0.9\n"
    )
    found = read(tmp_path, "block.conf", text)
    assert rules(found) == [("one.example", "exact"), ("two.example", "exact")]
    assert refused(found) == [(2, "unclear")]


def test_a_line_longer_than_dnsmasq_reads_is_one_refused_row(tmp_path: Path) -> None:
    found = read(tmp_path, "b.conf", "address=/bad.example/\naddress=/" + "a.example/" * 9000)
    assert rules(found) == [("bad.example", "below")]
    assert refused(found) == [(2, "other-kind")]


def test_the_sample_is_sound_to_dnsmasq_itself(tmp_path: Path) -> None:
    program = shutil.which("dnsmasq")
    if program is None:
        pytest.skip("NOT TESTED: no dnsmasq")
    path = tmp_path / "block.conf"
    path.write_text(LINES)
    run = subprocess.run(
        [program, "--test", f"--conf-file={path}"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr

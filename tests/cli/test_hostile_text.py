"""What others wrote (logs, lists, names of files) drives no terminal and forges no line."""

import json
import os
from pathlib import Path

import pytest

from quetsach.cli.main import main
from tests.sweeping.evidence import write

EVIL = "x\x1b]0;owned\x07\x9b31m\u202e\r\nE000 forged"
DRIVING = ("\x1b", "\x07", "\x9b", "\u202e", "\r", "\nE000")
LEASES = "#path\tdhcp\n#fields\tts\tmac\thost_name\tassigned_addr\n"
LEASE = "1662940800.0\t00:17:a4:b2:c3:d4\t{name}\t10.0.0.5\n"
CONN = (
    "#path\tconn{path}\n#fields\tts\tid.orig_h\tid.resp_h\n1662940801.0\t10.0.0.5\t203.0.113.77\n"
)


def _run(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    with pytest.raises(SystemExit):
        main(["--lang", "en", *map(str, words)])
    told = capsys.readouterr()
    return told.out + told.err


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    name = "".join(f"\\x{code:02x}" for code in EVIL.encode())
    write(folder / "dhcp.log", LEASES + LEASE.format(name=name))
    write(folder / f"conn{EVIL}.log", CONN.format(path="\x1b[31m\u202e"))
    write(folder / f"pic{EVIL}.bin", b"\x00\x01\x02" * 90)
    return folder


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_command_writes_what_a_log_or_list_says_as_control_characters(
    tmp_path: Path,
    evidence: Path,
    capsys: pytest.CaptureFixture[str],
    form: tuple[str, ...],
) -> None:
    listed = write(
        tmp_path / f"list{EVIL}.csv",
        "indicator\x1b[1m,note\u202e\n203.0.113.77,a\x1b[2m\nbad\x1b[3m,b\x9b\nhttp://203.0.113.9/\x1b[4m,c\n",
    )
    out = tmp_path / "findings"
    told = [_run(capsys, "sweep", evidence, "-i", listed, "-o", out, *form)]
    devices = json.loads((out / "devices.json").read_text("utf-8"))["devices"]
    assert "owned" in devices[0]["device"]
    number = devices[0]["findings"][0]["samples"][0]
    told.append(_run(capsys, "why", out, number, *form))
    told.append(_run(capsys, "indicators", "check", listed, *form))
    for text in told:
        assert "owned" in text
        assert [one for one in DRIVING if one in text] == []


def test_an_error_names_a_hostile_path_in_one_plain_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _run(capsys, "why", tmp_path / EVIL, "1")
    assert told.startswith("E303")
    assert [one for one in DRIVING if one in told] == []


def test_a_path_that_is_no_text_is_still_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _run(capsys, "why", tmp_path / os.fsdecode(b"\xff\xfe"), "1")
    assert told.startswith("E303")

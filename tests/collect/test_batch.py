"""The batch file: safe on every code page by its text, and run for real where Wine is."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from quetsach.evidence.archives import open_archives
from quetsach.evidence.find import find_evidence
from quetsach.formats.registry import by_name, recognise
from tests.formats.golden import read

SCRIPT = Path(__file__).parents[2] / "collect/quetsach-collect.cmd"
TEXT = SCRIPT.read_bytes().decode("ascii")
NEVER = r"curl|bitsadmin|ftp |certutil -urlcache|net use|Invoke-|\bchcp\b|wevtutil|password="


def test_it_is_ascii_with_the_line_ends_of_dos() -> None:
    assert TEXT.count("\n") == TEXT.count("\r\n")


def test_every_label_that_is_gone_to_stands_there() -> None:
    labels = set(re.findall(r"^:(\w+)\r$", TEXT, re.MULTILINE))
    wanted = set(re.findall(r"(?:call :|goto )(\w+)", TEXT))
    assert wanted
    assert wanted <= labels


def test_it_names_no_way_to_send_anything() -> None:
    assert re.findall(NEVER, TEXT, re.IGNORECASE) == []


def test_what_others_wrote_is_never_a_part_of_a_command() -> None:
    """A value of a run key such as `" & calc & "` would be run where `%VALUE%` stands."""
    assert "EnableDelayedExpansion" not in TEXT
    # Any program of the user can set this variable, and `&` in it would be run as administrator.
    assert "%COMPUTERNAME%" not in TEXT
    for command in ("ipconfig /all", "reg query %1"):
        assert f"in ('{command}" not in TEXT


def test_a_result_is_spoken_of_only_where_there_is_one() -> None:
    """Where nothing could be written, nobody is to look for a file on the USB stick."""
    finish = TEXT[TEXT.index("\r\n:finish") : TEXT.index("\r\n:close")]
    assert finish.index("if not defined RESULT goto close") < finish.index("Hay chep ket qua")
    assert TEXT.index('set "RESULT="') < TEXT.index("goto")


def run_in_wine(folder: Path, *command: str, cwd: Path | None = None) -> bytes:
    return subprocess.run(
        ["wine", *command],
        env={
            **os.environ,
            "WINEPREFIX": str(folder / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        timeout=300,
        check=False,
    ).stdout


@pytest.fixture(scope="module")
def from_wine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the batch file made under Wine, whose PowerShell is an empty stub."""
    if shutil.which("wine") is None:
        pytest.skip("wine is not installed: the batch file was not run (apt install wine, 700 MB)")
    base = tmp_path_factory.mktemp("wine")
    here = base / "usb"
    here.mkdir()
    for name in ("quetsach-collect.cmd", "quetsach-collect.ps1"):
        shutil.copy(SCRIPT.parent / name, here)
    run_key = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
    for name in ('Bad " & echo pwned >pwned.txt & x', "Zalo may 1"):
        run_in_wine(base, "reg", "add", run_key, "/v", name, "/d", "C:\\x.exe --pass=bi-mat", "/f")
    hosts = base / "prefix/drive_c/windows/system32/drivers/etc/hosts"
    hosts.parent.mkdir(parents=True, exist_ok=True)
    hosts.write_bytes(b"127.0.0.1 localhost\r\n203.0.113.77 bank.example\r\n")
    for name in ("netstat.cmd", "ipconfig.bat", "arp.cmd", "cscript.bat", "hostname.bat"):
        (here / name).write_bytes(b"@echo planted >%~dp0planted.txt\r\n")
    script = "Z:" + str(here / SCRIPT.name).replace("/", "\\")
    # A double click starts in the folder of the file, with whatever lies on the stick beside it.
    run_in_wine(base, "cmd", "/c", script, "Z:" + str(here).replace("/", "\\"), cwd=here)
    (made,) = (one for one in here.iterdir() if one.is_dir())
    return made


def test_it_says_when_it_was_and_which_machine(from_wine: Path) -> None:
    manifest = json.loads((from_wine / "manifest.json").read_bytes())
    names = {one.name for one in from_wine.iterdir()}
    assert {one["name"] for one in manifest["files"]} | {"manifest.json"} == names
    assert manifest["tool"] == "quetsach-collect"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", manifest["started"])
    assert from_wine.name.startswith(f"quetsach-{manifest['host']}-")
    # Wine has no schtasks and no ipconfig /displaydns.
    assert "tasks.txt" in [one["name"] for one in manifest["failed"]]


def test_the_engine_knows_its_files(from_wine: Path) -> None:
    formats = {"connections.txt": "host-netstat", "dnscache.txt": "host-dnscache"}
    formats |= {"hosts.txt": "host-hosts", "address.txt": "host-address"}
    for name, form in formats.items():
        assert recognise((from_wine / name).read_bytes()).name == form
    rows = read(by_name("host-hosts"), (from_wine / "hosts.txt").read_bytes())
    assert [event["dns.question.name"] for _, event in rows.events] == ["bank.example"]
    assert not read(by_name("host-address"), (from_wine / "address.txt").read_bytes()).rejects


def test_names_of_run_keys_are_taken_and_nothing_in_them_is_run(from_wine: Path) -> None:
    text = (from_wine / "autorun.txt").read_text(encoding="ascii")
    assert "\nZalo may 1\n" in text
    assert '\nBad " & echo pwned >pwned.txt & x\n' in text
    assert "bi-mat" not in text
    assert list(from_wine.parent.rglob("pwned*")) == []
    assert list(from_wine.rglob("pwned*")) == []


def test_programs_that_lie_beside_it_are_not_run(from_wine: Path) -> None:
    assert not (from_wine.parent / "planted.txt").exists()


def test_packed_by_hand_it_agrees_with_its_manifest(from_wine: Path, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / from_wine.name), "zip", from_wine)
    _, problems = open_archives(*find_evidence([packed]), tmp_path / "spool")
    assert {one.code for one in problems} <= {"E119"}

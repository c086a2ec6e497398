"""The planted scripts: the one for Linux is run for real, that for Windows is read."""

import os
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from quetsach.blocklists.planted import PlantedKey, names_text, planted_between

FOLDER = Path(__file__).parents[2] / "collect"
SHELL = FOLDER / "quetsach-planted.sh"
BATCH = (FOLDER / "quetsach-planted.cmd").read_bytes().decode("ascii")
KEY = PlantedKey(b"k" * 32, ("VP",))


@pytest.fixture
def pc(tmp_path: Path) -> Path:
    """Return the folder of a PC whose network tools only write down what they were asked."""
    here = tmp_path / "thư mục"
    here.mkdir()
    (here / SHELL.name).write_bytes(SHELL.read_bytes())
    today = datetime.now().astimezone().date()
    contacts = planted_between(KEY, today - timedelta(days=2), today + timedelta(days=2))
    (here / "planted-names.txt").write_text(names_text(contacts), newline="")
    for name in ("getent", "curl"):
        tool = tmp_path / "tools" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f'#!/bin/sh\necho {name} "$@" >>"{tmp_path}/asked"\n')
        tool.chmod(0o755)
    return here


def run(here: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    path = f"{here.parent}/tools:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", here / SHELL.name, *more],
        # The day of this process: Django may have moved its zone, and the script asks the system.
        env={"PATH": path, **{name: os.environ[name] for name in ("TZ",) if name in os.environ}},
        capture_output=True,
        timeout=30,
        check=False,
    )


def test_it_asks_for_the_name_of_today_and_notes_it(pc: Path) -> None:
    contact = next(iter(planted_between(KEY, *[datetime.now().astimezone().date()] * 2)))
    for _time in range(2):
        done = run(pc)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    asked = (pc.parent / "asked").read_text().splitlines()
    assert asked[0] == f"getent hosts {contact.name}."
    assert asked[1].endswith(f"http://{contact.address}/")
    note = (pc / "planted-note.txt").read_text().splitlines()
    assert note[0] == "# quetsach-planted 1"
    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d {contact.name} asked knocked", note[1]
    )
    assert len(note) == 3


def test_it_takes_nothing_of_the_file_but_names_of_this_form(pc: Path) -> None:
    today = datetime.now().astimezone().date().isoformat()
    for row in ("evil.example 192.0.2.1", "$(touch x).planted.quetsach.example 192.0.2.1", ""):
        (pc / "planted-names.txt").write_text(f"{today} {row}\n")
        done = run(pc)
        assert done.returncode == 2
        assert b"planted-names.txt" in done.stderr
    assert not (pc.parent / "asked").exists()
    assert not (pc / "planted-note.txt").exists()


def test_its_schedule_is_said_for_cron(pc: Path) -> None:
    lines = run(pc, "cron").stdout.decode().splitlines()
    assert lines[0] == f'30 8 * * 1-5 sh "{pc}/quetsach-planted.sh" later'
    assert lines[1].startswith("30 10 * * 1-5 ")
    assert run(pc, "what").returncode == 2


def test_the_batch_file_is_ascii_with_the_line_ends_of_dos() -> None:
    assert BATCH.count("\n") == BATCH.count("\r\n")


def test_every_label_of_the_batch_file_stands_there() -> None:
    labels = set(re.findall(r"^:(\w+)\r$", BATCH, re.MULTILINE))
    wanted = set(re.findall(r"(?:call :|goto )(\w+)", BATCH))
    assert wanted
    assert wanted <= labels


def test_the_batch_file_takes_only_lines_of_the_one_form_and_makes_both_tasks() -> None:
    assert r"\.planted\.quetsach\.example 192\.0\.2\.[0-9]*$" in BATCH
    for clock in ("08:30", "10:30"):
        assert f"/st {clock} /tr" in BATCH
    assert "EnableDelayedExpansion" not in BATCH
    # Programs of later Windows are only run where they are.
    assert 'if exist "%CURL%"' in BATCH
    later = r"powershell|where curl|timeout /t|bitsadmin|certutil"
    assert not re.search(later, BATCH, re.IGNORECASE)

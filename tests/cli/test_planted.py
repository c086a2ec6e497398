"""`quetsach planted`: from a key to names, folders, and a sweep that says what a zero is worth."""

import json
from pathlib import Path

from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, write


def test_from_a_key_to_folders_and_a_sweep(tmp_path: Path) -> None:
    key = tmp_path / "planted.key"
    run = quetsach_here("planted", "key", key, "--place", "VP", "--place", "Kho")
    assert run.returncode == 0
    assert "VP, Kho" in run.stdout.decode()
    names = quetsach_here(
        *("planted", "names", "--key-file", key, "--days", "8", "--from", "2026-11-30")
    )
    rows = [line.split(" ") for line in names.stdout.decode().splitlines()]
    assert len(rows) == 12
    assert rows[0][0] == "2026-11-30"
    assert rows[0][3] == "VP"
    out = tmp_path / "folders"
    written = quetsach_here(
        *("planted", "names", "--key-file", key, "--from", "2026-11-30", "-o", out)
    )
    assert written.returncode == 0
    assert rows[0][1] in (out / "001/planted-names.txt").read_text()
    log = write(tmp_path / "conn.log", HEADER + conn(0, "10.0.0.5", "198.51.100.9"))
    listed = write(tmp_path / "list.txt", "203.0.113.77\n")
    swept = quetsach_here(
        *("sweep", log, "-i", listed, "-o", tmp_path / "f", "--planted-key", key, "--json")
    )
    assert json.loads(swept.stdout)["planted"]["by"] == "key"


def test_without_a_place_or_with_a_wrong_day_it_says_so(tmp_path: Path) -> None:
    key = tmp_path / "planted.key"
    assert quetsach_here("planted", "key", key).returncode == 0
    for more in ((), ("--place", "VP", "--from", "yesterday")):
        run = quetsach_here("planted", "names", "--key-file", key, *more)
        assert run.returncode == 2
        assert b"E601" in run.stderr

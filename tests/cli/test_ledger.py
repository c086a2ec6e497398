"""`quetsach ledger` in words and as JSON."""

import json
from pathlib import Path

from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, swept, write

LINES = [conn(n, "10.0.0.5", "203.0.113.77") for n in range(15)]


def test_each_time_is_told_with_what_was_known(tmp_path: Path) -> None:
    folders = []
    for count in (10, 15):
        log = write(tmp_path / "conn.log", HEADER + "".join(LINES[:count]))
        folders.append(tmp_path / str(count))
        swept(tmp_path, log, out=folders[-1])
    run = quetsach_here("ledger", *folders)
    told = " ".join(run.stdout.decode().split())
    assert run.returncode == 0
    assert "sweep 2: 15 sightings, 10 known, 5 new; grown by 5 lines" in told
    assert json.loads(quetsach_here("ledger", *folders, "--json").stdout)["sightings"] == 15

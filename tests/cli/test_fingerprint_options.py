"""What a sweep says of the fingerprints that it kept."""

from pathlib import Path

from tests.cli.running import quetsach, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write


def test_a_sweep_keeps_fingerprints_where_they_are_wanted(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.78"))
    lists = write(tmp_path / "list.txt", "203.0.113.77\n")
    plain = ("sweep", log, "-i", lists, "--no-cache", "-o")
    wanted = ("--fingerprints", tmp_path / "prints")
    assert quetsach_here(*plain, tmp_path / "1", *wanted).returncode == 2
    keys = ("--fingerprint-keys", tmp_path / "keys", "--fingerprint-unit", "xã A")
    # A process of its own: what was loaded before it changes what Arrow knows.
    run = quetsach(*plain, tmp_path / "2", *wanted, *keys)
    assert run.returncode == 0
    assert "1 unit-days are kept" in run.stdout.decode()
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["x%C3%A3%20A~2022-09.key"]
    assert "unit-days" not in quetsach_here(*plain, tmp_path / "3").stdout.decode()

"""`quetsach demo`: the district, and what to do with it next."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from quetsach import selftest
from quetsach.cli.demo import selftest_command
from quetsach.selftest import SelfCheck
from tests.cli.running import names_in, quetsach


def test_the_next_command_that_is_shown_works(tmp_path: Path) -> None:
    run = quetsach("demo", "--out", "D", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, b"")
    assert {"evidence", "indicators", "truth.json"} <= set(names_in(tmp_path / "D"))
    program, *words = run.stdout.decode().splitlines()[-1].split()
    assert program == "quetsach"
    # The demo holds logs that were cut off: not all can be read.
    assert quetsach(*words, "--quiet", cwd=tmp_path).returncode == 3
    assert (tmp_path / "findings" / "report.html").is_file()


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    run = quetsach("demo", "--out", tmp_path)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E301 ")
    assert names_in(tmp_path) == ["mine.txt"]


def test_the_engine_proves_itself_here() -> None:
    run = quetsach("selftest")
    assert (run.returncode, run.stderr) == (0, b"")
    lines = run.stdout.decode().splitlines()
    assert len(lines) == 5
    assert all(line.startswith("✓ ") for line in lines)


def test_a_broken_promise_is_shown_and_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [SelfCheck("kept", True, ""), SelfCheck("broken", False, "PC-1")]
    monkeypatch.setattr(selftest, "run_selftest", lambda folder: checks)
    run = CliRunner().invoke(selftest_command, standalone_mode=False)
    assert run.return_value == 2
    assert run.output == "✓ kept\n✗ broken\n    PC-1\n"


def test_live_traffic_says_what_to_do_with_it(tmp_path: Path) -> None:
    run = quetsach("demo-live", "--out", "L", "--minutes", "0", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, b"")
    assert "quetsach watch run L/suricata/eve.json" in run.stdout.decode()
    assert names_in(tmp_path / "L" / "suricata") == ["eve.json"]
    wrong = quetsach("demo-live", "--out", "L", "--syslog", "tcp://x", cwd=tmp_path)
    assert wrong.returncode == 2

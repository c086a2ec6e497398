"""`quetsach selftest`: a line for each promise, and a failure when one is broken."""

import pytest
from click.testing import CliRunner

from quetsach import selftest
from quetsach.cli.demo import selftest_command
from quetsach.selftest import SelfCheck
from tests.cli.running import quetsach


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

"""The progress bar: on a terminal, on standard error alone."""

import os
import pty
import subprocess
from pathlib import Path

from tests.cli.running import command, environment
from tests.sweeping.evidence import HEADER, conn, write


def _on_a_terminal(words: list[str]) -> tuple[str, bytes]:
    """Return what a run shows on its terminal, and what it wrote to standard output."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=theirs, env=environment(TERM="xterm", COLUMNS="100")
    )
    os.close(theirs)
    assert run.stdout is not None
    answer = run.stdout.read()
    run.stdout.close()
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end of a terminal is closed.
    os.close(ours)
    run.wait(60)
    return shown.decode(), answer


def test_a_terminal_shows_how_many_bytes_were_read_and_the_answer_stays_clean(
    listed: Path, tmp_path: Path
) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "198.51.100.1") * 40_000)
    words = command("sweep", log, "-i", listed, "-o", tmp_path / "out", "--json")
    shown, answer = _on_a_terminal(words)
    assert "Reading" in shown
    assert "MB" in shown
    assert answer.startswith(b"{")
    assert b"\x1b" not in answer
    assert b"Reading" not in answer


def test_quiet_shows_nothing_on_a_terminal(log: Path, listed: Path, tmp_path: Path) -> None:
    words = command("sweep", log, "-i", listed, "-o", tmp_path / "out", "--quiet")
    assert _on_a_terminal(words) == ("", b"")

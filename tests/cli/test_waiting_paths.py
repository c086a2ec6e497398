"""No command waits for ever for somebody to write into a pipe that it was given as a file."""

import os
import socket
from pathlib import Path

import pytest

from tests.cli.running import quetsach, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_named_pipe_is_refused_wherever_a_file_is_named(pipe: Path, tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    listed = write(tmp_path / "list.txt", "203.0.113.77\n")
    for words in (
        ("sweep", log, "-i", pipe),
        ("sweep", log, "-i", listed, "--allow", pipe),
        ("sweep", log, "-i", listed, "--decisions", pipe),
        ("sweep", log, "-i", listed, "--sources", pipe),
        ("trace", pipe, "-e", log),
        ("indicators", "check", pipe),
        ("indicators", "diff", listed, pipe),
        ("indicators", "convert", listed, "--to", "plain", "--belt", pipe),
        ("report", "verify", pipe),
        ("verify-tool", pipe),
        ("letter", "read", pipe),
    ):
        run = quetsach(*words)
        assert (run.returncode, run.stderr.decode().split()[:2]) == (2, ["E113", f"{pipe}:"]), words


def test_a_named_pipe_among_the_evidence_is_a_problem_and_the_rest_is_read(
    pipe: Path, tmp_path: Path
) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    listed = write(tmp_path / "list.txt", "203.0.113.77\n")
    run = quetsach("sweep", log, pipe, "-i", listed, "-o", tmp_path / "out")
    assert run.returncode == 3
    # Long lines are folded for the screen.
    assert f"E113{pipe}:" in "".join(run.stdout.decode().split())
    assert b"10.0.0.5" in run.stdout


def test_a_socket_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The name of a socket is short by law of the system.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        run = quetsach_here("indicators", "check", "s")
    assert (run.returncode, run.stderr[:7]) == (2, b"E113 s:")


def test_a_list_through_a_pipe_is_refused_and_not_taken_for_empty() -> None:
    run = quetsach("indicators", "check", "/dev/stdin", stdin=b"bad.example\n")
    assert (run.returncode, run.stderr[:17]) == (2, b"E113 /dev/stdin: ")

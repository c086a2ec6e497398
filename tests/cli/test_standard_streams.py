"""What cannot be written to standard output is told and fails; standard error changes no result."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import command, environment
from tests.sweeping.evidence import HEADER, conn, write


def _shell(redirected: str, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    line = ["sh", "-c", f'"$@" {redirected}', "sh", *command(*words)]
    return subprocess.run(line, env=environment(), capture_output=True, timeout=300, check=False)


@pytest.mark.parametrize(
    ("redirected", "reason"),
    [(">/dev/full", "the disk is full"), (">&-", "Bad file descriptor")],
)
def test_an_answer_that_cannot_be_written_is_no_success(
    redirected: str, reason: str, tmp_path: Path
) -> None:
    listed = write(tmp_path / "list.txt", "bad.example\n")
    for words in (("formats",), ("indicators", "convert", listed, "--to", "plain")):
        run = _shell(redirected, *words)
        assert run.returncode == 2, words
        assert (
            run.stderr.decode()
            .splitlines()[-1]
            .startswith(
                f"E611 quetsach: the answer cannot be written to standard output: {reason}."
            )
        ), run.stderr


@pytest.mark.parametrize("listed", ["203.0.113.77\n", "nothing.example\n"])
def test_an_answer_whose_reader_went_away_is_neither_found_nor_clean(
    listed: str, tmp_path: Path
) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    words = ("sweep", log, "-i", write(tmp_path / "list.txt", listed), "-o", tmp_path / "out")
    reads, writes = os.pipe()
    os.close(reads)
    try:
        run = subprocess.run(
            command(*words), env=environment(), stdout=writes, timeout=300, check=False
        )
    finally:
        os.close(writes)
    assert run.returncode == 2
    assert (tmp_path / "out" / "report.html").is_file()


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "<&- 2>&-"])
def test_a_sweep_does_not_need_standard_error(redirected: str, tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "203.0.113.77\n")
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    run = _shell(redirected, "sweep", log, "-i", listed, "-o", tmp_path / "out")
    assert (run.returncode, run.stderr) == (1, b"")
    assert (tmp_path / "out" / "report.html").is_file()
    assert b"10.0.0.5" in run.stdout


def test_a_message_nobody_can_read_does_not_change_how_a_run_ends(tmp_path: Path) -> None:
    for redirected in ("2>&-", "2>/dev/full"):
        assert _shell(redirected, "why", tmp_path / "no", "00").returncode == 2

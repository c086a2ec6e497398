"""The passphrase: from a file, typed at a terminal, and never asked where nobody can answer."""

import os
import pty
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quetsach.cli.terminal import format_moment, from_file
from quetsach.errors.exceptions import QuetsachError
from tests.cli.running import command, environment, quetsach
from tests.sweeping.evidence import HEADER, conn, write


def test_first_line_of_the_file_is_the_passphrase(tmp_path: Path) -> None:
    file = tmp_path / "p"
    file.write_bytes("mật khẩu \r\nrest\n".encode())
    with pytest.raises(QuetsachError, match="E626"):
        from_file(file)
    file.chmod(0o600)
    assert from_file(file) == "mật khẩu ".encode()


def test_empty_or_missing_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"\n")
    (tmp_path / "p").chmod(0o600)
    for name, code in (("p", "E231"), ("no", "E237")):
        with pytest.raises(QuetsachError) as error:
            from_file(tmp_path / name)
        assert error.value.problem.code == code


def test_locked_key_signs_with_its_file_and_is_an_error_without_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("secret\n")
    (tmp_path / "p").chmod(0o600)
    (tmp_path / "a.txt").write_text("x")
    made = quetsach("indicators", "key", "k", "--passphrase-file", "p", cwd=tmp_path)
    assert (made.returncode, b"not encrypted" in made.stderr) == (0, False)
    words = ("indicators", "sign", "a.txt", "--key", "k.key.pem")
    assert quetsach(*words, cwd=tmp_path).stderr.startswith(b"E231 ")
    assert quetsach(*words, "--passphrase-file", "p", cwd=tmp_path).returncode == 0


def test_typed_passphrase_is_not_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        command("indicators", "key", "k", "--passphrase"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env=environment(),
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for _time in range(2):
        while not shown.rstrip().endswith(b":"):
            shown += os.read(ours, 1000)
        os.write(ours, b"hunter-2\n")
        shown += b"|"
    try:
        while more := os.read(ours, 1000):
            shown += more
    except OSError:
        pass  # The other side was closed.
    assert run.wait(timeout=180) == 0
    os.close(ours)
    assert b"hunter-2" not in shown
    assert b"ENCRYPTED" in (tmp_path / "k.key.pem").read_bytes()


def test_the_evening_in_utc_is_the_next_day_here() -> None:
    moment = datetime(2022, 9, 27, 20, 25, 39, tzinfo=UTC)
    assert format_moment(moment) == "03:25:39 28/09/2022 (+07:00)"


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


def test_quiet_shows_no_progress_on_a_terminal_and_the_answer_stays(
    log: Path, listed: Path, tmp_path: Path
) -> None:
    words = command("sweep", log, "-i", listed, "-o", tmp_path / "out", "--quiet")
    progress, answer = _on_a_terminal(words)
    assert progress == ""
    assert b"10.0.0.5" in answer

"""Long answers are shown a page at a time, where a person reads them."""

import io
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from quetsach.cli.paging import UNPAGED, paged, pager_words
from tests.cli.running import command, environment, quetsach

SH = str(Path(shutil.which("sh") or "sh").absolute())


def _on_a_terminal(*words: str, env: dict[str, str]) -> bytes:
    """Return what a run shows whose standard output is a terminal."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(command(*words), stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end of a terminal is closed.
    os.close(ours)
    run.wait(60)
    return shown


@pytest.mark.parametrize(
    ("wish", "environ", "words"),
    [
        (None, {"PAGER": "sh -c true"}, [SH, "-c", "true"]),
        ("sh", {"PAGER": "cat"}, [SH]),
        (None, {"PAGER": "cat"}, []),
        (None, {"PAGER": ""}, []),
        ("none", {"PAGER": "sh"}, []),
        (None, {"PAGER": "sh", "TERM": "dumb"}, []),
        (None, {"PAGER": "no-such-pager-here"}, []),
        (None, {"PAGER": "sh 'open"}, []),
        (None, {"PAGER": '""'}, []),
        (None, {"PAGER": "sh", "SUDO_UID": "1000"}, []),
    ],
)
def test_the_pager_is_the_wish_else_pager_else_none(
    wish: str | None, environ: dict[str, str], words: list[str]
) -> None:
    assert pager_words(wish, environ) == words


def test_a_long_answer_goes_to_the_pager_and_a_short_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "5")
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    pager = ["sh", "-c", f"cat > {tmp_path}/paged"]
    with paged(pager):
        assert sys.stdout.isatty()
        sys.stdout.write("short\n")
    assert shown.getvalue() == "short\n"
    with paged(pager):
        sys.stdout.write("ệ\n" * 9)
    assert shown.getvalue() == "short\n"
    assert (tmp_path / "paged").read_text() == "ệ\n" * 9


def test_what_was_printed_is_not_lost_where_the_run_fails_or_the_pager_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LINES", "2")
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    with suppress(KeyError), paged(["/no/such/pager"]):
        sys.stdout.write("a\nb\nc\n")
        raise KeyError
    assert shown.getvalue() == "a\nb\nc\n"


def test_on_a_terminal_a_long_answer_is_paged_and_in_a_pipe_it_is_not(tmp_path: Path) -> None:
    pager = f"tee {tmp_path}/paged"
    told = environment(PAGER=pager, LINES="10", TERM="xterm")
    run = quetsach("formats", env=told)
    assert run.stdout.count(b"\n") > 10
    assert not (tmp_path / "paged").exists()
    shown = _on_a_terminal("--no-pager", "formats", env=told)
    assert shown.replace(b"\r\n", b"\n") == run.stdout
    assert not (tmp_path / "paged").exists()
    assert _on_a_terminal("formats", env=told) == shown
    assert (tmp_path / "paged").read_bytes() == run.stdout


def test_what_speaks_while_it_works_is_not_kept_back() -> None:
    assert {"watch", "serve", "manage"} <= UNPAGED


def test_a_program_beside_the_evidence_is_no_pager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "less"
    program.write_text("#!/bin/sh\ntouch taken\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    # As on Windows, where the current folder is looked at first.
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert pager_words(None, {}) == []
    assert pager_words(str(program), {}) == [str(program)]


def test_under_sudo_less_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "less"
    program.write_text(f'#!/bin/sh\ncat >/dev/null\necho "$LESSSECURE" > {tmp_path}/said\n')
    program.chmod(0o755)
    monkeypatch.setenv("LINES", "2")
    monkeypatch.setenv("SUDO_UID", "1000")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with paged(pager_words(str(program), os.environ)):
        sys.stdout.write("a\nb\nc\n")
    assert (tmp_path / "said").read_text() == "1\n"

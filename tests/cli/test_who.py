"""`quetsach who`: one line or one JSON object an answer; questions from stdin too."""

import json
import subprocess
from pathlib import Path

from quetsach.cli.who import LONGEST_QUESTION
from tests.api.test_who import TIME, lease
from tests.cli.running import command, environment, quetsach
from tests.sweeping.evidence import write


def leases(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "dnsmasq-2026-09-01T0815.leases", "".join(lines))


def test_one_line_says_who_how_surely_and_by_which_log(tmp_path: Path) -> None:
    log = leases(tmp_path, lease("10.0.0.5", "PC-07"))
    run = quetsach("who", "10.0.0.5", TIME, "--leases", log, "--zone", "Asia/Ho_Chi_Minh")
    (line,) = run.stdout.decode().splitlines()
    assert line.startswith("10.0.0.5 at 2026-09-01T")
    assert ": PC-07 (00-17-A4-00-00-0A) (" in line
    assert line.endswith(f"by {log}") or f"by {log}; " in line
    assert run.returncode == 1


def test_questions_from_stdin_get_one_json_object_each_in_their_order(tmp_path: Path) -> None:
    log = leases(tmp_path, lease("10.0.0.5", "PC-07"), lease("10.0.0.6", "PC-08", "0b"))
    asked = f"# who\n10.0.0.6 {TIME}\n\n10.0.0.9\t{TIME}\n10.0.0.5 {TIME}\n"
    run = quetsach("who", "-", "-e", log, "--json", stdin=asked.encode())
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [answer["address"] for answer in answers] == ["10.0.0.6", "10.0.0.9", "10.0.0.5"]
    names = [(answer["device"] or "nobody").split()[0] for answer in answers]
    assert names == ["PC-08", "nobody", "PC-07"]


def test_a_line_of_stdin_that_is_no_question_is_named_by_its_number(tmp_path: Path) -> None:
    log = leases(tmp_path, lease("10.0.0.5", "PC-07"))
    for bad in (b"10.0.0.5\n", b"\xff\xfe 1\n", b"10.0.0.5 tomorrow\n"):
        run = quetsach("who", "-", "-e", log, stdin=f"10.0.0.5 {TIME}\n".encode() + bad)
        assert run.returncode == 2
        assert b"E601" in run.stderr
        assert b"line 2" in run.stderr
        assert run.stdout == b""


def test_without_evidence_or_time_the_usage_says_what_to_give(tmp_path: Path) -> None:
    log = leases(tmp_path, lease("10.0.0.5", "PC-07"))
    for arguments in (("10.0.0.5", TIME), ("10.0.0.5", "-e", log), ("-", TIME, "-e", log)):
        run = quetsach("who", *arguments)
        assert run.returncode == 2
        assert b"Give " in run.stderr
    assert quetsach("who", "10.0.0.5", TIME, "-e", tmp_path / "none.log").returncode in (2, 3)


def test_the_steps_are_printed_on_request(tmp_path: Path) -> None:
    log = leases(tmp_path, lease("10.0.0.5", "PC-07"))
    run = quetsach("who", "10.0.0.5", TIME, "-e", log, "--steps")
    lines = run.stdout.decode().splitlines()
    assert [line.strip()[:2] for line in lines[1:]] == ["1.", "2."]
    assert "\\xa0" not in run.stdout.decode()


def test_a_line_without_end_is_not_read_to_it(tmp_path: Path) -> None:
    log = leases(tmp_path, lease("10.0.0.5", "PC-07"))
    asked = subprocess.Popen(
        command("who", "-", "-e", log),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert asked.stdin is not None
    assert asked.stderr is not None
    with asked:
        # The pipe stays open: whoever waits for the end of the line waits for ever.
        asked.stdin.write(b"1" * (LONGEST_QUESTION + 1))
        asked.stdin.flush()
        assert asked.wait(timeout=120) == 2
        assert b"E601" in asked.stderr.read()

"""`quetsach sweep`: exit codes, the JSON answer, standard input, and a full disk."""

import gzip
import json
import resource
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import names_in, quetsach, quetsach_here
from tests.sweeping.evidence import HEADER, conn, write

KEYS = {
    "bytes_read": int, "lines": int, "candidates": int, "sightings": int, "rejects": int,
    "sieved_out": int, "no_match": int, "unread": list, "devices": list, "not_blamed": list,
    "indicators_hit": list, "indicators": int, "refused": int, "seconds": float, "findings": str,
}  # fmt: skip
DEVICE_KEYS = {
    "device": str, "addresses": list, "grade": str, "rivals": list, "indicators": list,
    "first_seen": str, "last_seen": str, "sightings": int, "best_grade": str,
}  # fmt: skip


def _answer(*arguments: str | Path, **more: Any) -> tuple[int, dict[str, Any]]:
    run = quetsach("sweep", *arguments, "--json", **more)
    assert run.stderr == b""
    answer: dict[str, Any] = json.loads(run.stdout)
    return run.returncode, answer


def test_the_json_answer_has_its_documented_shape(log: Path, listed: Path, tmp_path: Path) -> None:
    code, answer = _answer(log, "-i", listed, "-o", tmp_path / "out")
    assert code == 1
    assert {name: type(answer[name]) for name in KEYS} == KEYS
    (device,) = answer["devices"]
    assert {name: type(device[name]) for name in DEVICE_KEYS} == DEVICE_KEYS
    assert (device["device"], device["grade"], device["best_grade"]) == (
        "10.0.0.5", "likely", "moved",
    )  # fmt: skip
    assert answer["indicators_hit"] == ["203.0.113.77"]
    assert answer["bytes_read"] == log.stat().st_size


def test_the_exit_code_tells_nothing_found_from_found_from_failed_from_not_all_read(
    log: Path, listed: Path, tmp_path: Path
) -> None:
    clean = write(tmp_path / "clean.log", HEADER + conn(1, "10.0.0.5", "198.51.100.1"))
    ends = {
        0: [clean, "-i", listed],
        1: [log, "-i", listed],
        2: [log, "-i", tmp_path / "no-list.txt"],
        3: [log, tmp_path / "no-log", "-i", listed],
    }
    for code, words in ends.items():
        run = quetsach_here("sweep", *words, "--quiet", "-o", tmp_path / f"out-{code}")
        assert (run.returncode, run.stdout) == (code, b"")
        assert run.stderr.startswith(b"E202 " if code == 2 else b"")
        assert (tmp_path / f"out-{code}").exists() is (code != 2)


def test_partial_never_looks_clean(listed: Path, tmp_path: Path) -> None:
    run = quetsach_here("sweep", tmp_path / "no-log", "-i", listed, "-o", tmp_path / "out")
    assert run.returncode == 3
    assert "NOT ALL WAS READ" in run.stdout.decode()
    assert "Nothing was looked at" in run.stdout.decode()


def test_a_list_without_a_valid_row_is_a_failure(log: Path, tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "com.vn\n")
    run = quetsach_here("sweep", log, "-i", listed, "-o", tmp_path / "out")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E20")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--zone", "Mars/Base"), ("--inside", "10.0.0.0/99"), ("--since", "yesterday")],
)
def test_a_wrong_value_names_its_option(
    option: str, value: str, log: Path, listed: Path, tmp_path: Path
) -> None:
    run = quetsach_here("sweep", log, "-i", listed, option, value, "-o", tmp_path / "out")
    assert run.returncode == 2
    assert run.stderr.decode().startswith(f"E601 {option}: wrong value: {value}. See the command's")


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read_like_a_file_and_its_copy_removed(
    packed: bool, log: Path, listed: Path, tmp_path: Path
) -> None:
    content = log.read_bytes()
    stdin = gzip.compress(content) if packed else content
    out = tmp_path / "out"
    code, answer = _answer("-", "-i", listed, "-o", out, stdin=stdin)
    assert code == 1
    assert (answer["lines"], answer["bytes_read"]) == (content.count(b"\n"), len(stdin))
    assert answer["devices"][0]["device"] == "10.0.0.5"
    (source,) = json.loads((out / "coverage.json").read_bytes())["sources"]
    assert (source["path"], source["codec"]) == ("-", "gzip" if packed else "plain")
    assert not any("spool" in name or "standard" in name for name in names_in(out))


def test_a_sighting_from_standard_input_can_be_explained(
    log: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    quetsach("sweep", "-", "-i", listed, "-o", out, stdin=log.read_bytes())
    number = json.loads((out / "devices.json").read_bytes())["devices"][0]["samples"][0]
    run = quetsach_here("why", out, number)
    assert run.returncode == 0
    assert "203.0.113.77" in run.stdout.decode()


def test_an_empty_standard_input_is_reported(listed: Path, tmp_path: Path) -> None:
    code, answer = _answer("-", "-i", listed, "-o", tmp_path / "out")
    assert code == 3
    assert [(one["path"], one["code"]) for one in answer["unread"]] == [("-", "E103")]


def test_a_findings_folder_that_is_there_is_kept(findings: Path, log: Path, listed: Path) -> None:
    before = {path.name: path.read_bytes() for path in findings.iterdir()}
    run = quetsach_here("sweep", log, "-i", listed, "-o", findings)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(f"E301 {findings}: ".encode())
    assert {path.name: path.read_bytes() for path in findings.iterdir()} == before


@pytest.mark.parametrize("limit", [0, 900, 20_000])
def test_a_disk_that_is_full_is_an_error_and_leaves_nothing(
    limit: int, listed: Path, tmp_path: Path
) -> None:
    lines = (conn(n * 37, f"10.0.{n % 90}.5", "203.0.113.77", 400 + n) for n in range(900))
    log = write(tmp_path / "in" / "conn.log", HEADER + "".join(lines))
    out = tmp_path / "out"
    out.mkdir()

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = quetsach("sweep", log, "-i", listed, "-o", out / "findings", before=small_disk)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(f"E302 {out / 'findings'}: ".encode())
    assert b"Traceback" not in run.stderr
    assert names_in(out) == []

"""`quetsach sweep`: exit codes, the JSON answer, standard input, and a full disk."""

import gzip
import json
import resource
from pathlib import Path
from typing import Any

import pytest

from quetsach.cli.sweep_text import MOST_SHOWN, sweep_text
from quetsach.texts import use_language
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
        3: [log, f"{tmp_path}/*.no-log", "-i", listed],
    }
    for code, words in ends.items():
        run = quetsach_here("sweep", *words, "--quiet", "-o", tmp_path / f"out-{code}")
        assert (run.returncode, run.stdout == b"") == (code, code == 2)
        assert run.stderr.startswith(b"E202 " if code == 2 else b"")
        assert (tmp_path / f"out-{code}").exists() is (code != 2)


def test_partial_never_looks_clean(listed: Path, tmp_path: Path) -> None:
    empty = write(tmp_path / "no.log", "")
    run = quetsach_here("sweep", empty, "-i", listed, "-o", tmp_path / "out")
    assert run.returncode == 3
    assert "NOT ALL WAS READ" in run.stdout.decode()
    assert "Nothing was searched" in run.stdout.decode()


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


NOTHING: dict[str, Any] = {
    "devices": [], "not_blamed": [], "unattributed": 0, "unread": [], "rejects": 0, "as_text": [],
    "lines_to_look_at": 0, "sources": 1, "lines": 10, "bytes_read": 1_500_000, "indicators": 3,
    "refused": 1, "seconds": 0.5, "findings": "out",
}  # fmt: skip
DEVICE: dict[str, Any] = {
    "device": "PC-1", "addresses": ["10.0.0.5"], "grade": "likely", "best_grade": "moved",
    "indicators": ["bad.example"], "sightings": 4, "first_seen": None, "last_seen": None,
}  # fmt: skip


def _said(**more: Any) -> str:
    use_language("en")
    try:
        return sweep_text({**NOTHING, **more})
    finally:
        use_language("vi")


def test_nothing_found_says_what_was_looked_at() -> None:
    said = _said()
    assert "No contact of a device with a listed address was found in the evidence read." in said
    assert "1 file, 10 lines (1.4 MiB), for 3 indicators (1 row refused)" in said
    assert "clean" not in said


def test_nothing_looked_at_is_no_answer() -> None:
    assert "This says nothing about infection." in _said(lines=0)


def test_a_device_stands_with_its_address_grade_and_indicators() -> None:
    said = _said(devices=[DEVICE])
    for part in ("PC-1", "10.0.0.5", "bad.example", "exchanged data", "likely", "sightings: 4"):
        assert part in said


def test_a_device_stands_with_the_name_of_its_unit() -> None:
    place = {"unit": "TC01", "unit_name": "Xã A", "room": "P.3"}
    assert "      Xã A, P.3\n" in _said(devices=[{**DEVICE, "place": place}])


def test_lines_of_unknown_form_are_to_be_looked_at_and_blame_nobody() -> None:
    said = _said(unattributed=5, lines_to_look_at=3)
    assert "Sightings that belong to no known inside machine: 5" in said
    assert said.startswith("No device is named, but lines that name a listed address must be")
    assert "Lines to look at: 3. Such a line names an indicator, proves no contact" in said
    assert "look at" not in _said(unattributed=5, lines_to_look_at=0)


def test_files_that_are_no_logs_are_named() -> None:
    aside = [{"path": f"{name}.png", "kind": "picture"} for name in "abcdef"]
    assert "no logs: a.png, b.png, c.png, d.png, e.png ..." in _said(set_aside=aside)


def test_flaws_of_the_own_tables_are_counted() -> None:
    assert "network plan that were not used: 3" in _said(table_flaws=3)
    assert "network plan" not in _said(table_flaws=0)


def test_more_devices_than_are_shown_are_counted() -> None:
    devices = [{**DEVICE, "device": f"PC-{n}"} for n in range(MOST_SHOWN + 7)]
    said = _said(devices=devices)
    assert said.count("PC-") == MOST_SHOWN
    assert "7 more" in said


def test_what_was_not_read_is_said_in_capitals_with_code_and_way_out() -> None:
    unread = [{"path": "a.log", "code": "E103", "what": "the file is empty", "todo": "Check it."}]
    said = _said(unread=unread, rejects=2)
    assert "NOT ALL WAS READ" in said
    assert "E103 a.log: the file is empty. Check it." in said
    assert "2 lines could not be read" in said


def test_who_is_not_blamed_stands_with_the_reason() -> None:
    aside = {"device": "10.0.0.53", "role": "resolver", "because": "", "indicators": ["x"]}
    assert "10.0.0.53: a name server that forwards queries of others" in _said(not_blamed=[aside])


def test_more_words_say_what_is_searched_and_by_which_engine(tmp_path: Path) -> None:
    log = write(tmp_path / "one.log", "2026-09-12T08:00:01Z host nothing of note\n")
    listed = write(tmp_path / "list.txt", "bad.example\n")
    words = ("sweep", log, "-i", listed, "-o", tmp_path / "f")
    said = quetsach(*words, "-v").stderr.decode()
    assert "Lists: 1; indicators: 1" in said
    assert f"Searching: {log}; engine: local" in said
    assert "Searching:" not in quetsach(*words[:-1], tmp_path / "g").stderr.decode()

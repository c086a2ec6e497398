"""`quetsach indicators take-in`: what a list sets aside, taken in because a person says so."""

import json
from pathlib import Path

from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import read_lists
from tests.cli.running import quetsach_here
from tests.sweeping.evidence import write

ATTRIBUTES = [
    {"type": "domain", "value": "bad.example", "to_ids": True},
    {"type": "hostname", "value": "seen.example", "to_ids": False, "Tag": [{"name": "tlp:amber"}]},
    {"type": "ip-dst", "value": "203.0.113.9", "to_ids": False, "deleted": True},
    {"type": "uri", "value": "/gate.php?id=", "to_ids": True},
    {"type": "link", "value": "https://cert.example/a", "to_ids": False},
]


def _event(tmp_path: Path) -> Path:
    event = {"Event": {"uuid": "a" * 8, "info": "x", "Attribute": ATTRIBUTES}}
    return write(tmp_path / "event.json", json.dumps(event))


def test_the_check_tells_figures_and_the_command(tmp_path: Path) -> None:
    shown = quetsach_here("indicators", "check", _event(tmp_path)).stdout.decode()
    assert "quetsach indicators take-in event.json -o more.jsonl" in shown
    assert "quetsach indicators take-in event.json --under HOST -o more.jsonl" in shown


def test_what_was_not_marked_is_taken_in_with_all_that_is_said_of_it(tmp_path: Path) -> None:
    out = tmp_path / "more.jsonl"
    run = quetsach_here("indicators", "take-in", _event(tmp_path), "-o", out, "--json")
    assert (run.returncode, json.loads(run.stdout)["indicators"]) == (0, 1)
    (one,) = read_lists([out], ListOptions()).indicators
    assert (one.key, one.rule, one.claim.tlp) == ("seen.example", "exact", "amber")


def test_a_path_is_looked_for_under_the_host_that_is_named(tmp_path: Path) -> None:
    out = tmp_path / "more.jsonl"
    listed = write(tmp_path / "list.txt", "bad.example\n/admin/gate.php\n")
    run = quetsach_here("indicators", "take-in", listed, "--under", "other.example", "-o", out)
    assert run.returncode == 0
    (one,) = read_lists([out], ListOptions()).indicators
    assert (one.key, one.rule) == ("other.example/admin/gate.php", "url-prefix")


def test_where_there_is_nothing_of_that_kind_nothing_is_written(tmp_path: Path) -> None:
    listed = write(tmp_path / "list.txt", "bad.example\n/admin/gate.php\n")
    run = quetsach_here("indicators", "take-in", listed, "-o", tmp_path / "more.jsonl")
    assert b"E268" in run.stderr
    assert run.returncode == 2
    assert not (tmp_path / "more.jsonl").exists()

"""`quetsach indicators decide`: a decision with its reason and end, which a sweep then keeps."""

import json
from pathlib import Path

import pytest

from tests.cli.running import quetsach_here
from tests.sweeping.evidence import write

LAST = ("--reason", "dùng chung", "--until", "2099-12-31")


def test_a_decision_in_any_notation_is_written_with_what_it_is_about(tmp_path: Path) -> None:
    file = tmp_path / "d.jsonl"
    run = quetsach_here(
        "indicators", "decide", "hxxps://bit[.]ly/x", "8.8.8[.]8",
        *LAST, "--watch", "--by", "CSIRT", "--decisions", file,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, b"")
    assert "8.8.8.8: watch only, until 2099-12-31T23:59:59+07:00" in run.stdout.decode()
    first, second = [json.loads(line) for line in file.read_text().splitlines()]
    assert (first["key"], first["verdict"], first["by"]) == ("bit.ly/x", "watch", "CSIRT")
    assert "url-shortener" in first["classes"]
    assert "resolver" in second["classes"]
    assert second["until"] == "2099-12-31T23:59:59+07:00"


@pytest.mark.parametrize(
    "words",
    [
        ("bad.example", *LAST),
        ("bad.example", "--drop", "--reason", " ", "--until", "2099-01-01"),
        ("bad.example", "--drop", "--reason", "x", "--until", "2001-01-01"),
        ("bad.example", "--drop", "--reason", "x", "--until", "mai"),
        ("bad.example", "--drop", "--reason", "x"),
        ("bad.example", "--drop", "--until", "2099-01-01"),
        ("com.vn", "--drop", *LAST),
    ],
)
def test_a_decision_without_verdict_reason_end_or_key_is_not_written(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    run = quetsach_here("indicators", "decide", *words, "--decisions", tmp_path / "d.jsonl")
    assert run.returncode == 2
    assert run.stderr
    assert not (tmp_path / "d.jsonl").exists()


def test_a_sweep_leaves_out_what_was_dropped_and_says_so(tmp_path: Path, log: Path) -> None:
    listed = write(tmp_path / "list.txt", "203.0.113.77\n198.51.100.1\n")
    decisions = tmp_path / "d.jsonl"
    quetsach_here("indicators", "decide", "203.0.113.77", "--drop", *LAST, "--decisions", decisions)
    out = tmp_path / "out"
    run = quetsach_here("sweep", log, "-i", listed, "--decisions", decisions, "-o", out, "--json")
    summary = json.loads(run.stdout)
    assert summary["indicators_hit"] == ["198.51.100.1"]
    assert (summary["indicators"], summary["refused"]) == (1, 1)
    manifest = json.loads((out / "manifest.json").read_text())
    assert [(one["text"], one["reason"]) for one in manifest["refusals"]] == [
        ("203.0.113.77", "decided")
    ]

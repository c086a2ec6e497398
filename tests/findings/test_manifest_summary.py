"""The summary: counts over all sources, each file once, and an exit code that never flatters."""

from pathlib import Path
from typing import Any

import pytest

from quetsach.api.problems import exit_code
from quetsach.errors.exceptions import Problem, problem_json, problem_words
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.manifest import MOST_DEVICES, SummaryTotals, manifest_json, summary_json
from quetsach.indicators.model import IndicatorSet
from quetsach.scanning.heads import FileSetAside
from quetsach.scanning.line_outcomes import LineCounts
from quetsach.scanning.log_signs import FormCounts
from quetsach.texts import in_language, use_language

NOTHING: dict[str, Any] = {
    "devices": [], "not_blamed": [], "unattributed": {"sightings": 0},
    "lines_to_look_at": {"lines": 3},
}  # fmt: skip


def _source(path: str, form: str = "zeek-tsv", **more: Any) -> SourceCoverage:
    counts = LineCounts(
        lines=10, candidates=3, sieved_out=6, no_match=1, sighting_lines=2, rejects=1
    )
    return SourceCoverage(
        path, form, "x", "plain", read_bytes=100, sighting_rows=4, counts=counts, **more
    )


def test_counts_are_added_and_a_twin_is_counted_once() -> None:
    text = FormCounts(lines=4, unknown=4, like_log=4)
    sources = [_source("a"), _source("b", "text", forms=text), _source("c", duplicate_of="a")]
    summary = summary_json(SummaryTotals(sources, [], IndicatorSet(()), ["x"]), NOTHING)
    assert (summary["lines"], summary["bytes_read"], summary["sightings"]) == (20, 200, 8)
    parts = ("sieved_out", "no_match", "sighting_lines", "rejects")
    assert sum(summary[name] for name in parts) == summary["lines"]
    assert (summary["sources"], summary["as_text"], summary["duplicates"]) == (2, ["b"], ["c"])
    assert (summary["indicators_hit"], summary["lines_to_look_at"]) == (["x"], 3)


def test_what_is_no_log_is_named_once_and_counted_nowhere() -> None:
    readme = SourceCoverage("README", "text", "text", "plain", counts=LineCounts(lines=9))
    aside = [FileSetAside("README", "text"), FileSetAside("logo.png", "picture")]
    totals = SummaryTotals([_source("a"), readme], [], IndicatorSet(()), [], set_aside=aside)
    summary = summary_json(totals, NOTHING)
    assert (summary["lines"], summary["sources"], summary["as_text"]) == (10, 1, [])
    assert summary["set_aside"] == [
        {"path": "README", "kind": "text"},
        {"path": "logo.png", "kind": "picture"},
    ]


@pytest.mark.parametrize(
    ("sightings", "rejects", "unread", "code"),
    [(0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 0, 3), (1, 1, 0, 3), (0, 0, 1, 3), (1, 0, 1, 3)],
)
def test_not_all_read_wins_over_found_and_not_found(
    sightings: int, rejects: int, unread: int, code: int
) -> None:
    summary = {"sightings": sightings, "rejects": rejects, "unread": [{}] * unread}
    assert exit_code(summary) == code
    # A line that only mentions an indicator is no silence.
    assert exit_code({**summary, "lines_to_look_at": 1}) == (code or 1)


def test_a_problem_is_told_in_the_language_in_use() -> None:
    problem = Problem("E103", "a.log")
    use_language("en")
    english = problem_json(problem)
    use_language("vi")
    vietnamese = problem_json(problem)
    assert (english["path"], english["code"], english["what"]) == (
        "a.log", "E103", "the file is empty",
    )  # fmt: skip
    assert vietnamese["code"] == "E103"
    assert vietnamese["what"] != english["what"]
    assert vietnamese["todo"] != english["todo"]


def test_a_problem_is_told_again_in_another_language_from_what_was_kept() -> None:
    use_language("vi")
    kept = problem_json(Problem("E106", "a.gz", {"offset": 12}))
    with in_language("en"):
        what, todo = problem_words(kept)
    assert what.endswith("at byte 12 of the unpacked text")
    assert todo == "The part before the damage is counted. Fetch the file again from its source."


def test_a_problem_of_strangers_is_told_as_one_plain_line() -> None:
    kept = {"path": "a", "code": "E999", "what": "x\x1b[31m\ny", "todo": "\u202ez"}
    assert problem_words(kept) == ("x\\x1b[31m\\ny", "\\u202ez")
    no_facts = {"path": "a", "code": "E106", "what": "as it was", "todo": "do"}
    assert problem_words(no_facts) == ("as it was", "do")
    other_facts = {**no_facts, "facts": {"size": "3"}}
    with in_language("en"):
        assert problem_words(other_facts)[0] == "3"


def test_the_manifest_repeats_the_first_of_many_devices(tmp_path: Path) -> None:
    many = [{"device": f"PC-{number}"} for number in range(MOST_DEVICES + 3)]
    totals = SummaryTotals([], [], IndicatorSet(()), [])
    summary = {"devices": many, "not_blamed": many[:MOST_DEVICES], "lines": 1}
    told = manifest_json(totals, {}, summary, tmp_path)["summary"]
    assert told["devices"] == many[:MOST_DEVICES]
    assert (told["not_blamed"], told["lines"]) == (many[:MOST_DEVICES], 1)
    assert told["left_out"] == {"devices": 3}
    assert len(summary["devices"]) == MOST_DEVICES + 3, "who swept is told all"

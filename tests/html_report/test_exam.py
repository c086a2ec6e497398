"""The page of an exam: rates with what they prove, wrong names first, foreign text harmless."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from quetsach.html_report.exam import (
    OUTCOMES,
    exam_page,
    exam_sentences,
    outcome_text,
    per_cent,
    rate_text,
    way_text,
)
from quetsach.texts import use_language
from tests.exams.test_result import RESULT

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
RATE = {"right": 38, "of": 38, "low": 0.907480, "high": 1.0}
STEP = {
    "kind": "lease",
    "before": "192.168.5.20",
    "after": "<b>PC</b>",
    "grade": "certain",
    "path": "dhcp.log",
    "offset": 0,
    "start": None,
    "end": None,
    "note": "",
}


def result(outcome: str = "wrong", **row: Any) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(RESULT)
    outcomes = {name: int(name == outcome) for name in OUTCOMES}
    said = {
        "device": "<script>PC</script>",
        "address": "192.168.5.20",
        "grade": "certain",
        "way": "nat+lease",
        "sighting": "0123456789abcdef",
        "steps": [STEP],
    }
    rows = [{**plain["rows"][0], "outcome": outcome, "said": [said], **row}]
    return {**plain, "outcomes": outcomes, "rows": rows}


def test_a_rate_says_what_it_proves_in_both_languages() -> None:
    use_language("en")
    assert rate_text(RATE) == "38 of 38 right, so at least 90.7 %"
    use_language("vi")
    assert "90,7 %" in rate_text(RATE)


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (1.0, "100 %"), (0.99999, "99.9 %"), (0.29, "29 %")]
)
def test_per_cent_are_cut(share: float, text: str) -> None:
    use_language("en")
    assert per_cent(share) == text


def test_the_page_shows_why_and_runs_nothing_that_evidence_says() -> None:
    page = exam_page(
        result(trace="right", trace_because="<i>", why="the name is another machine's"),
        "exam/findings",
        "en",
        ZONE,
    )
    assert "<script>PC" not in page
    assert "&lt;script&gt;PC" in page
    assert "<details open>" in page
    assert "quetsach why exam/findings 0123456789abcdef" in page
    assert "the name is another machine&#39;s" in page
    assert "38 of 38 right, so at least 90.7 %" in page
    assert "Content-Security-Policy" in page


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_its_words(outcome: str) -> None:
    use_language("en")
    assert outcome_text(outcome) != outcome
    assert outcome_text(outcome) in exam_page(result(outcome), "f", "en", ZONE)


def test_ways_have_their_words() -> None:
    use_language("en")
    assert way_text("nat+lease") == "address translation + DHCP"
    assert way_text("new") == "new"


def test_what_a_sweep_says_of_its_exam() -> None:
    use_language("en")
    exam: dict[str, Any] = {"day": "2026-11-20", "grades": {"certain": RATE}, "old": ""}
    assert list(exam_sentences(exam)) == [
        "certain: 38 of 38 right, so at least 90.7 % (exam of 20 Nov 2026)",
        "likely: not measured (exam of 20 Nov 2026)",
    ]
    for why in ("year", "tables"):
        assert list(exam_sentences({**exam, "old": why}))[-1].startswith("This exam is old: ")

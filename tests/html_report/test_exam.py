"""The page of an exam: rates with what they prove, wrong names first, foreign text harmless."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from quetsach.html_report.exam import exam_page
from quetsach.html_report.exam_words import OUTCOMES, outcome_text
from quetsach.texts import use_language
from tests.exams.test_result import RESULT

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
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

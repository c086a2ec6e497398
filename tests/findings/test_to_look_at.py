"""Lines to look at: each once, with its indicators and its place; all are counted."""

from quetsach.attribution.questions import MissingEvidence
from quetsach.findings.met_indicator import MentionedLine, SightedIndicator
from quetsach.findings.to_look_at import MOST_LINES, LinesToLookAt


def _add(look: LinesToLookAt, offset: int, indicator: str, path: str = "a.log") -> None:
    met = SightedIndicator(indicator, indicator, "name", "", "list.txt", 1, ())
    place = MentionedLine(path, offset, f"line {offset}", "text")
    look.add(place, offset, met, MissingEvidence.UNKNOWN_FORM)


def test_a_line_with_two_indicators_is_one_line() -> None:
    look = LinesToLookAt()
    for offset, indicator in ((0, "bad.example"), (0, "203.0.113.77"), (9, "bad.example")):
        _add(look, offset, indicator)
    told = look.to_json()
    assert (told["lines"], told["sightings"]) == (2, 3)
    assert told["indicators"] == ["203.0.113.77", "bad.example"]
    assert [one["indicators"] for one in told["listed"]] == [
        ["bad.example", "203.0.113.77"],
        ["bad.example"],
    ]
    assert told["listed"][0]["line"] == "line 0"
    assert list(told["help"]) == ["unknown-form"]


def test_past_the_bound_lines_are_counted_and_not_listed() -> None:
    look = LinesToLookAt()
    for offset in range(MOST_LINES + 5):
        _add(look, offset, "bad.example")
        _add(look, offset, "203.0.113.77")
    told = look.to_json()
    assert (told["lines"], len(told["listed"])) == (MOST_LINES + 5, MOST_LINES)
    assert told["listed"][-1]["indicators"] == ["bad.example", "203.0.113.77"]
    assert told["files"] == [{"path": "a.log", "lines": MOST_LINES + 5}]


def test_nothing_to_look_at_is_told_as_nothing() -> None:
    told = LinesToLookAt().to_json()
    assert (told["lines"], told["listed"], told["help"], told["files"]) == (0, [], {}, [])

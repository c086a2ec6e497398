"""The verdict: a line is a sighting, no match or a reject; an indicator counts once a line."""

from typing import Any, cast

from quetsach.formats.contract import ParsedLines
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.job import ReadOptions, ScanJob, prepare
from quetsach.scanning.line_outcomes import LineOutcome, judge
from quetsach.schema import Event
from tests.scanning.generated import indicators

BAD = {"destination.ip": "203.0.113.77", "source.ip": "10.0.0.5"}


def _judged(
    *events: tuple[int, dict[str, Any]], candidates: set[int], options: ReadOptions | None = None
) -> LineOutcome:
    rows = ParsedLines(events=[(offset, cast("Event", event)) for offset, event in events])
    lines = [(offset, b"line") for offset in sorted({0, 5, 10, *(one[0] for one in events)})]
    job = ScanJob(indicators(), ReadOptions() if options is None else options)
    return judge(lines, rows, candidates, prepare(job))


def test_only_what_the_sieve_let_through_can_be_a_sighting() -> None:
    verdict = _judged((0, BAD), (5, BAD), candidates={0})
    assert [one.offset for one in verdict.sightings] == [0]
    assert (verdict.sighting_lines, verdict.no_match) == (1, 0)


def test_a_line_of_many_records_is_one_sighting_an_indicator_the_strongest() -> None:
    moved = {**BAD, "source.bytes": 5, "destination.bytes": 5}
    other = {"dns.question.name": "bad.example"}
    verdict = _judged((0, BAD), (0, moved), (0, BAD), (0, other), candidates={0})
    found = {one.hit.indicator.key: one.hit.grade for one in verdict.sightings}
    assert found == {"203.0.113.77": SightingGrade.MOVED, "bad.example": SightingGrade.ASKED}
    assert len(verdict.sightings) == 2
    assert verdict.sighting_lines == 1


def test_a_candidate_is_a_sighting_a_reject_or_no_match_and_never_two() -> None:
    rows = ParsedLines(events=[(0, cast("Event", BAD)), (5, cast("Event", {}))])
    rows.reject(10, "odd", b"line")
    lines = [(place, b"line") for place in (0, 5, 10)]
    verdict = judge(lines, rows, {0, 5, 10}, prepare(ScanJob(indicators())))
    assert (verdict.sighting_lines, verdict.no_match, verdict.rejects) == (1, 1, 1)


def test_what_lies_outside_the_period_is_no_match_and_no_time_is_inside() -> None:
    options = ReadOptions(since_us=10, until_us=20)
    for when, inside in ((9, False), (10, True), (19, True), (20, False), (None, True)):
        event = BAD if when is None else {**BAD, "@timestamp": when}
        verdict = _judged((0, event), candidates={0}, options=options)
        assert (verdict.sighting_lines, verdict.no_match) == (int(inside), int(not inside)), when

"""The verdict: a line is a sighting, no match or a reject; an indicator counts once a line."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from quetsach.evidence.find import find_evidence
from quetsach.formats.contract import ParsedLines, Reject
from quetsach.scanning.grades import SightingGrade
from quetsach.scanning.job import ReadOptions, ScanJob, prepare
from quetsach.scanning.line_outcomes import LineOutcome, SplitAccount, judge
from quetsach.scanning.plan import Split, make_plan
from quetsach.scanning.scan import scan_split
from quetsach.schema import Event
from quetsach.sieve.contract import LineClock, Sieve, SieveResult
from tests.scanning.generated import indicators
from tests.sweeping.evidence import HEADER, conn, write

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


class _LossySieve:
    """A sieve that does not see the last line of a block."""

    name = "lossy"

    def __init__(self, sieve: Sieve) -> None:
        self._sieve = sieve

    def scan(
        self, block: bytes | bytearray | memoryview, clock: LineClock | None, marker: bytes | None
    ) -> SieveResult:
        """Return the result for all lines but the last."""
        whole = bytes(block)
        return self._sieve.scan(whole[: whole.rfind(b"\n", 0, -1) + 1], clock, marker)


def _split(folder: Path) -> Split:
    lines = "".join(conn(n, "10.0.0.5", "198.51.100.1") for n in range(9))
    log = write(folder / "a.log", HEADER + lines)
    (split,) = make_plan(*find_evidence([str(log)])).splits()
    return split


def test_a_sieve_that_loses_a_line_is_told_with_a_code(tmp_path: Path) -> None:
    """The lines are counted without the sieve, so that the ledger can fail."""
    split = _split(tmp_path)
    honest = prepare(ScanJob(indicators()))
    assert not scan_split(split, honest).problems
    lossy = replace(honest, sieve=_LossySieve(honest.sieve))
    (problem,) = scan_split(split, lossy).problems
    assert (problem.code, problem.where) == ("E129", split.shown)
    # A part of the split ends before its header: the last line of both parts is lost.
    assert problem.facts["lines"] == problem.facts["sieved"] + 2


def test_a_candidate_that_ends_as_nothing_is_told_with_a_code(tmp_path: Path) -> None:
    account = SplitAccount(_split(tmp_path), frozenset())
    account.sieved(lines=3, candidates=2)
    account.add(LineOutcome(no_match=1))
    account.check_sum(3)
    (problem,) = account.problems
    assert (problem.code, problem.facts["ended"]) == ("E129", 2)


def test_lines_that_add_up_are_no_problem(tmp_path: Path) -> None:
    account = SplitAccount(_split(tmp_path), frozenset())
    account.sieved(lines=5, candidates=3)
    # A candidate was refused, another line too, and one belongs to the record before it.
    account.add(LineOutcome(sighting_lines=1, rejects=2, refused_candidates=1))
    account.joined(1)
    account.reject(Reject(5, "odd", b""))
    account.reject(Reject(15, "odd", b""))
    account.check_sum(5)
    assert not account.problems

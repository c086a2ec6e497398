"""Records of several lines: never cut by a batch, and never held without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.scanning import parsing
from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.parsing import ChosenLine, LineChooser, WholeRecords, look_at_rejects
from quetsach.sieve.contract import SieveResult
from tests.scanning.generated import indicators


def _starts(line: bytes) -> bool:
    return line.startswith((b"lease ", b"ia-na"))


def through(lines: list[Line], cuts: list[int], candidates: set[int]) -> list[list[Line]]:
    whole = WholeRecords((b"lease ", b"ia-na"))
    given_on: list[list[Line]] = []
    met: set[int] = set()
    for first, last in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        part = lines[first:last]
        among = {offset for offset, _ in part} & candidates
        for batch, found in whole.add(part, among):
            given_on.append(batch)
            met |= found
    for batch, found in whole.rest():
        given_on.append(batch)
        met |= found
    assert met == candidates
    return given_on


@given(
    st.lists(st.sampled_from([b"lease 1 {", b"  starts", b"}", b"ia-na x"]), max_size=30),
    st.lists(st.integers(0, 30), max_size=4),
)
def test_no_batch_begins_inside_a_record_and_no_line_is_lost(
    texts: list[bytes], cuts: list[int]
) -> None:
    lines = list(enumerate(texts))
    places = sorted(min(one, len(lines)) for one in cuts)
    batches = through(lines, places, {place for place, _ in lines[::3]})
    assert [one for batch in batches for one in batch] == lines
    assert all(_starts(batch[0][1]) for batch in batches[1:])


def test_a_record_without_end_is_handed_on_in_parts() -> None:
    lines = [(place, b"  x") for place in range(2 * parsing.MOST_LINES + 10)]
    whole = WholeRecords(b"lease ")
    batches = [batch for one in lines for batch, _ in whole.add([one], set())]
    assert [len(batch) for batch in batches] == 2 * [parsing.MOST_LINES + 1]


def test_what_belongs_to_one_event_is_one_line_for_whoever_looks_for_words_in_it() -> None:
    lines = [(0, b"#"), (2, b"}"), (4, b"lease 1 {"), (14, b"}"), (16, b"lease 2 {")]
    joined, among = WholeRecords(b"lease ").join_by_event(lines, {2, 14}, {4, 16})
    assert joined == [(0, b"#"), (2, b"}"), (4, b"lease 1 {\n}"), (16, b"lease 2 {")]
    assert among == {2, 4}


LINES = b"one\ntwo\n\nfour\n"


def _chosen(
    chooser: LineChooser,
    segment: bytes,
    base: int = 0,
    *,
    candidates: tuple[tuple[int, int], ...] = (),
    marker: bytes | None = None,
) -> list[ChosenLine]:
    layout = LogLayout("any", marker=marker)
    scan = SieveResult(segment.count(b"\n"), list(candidates), [])
    return chooser.choose(segment, len(segment), base, scan, layout)


def _no_head() -> LineChooser:
    return LineChooser(has_head=False, sample_bytes=1 << 20)


def test_a_candidate_stays_one_when_the_line_is_chosen_for_another_reason_too() -> None:
    chooser = LineChooser(has_head=True, sample_bytes=1 << 20)
    chosen = _chosen(chooser, LINES, candidates=((4, 7),))
    assert chosen == [(0, (3, False)), (4, (7, True)), (8, (8, False)), (9, (13, False))]


def test_the_head_is_chosen_once_over_all_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "HEAD_LINES", 5)
    chooser = LineChooser(has_head=True, sample_bytes=1 << 20)
    assert len(_chosen(chooser, LINES)) == 4
    assert [start for start, _ in _chosen(chooser, LINES, len(LINES))] == [0]
    assert _chosen(chooser, LINES, 2 * len(LINES)) == []
    assert chooser.head_offsets == {0, 4, 8, 9, len(LINES)}


def test_of_a_log_of_leases_every_filled_line_is_chosen() -> None:
    assert [start for start, _ in _chosen(_no_head(), LINES, 1, marker=b"")] == [0, 4, 9]


def test_a_last_line_without_end_is_chosen() -> None:
    assert _chosen(_no_head(), LINES + b"fi", 1) == [(14, (16, False))]
    assert _chosen(_no_head(), LINES, 1) == []


def test_samples_lie_at_the_same_offsets_however_a_log_is_cut() -> None:
    log = b"".join(b"line %d\n" % number for number in range(200))
    chooser = LineChooser(has_head=False, sample_bytes=100)
    whole = {start for start, _ in _chosen(chooser, log)}
    assert len(whole) == len(range(0, len(log), 100))
    for cut in (log.index(b"line 50\n"), log.index(b"line 77\n")):
        parts = {start for start, _ in _chosen(chooser, log[:cut])}
        parts |= {cut + start for start, _ in _chosen(chooser, log[cut:], cut)}
        assert parts == whole


def test_a_refused_line_that_names_an_indicator_is_to_be_looked_at() -> None:
    lines: list[Line] = [(0, b"x\x0cGET http://bad.example/"), (40, b"odd"), (50, b"bad.example")]
    rows = ParsedLines()
    for offset, line in lines:
        rows.reject(offset, "not-a-request", line)
    looked = look_at_rejects(rows, lines, {0, 40}, prepare(ScanJob(indicators())))
    assert [(offset, event["event.dataset"]) for offset, event in looked.events] == [(0, "text")]
    assert [reject.offset for reject in looked.rejects] == [40, 50]

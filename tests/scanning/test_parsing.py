"""Records of several lines: never cut by a batch, and never held without end."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from quetsach.containers.streams import Codec
from quetsach.formats.contract import Line, LogLayout, ParsedLines
from quetsach.scanning import parsing
from quetsach.scanning.job import ScanJob, prepare
from quetsach.scanning.line_outcomes import SplitAccount
from quetsach.scanning.parsing import LineParser, WholeRecords, look_at_rejects
from quetsach.scanning.plan import Split
from tests.scanning.generated import indicators

TOOLS = prepare(ScanJob(indicators()))


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


def test_a_refused_line_that_names_an_indicator_is_to_be_looked_at() -> None:
    lines: list[Line] = [(0, b"x\x0cGET http://bad.example/"), (40, b"odd"), (50, b"bad.example")]
    rows = ParsedLines()
    for offset, line in lines:
        rows.reject(offset, "not-a-request", line)
    looked = look_at_rejects(rows, lines, {0, 40}, TOOLS)
    assert [(offset, event["event.dataset"]) for offset, event in looked.events] == [(0, "text")]
    assert [reject.offset for reject in looked.rejects] == [40, 50]


@given(st.lists(st.integers(0, 12), max_size=3), st.sets(st.integers(0, 11)))
def test_lines_may_come_in_any_parts(cuts: list[int], looked_at: set[int]) -> None:
    layout = LogLayout(dataset="text")
    texts = [b"2026-09-01T08:15:22Z x.bad.example", b"", b"\x00 c2.test", b"bad.example"] * 3
    lines: list[Line] = list(enumerate(texts))
    places = sorted(cuts)
    pairs = zip([0, *places], [*places, len(lines)], strict=True)
    parsers = [
        LineParser(split, TOOLS, SplitAccount(split, set()))
        for split in 2 * [Split(0, "a.log", Path("a.log"), Codec.PLAIN, "text", layout, 0, 1, 1)]
    ]
    parsers[0].parse_lines(lines, looked_at, layout)
    for first, last in pairs:
        parsers[1].parse_lines(lines[first:last], looked_at, layout)
    for parser in parsers:
        parser.finish(layout)
    whole, parts = (parser.sightings.to_ipc() for parser in parsers)
    assert whole == parts
    assert bool(whole) == bool(looked_at - {1, 5, 9})

"""The account of what was sent: nothing is lost, nothing is counted twice."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.notices.ledger import NoticeAccount, ledger_json, ledger_of
from quetsach.notices.model import Notice, NoticeFile, NoticeTrace, RejectedItem, TraceOutcome

OUTCOMES = [one for one in TraceOutcome if one is not TraceOutcome.REJECTED]


def a_file(path: str, outcomes: list[TraceOutcome]) -> tuple[NoticeFile, list[NoticeTrace]]:
    traces = []
    for number, outcome in enumerate(outcomes, start=1):
        item: Notice | RejectedItem = Notice(path, number, "203.0.113.5", when_us=number)
        if outcome is TraceOutcome.REJECTED:
            item = RejectedItem(path, number, "bad-time", "x")
        traces.append(NoticeTrace(item, outcome, "because"))
    notices = tuple(one.notice for one in traces if isinstance(one.notice, Notice))
    rejected = tuple(one.notice for one in traces if isinstance(one.notice, RejectedItem))
    return NoticeFile(path, "table", "0" * 64, len(outcomes), notices, rejected), traces


@given(st.lists(st.lists(st.sampled_from(list(TraceOutcome)), max_size=8), max_size=4))
def test_the_sums_agree_in_each_file_and_in_all(sent: list[list[TraceOutcome]]) -> None:
    made = [a_file(f"{at}.csv", outcomes) for at, outcomes in enumerate(sent)]
    files = [file for file, _traces in made]
    page = ledger_json(ledger_of(files, [one for _file, traces in made for one in traces]))
    for row in (page, *page["files"]):
        assert row["items"] == sum(row[one.value] for one in TraceOutcome)
        rest = row["no-data"] + row["not-ours"] + row["rejected"]
        assert row["items"] == row["hit"] + row["no_hit"] + rest
    for name in (*map(str, TraceOutcome), "items", "hit"):
        assert page[name] == sum(row[name] for row in page["files"])
    assert page["items"] == sum(map(len, sent))


def test_an_item_without_outcome_is_a_fault_that_shows() -> None:
    file, traces = a_file("a.csv", [TraceOutcome.DEVICE, TraceOutcome.NO_DATA])
    with pytest.raises(AssertionError):
        ledger_of([file], traces[:1])
    with pytest.raises(AssertionError):
        ledger_of([file], [*traces, traces[0]])


def test_a_notice_sent_twice_is_named_with_both_places_and_counted_twice() -> None:
    first, traces = a_file("a.csv", [TraceOutcome.DEVICE])
    second, more = a_file("b.csv", [TraceOutcome.DEVICE])
    ledger = ledger_of([first, second], [*traces, *more])
    assert ledger.items == 2
    assert ledger.repeated == 1
    assert ledger.repeats[0].places == (("a.csv", 1), ("b.csv", 1))


def test_another_port_is_another_notice() -> None:
    first, traces = a_file("a.csv", [TraceOutcome.DEVICE])
    second, _more = a_file("b.csv", [TraceOutcome.DEVICE])
    other = NoticeTrace(replace(second.notices[0], port=9), TraceOutcome.DEVICE, "x")
    assert ledger_of([first, second], [*traces, other]).repeated == 0


def test_hits_are_devices_and_candidates() -> None:
    counts = dict.fromkeys(TraceOutcome, 0) | {TraceOutcome.DEVICE: 2, TraceOutcome.CANDIDATES: 1}
    assert NoticeAccount("a.csv", "table", "", 3, counts).hits == 3

"""The history of leases answers as its slow twin does, on records of every sort and order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.attribution import lease_history
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import Holder
from tests.attribution.lease_rows import ADDRESS, MINUTE, A, B, C, Record, table
from tests.oracles import leases as oracle

PATHS = ["a.log", "b.log"]
STEP = 5 * MINUTE
LAST = 60


def _rows(records: list[Record]) -> list[oracle.Row]:
    return [
        oracle.Row(
            round(one.hour * 60) * MINUTE,
            PATHS[one.file],
            one.offset,
            one.act,
            one.mac or "",
            one.server or "",
            None if one.hours is None else round(one.hours * 3600),
            bool(one.rough),
        )
        for one in records
    ]


def _records(
    acts: list[str],
    macs: list[str | None],
    servers: list[str | None],
    *,
    roughs: bool = True,
    most: int = 14,
) -> st.SearchStrategy[list[Record]]:
    """Return lists of records on a grid of five minutes, no two at one place."""
    one = st.builds(
        Record,
        name=st.none(),
        client_id=st.none(),
        address=st.just(ADDRESS),
        offset=st.just(0),
        hour=st.integers(0, LAST).map(lambda number: number * 5 / 60),
        mac=st.sampled_from(macs),
        act=st.sampled_from(acts),
        hours=st.sampled_from([None, 0, -1, 5 / 60, 10 / 60, 0.5, 1, 2, 0xFFFFFFFF / 3600]),
        server=st.sampled_from(servers),
        rough=st.sampled_from([False, False, False, True, None] if roughs else [False]),
        file=st.integers(0, 1),
    )
    return st.lists(one, max_size=most).map(
        lambda found: [each._replace(offset=number) for number, each in enumerate(found)]
    )


ANY = _records(
    ["given", "given", "given", "released", "expired", "declined", "reserved", "seen", "seen"],
    [A, A, B, B, C, None],
    [None, None, "s1", "s2"],
)
PLAIN = _records(
    ["given", "given", "given", "released", "expired"], [A, B, C], ["s1"], roughs=False, most=40
)


def _told(holder: Holder | None) -> oracle.Told | None:
    if holder is None:
        return None
    rivals = frozenset(one.device for one in holder.rivals)
    assert len(rivals) == len(holder.rivals)
    return holder.interval.machine, str(holder.grade), rivals


def _agree(records: list[Record], slack: int) -> None:
    history = LeaseHistory(table(records), PATHS)
    spans = oracle.spans(_rows(records))
    shown = [
        (str(one.act), one.machine, one.start_us, one.end_us, str(one.ended), one.rough)
        for one in history.intervals(ADDRESS)
    ]
    assert shown == [
        (
            one.act,
            one.machine,
            one.start,
            None if one.end >= oracle.FOREVER else one.end,
            "open" if one.ended == "over" else one.ended,
            one.rough,
        )
        for one in spans
        if one.machine
    ]
    edges = {time for one in spans for time in (one.start, one.natural, one.end)}
    near = {one + more for one in edges for more in (-slack - 1, -slack, -1, 0, 1, slack)}
    grid = {number * STEP + STEP // 2 for number in range(-4, LAST + 40, 2)}
    for when in (None, *sorted(one for one in near | grid if one < 10 * oracle.DAY)):
        wanted = oracle.holder(spans, when, slack)
        assert _told(history.holder(ADDRESS, when, slack_us=slack)) == wanted, when


@settings(max_examples=60, deadline=None)
@given(ANY, st.sampled_from([0, 1, 3 * MINUTE]))
def test_any_records_agree(records: list[Record], slack: int) -> None:
    _agree(records, slack)


@settings(max_examples=60, deadline=None)
@given(PLAIN, st.sampled_from([0, 3 * MINUTE]))
def test_leases_of_one_server_agree_from_a_few_runs(records: list[Record], slack: int) -> None:
    few, lease_history._FEW = lease_history._FEW, 1
    try:
        _agree(records, slack)
    finally:
        lease_history._FEW = few


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_order_and_repetition_of_the_records_do_not_matter(data: st.DataObject) -> None:
    records = data.draw(ANY)
    one = LeaseHistory(table(records), PATHS)
    other = LeaseHistory(table(data.draw(st.permutations(records))), PATHS)
    assert one.intervals(ADDRESS) == other.intervals(ADDRESS)
    assert one.notes() == other.notes()
    for number in range(0, LAST + 10, 3):
        assert one.holder(ADDRESS, number * STEP) == other.holder(ADDRESS, number * STEP)

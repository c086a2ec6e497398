"""The periods without a doubt are those in which the answers have none, asked one by one."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.attribution import sure_holders
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import Certainty
from quetsach.attribution.sure_holders import NOBODY
from tests.attribution.lease_rows import ADDRESS, HOUR, MINUTE, A, B, C, Record, table
from tests.attribution.test_lease_oracle import ANY, LAST, PATHS, PLAIN, _records
from tests.whole import daily

SURE = (Certainty.CERTAIN, Certainty.LIKELY)
DAY = 24 * HOUR
ONE = _records(
    ["given", "given", "released", "expired", "declined", "seen", "reserved"],
    [A],
    [None, "s1"],
    most=12,
)
KEPT = _records(["given", "given", "seen", "reserved"], [A], ["s1"], most=8)
FAR_APART = st.lists(
    st.builds(
        Record,
        name=st.none(),
        client_id=st.none(),
        address=st.just(ADDRESS),
        file=st.just(0),
        offset=st.just(0),
        hour=st.integers(0, 200).map(lambda number: number * 24.0),
        mac=st.sampled_from([A, A, A, B]),
        act=st.sampled_from(["given", "given", "given", "released", "seen"]),
        hours=st.sampled_from([0xFFFFFFFF / 3600, -1, None, 1, 24 * 31, 24 * 9]),
        server=st.sampled_from(["s1", "s1", "s1", None]),
        rough=st.booleans(),
    ),
    max_size=6,
).map(lambda found: [one._replace(offset=number) for number, one in enumerate(found)])


def _times(records: list[Record], slack: int) -> list[int]:
    ends = {one.hour + (24 if one.hours is None else one.hours) for one in records}
    edges = {round(hour * 60) * MINUTE for hour in {*ends, *(one.hour for one in records)}}
    edges |= {one + sign * 30 * DAY for one in edges for sign in (-1, 1)}
    near = {one + more for one in edges for more in (-slack - 1, -slack, -1, 0, 1, slack)}
    grid = {number * 7 * MINUTE for number in range(-4, LAST)}
    return sorted(one for one in near | grid if abs(one) < 10**17)


def _agree(records: list[Record], slack: int) -> bool:
    history = LeaseHistory(table(records), PATHS)
    sure = history.sure_holders(ADDRESS, slack)
    if sure is None:
        return False
    for before, after in pairwise(sure):
        assert before[1].until_us <= after[1].since_us
    for when in _times(records, slack):
        found = history.holder(ADDRESS, when, slack_us=slack)
        told = [machine for machine, (since, until) in sure if since <= when < until]
        if found is None:
            assert told == [NOBODY], when
        else:
            wanted = [found.mac] if found.grade in SURE else []
            assert [one.mac for one in told] == wanted, when
    return True


@settings(max_examples=daily(40, whole=500), deadline=None)
@given(st.one_of(ANY, PLAIN, ONE, KEPT, FAR_APART), st.sampled_from([0, 1, 3 * MINUTE, HOUR // 2]))
def test_periods_without_doubt_are_those_of_the_answers(records: list[Record], slack: int) -> None:
    _agree(records, slack)


def test_plain_records_are_answered_at_once() -> None:
    assert _agree([Record(10)], HOUR // 2)
    assert _agree([Record(10), Record(40), Record(41, act="released"), Record(90)], HOUR // 2)
    assert _agree([Record(10), Record(12, B), Record(20, C), Record(30, B)], HOUR // 2)
    assert _agree([Record(10), Record(11, act="seen"), Record(12, act="reserved")], 0)


def test_what_is_not_plain_is_to_be_asked() -> None:
    assert not _agree([], 0)
    assert not _agree([Record(10, act="seen"), Record(10, B, act="seen")], 0)
    assert not _agree([Record(10, server="s1"), Record(11, B, server="s2")], 0)
    many = [Record(hour) for hour in range(0, 20 * (sure_holders.MOST_RUNS + 1), 20)]
    assert not _agree(many, 0)

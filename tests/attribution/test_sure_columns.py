"""Periods without a doubt by columns are those of each address by itself."""

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.attribution import sure_columns
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.lease_runs import NEVER, UNTOLD
from quetsach.attribution.sure_holders import NOBODY
from tests.attribution.lease_rows import HOUR, MINUTE, A, Record, table
from tests.attribution.test_lease_oracle import ANY, PATHS, PLAIN, _records
from tests.attribution.test_sure_holders import FAR_APART, ONE
from tests.whole import daily

LEASED = _records(["given", "given", "released", "declined"], [A, "", "00-17-A4-00-00-0B"], ["s1"])


@settings(max_examples=daily(40, whole=1000), deadline=None)
@given(
    st.lists(st.one_of(ANY, PLAIN, ONE, FAR_APART, LEASED), max_size=5),
    st.sampled_from([0, 1, 3 * MINUTE, HOUR // 2]),
    st.sampled_from([3, 200_000]),
)
def test_periods_are_those_of_each_address(
    lists: list[list[Record]], slack: int, piece: int
) -> None:
    records = [
        one._replace(address=f"10.0.0.{number}", offset=1000 * number + one.offset)
        for number, each in enumerate(lists)
        for one in each
    ]
    history = LeaseHistory(table(records), PATHS)
    told = set()
    with patch.object(sure_columns, "PIECE_RUNS", piece):
        for leases in history.all_sure_holders(slack):
            found = leases.periods
            rows = zip(found.place, found.machine, found.since, found.until, strict=True)
            by_address: dict[int, list[object]] = {}
            for place, machine, since, until in rows:
                who = NOBODY if machine == UNTOLD else leases.parts(int(machine))
                by_address.setdefault(place, []).append((who, (since, min(until, NEVER))))
            for place, text in enumerate(leases.addresses):
                wanted = history.sure_holders(text, slack) or []
                # What has no end has none, whatever is added to it.
                ends = [(who, (one.since_us, min(one.until_us, NEVER))) for who, one in wanted]
                assert by_address.get(place, []) == ends
                assert history.sure_holders(text, slack) is not None
                assert text not in told
                told.add(text)
    for number, each in enumerate(lists):
        is_plain = all(one.act in {"given", "released", "expired"} and one.mac for one in each)
        if each and is_plain and len({one.server for one in each}) == 1:
            assert f"10.0.0.{number}" in told


def test_without_leases_there_is_nothing() -> None:
    assert list(LeaseHistory(table([]), PATHS).all_sure_holders(0)) == []
    (piece,) = LeaseHistory(table([Record(10, act="seen")]), PATHS).all_sure_holders(0)
    assert piece.addresses == []

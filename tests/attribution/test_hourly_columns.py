"""Devices of many addresses at once are those of each by itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.arrays import np
from quetsach.attribution.hourly_columns import AskedHours
from quetsach.attribution.overrides import Override
from tests.attribution.lease_rows import ADDRESS, HOUR, A, Record
from tests.attribution.test_hourly_devices import MACHINES, _devices
from tests.attribution.test_lease_oracle import ANY, PLAIN, _records
from tests.attribution.test_steady import OVERRIDES
from tests.whole import daily

TEXTS = [ADDRESS, "10.0.0.6", "10.0.0.7", "10.0.0.8", "10.0.0.9"]
ONE = _records(["given", "given", "released"], [A], ["s1"], most=6)


@settings(max_examples=daily(30, whole=500), deadline=None)
@given(
    st.lists(st.one_of(ANY, PLAIN, ONE), max_size=4),
    st.one_of(st.just([]), st.just([]), OVERRIDES),
    st.integers(0, len(MACHINES)),
    st.lists(
        st.tuples(st.integers(-3, 60), st.integers(0, 80)), min_size=len(TEXTS), max_size=len(TEXTS)
    ),
    st.sampled_from([0, 17 * 60_000_000]),
)
def test_stretches_are_those_of_each_address(
    lists: list[list[Record]],
    overrides: list[Override],
    machines: int,
    spans: list[tuple[int, int]],
    aside: int,
) -> None:
    records = [
        one._replace(address=TEXTS[number], offset=1000 * number + one.offset)
        for number, each in enumerate(lists)
        for one in each
    ]
    devices = _devices(records, overrides, MACHINES[:machines])
    firsts = [first * HOUR + aside for first, _more in spans]
    lasts = [(first + more) * HOUR + aside for first, more in spans]
    asked = AskedHours(TEXTS, np.array(firsts), np.array(lasts))
    told = devices.columns(asked)
    answered = told.answered.tolist()
    assert set(told.place.tolist()) == set(answered)
    for place, text in enumerate(TEXTS):
        rows = zip(told.since[told.place == place], told.device[told.place == place], strict=True)
        found = [(since, told.names[code] if code >= 0 else None) for since, code in rows]
        if place in answered:
            assert found == devices.over(text, firsts[place], lasts[place])
        else:
            assert found == []
    if lists and not overrides and not machines and all(one.server == "s1" for one in lists[0]):
        assert not lists[0] or 0 in answered or any(one.act != "given" for one in lists[0])


def test_an_address_that_the_inventory_names_is_to_be_asked_for() -> None:
    asked = AskedHours([ADDRESS, "10.0.0.6"], np.array([0, 0]), np.array([50 * HOUR] * 2))
    records = [Record(10), Record(10, address="10.0.0.6")]
    assert _devices(records, [], MACHINES).columns(asked).answered.tolist() == [1]
    assert _devices(records, []).columns(asked).answered.tolist() == [0, 1]

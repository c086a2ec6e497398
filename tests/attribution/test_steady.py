"""Answers stay the same for as long as is said, held against one question after another."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.attribution import lease_history
from quetsach.attribution.devices import Attributor
from quetsach.attribution.holders import FAR_US
from quetsach.attribution.identity import Identities
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import (
    AttributionStep,
    Certainty,
    InsideEndpoint,
    OutsideEndpoint,
    StepKind,
)
from quetsach.attribution.overrides import Override, Overrides
from quetsach.attribution.questions import (
    Attribution,
    NetworkContext,
    Resolver,
    SightingEnds,
    SightingRole,
)
from quetsach.attribution.steady import ALWAYS, Period, between
from quetsach.inventory.lookup import Inventory
from quetsach.inventory.model import InventoryMachine
from tests.attribution.lease_rows import ADDRESS, HOUR, MINUTE, A, B, Record, table
from tests.attribution.test_lease_oracle import ANY, PATHS, PLAIN
from tests.whole import daily

SLACKS = st.sampled_from([0, 1, 3 * MINUTE, 30 * MINUTE])


def _times(records: list[Record], slack: int) -> list[int]:
    """Return times near each border that the records could make."""
    hours = {one.hour + more for one in records for more in (0, 24, 5 / 60, 0.25, 0.5, 1, 2, -0.25)}
    borders = {round(60 * hour) * MINUTE for hour in hours}
    far = {one + sign * FAR_US for one in borders for sign in (-1, 1)}
    times = sorted(
        {one + more for one in borders | far for more in (-slack - 1, -slack, -1, 0, 1, slack)}
    )
    # All of them where there are few records; an odd step meets each kind where there are many.
    return times[:: len(times) // 70 * 2 + 1]


def _holds(history: LeaseHistory, records: list[Record], slack: int) -> None:
    times = _times(records, slack)
    answers = [history.holder(ADDRESS, when, slack_us=slack) for when in times]
    for when, answer in zip(times, answers, strict=True):
        since, until = history.steady(ADDRESS, when, slack_us=slack)
        assert since <= when < until
        inside = {other for other, at in zip(answers, times, strict=True) if since <= at < until}
        edges = {
            history.holder(ADDRESS, edge, slack_us=slack)
            for edge in (since, until - 1)
            if edge not in (ALWAYS.since_us, ALWAYS.until_us - 1)
        }
        assert inside | edges == {answer}


@settings(max_examples=daily(10, whole=200), deadline=None)
@given(ANY, SLACKS)
def test_a_holder_stays_as_long_as_is_said(records: list[Record], slack: int) -> None:
    _holds(LeaseHistory(table(records), PATHS), records, slack)


@settings(max_examples=daily(10, whole=200), deadline=None)
@given(PLAIN, SLACKS)
def test_a_holder_by_a_few_runs_stays_as_long_as_is_said(records: list[Record], slack: int) -> None:
    few, lease_history._FEW = lease_history._FEW, 1
    try:
        _holds(LeaseHistory(table(records), PATHS), records, slack)
    finally:
        lease_history._FEW = few


def test_one_lease_is_one_period_and_what_nobody_records_stays_for_ever() -> None:
    history = LeaseHistory(table([Record(10)]), PATHS)
    assert history.steady(ADDRESS, 11 * HOUR) == (10 * HOUR, 14 * HOUR)
    assert history.steady("10.9.9.9", 11 * HOUR) == ALWAYS
    assert history.steady(ADDRESS, None) == ALWAYS


def test_a_period_lies_between_the_borders_next_to_a_time() -> None:
    assert between([5, 10, None, 20], 10) == Period(10, 20)
    assert between([], 10) == ALWAYS
    assert Period(0, 10).common(Period(5, 20)) == Period(5, 10)


def _iso(hour: int | None) -> str:
    return "" if hour is None else datetime.fromtimestamp(hour * 3600, UTC).isoformat()


def _override(
    subject: dict[str, str], span: tuple[int | None, int | None], device: str, number: int
) -> Override:
    since, until = span
    return Override(
        device=device,
        reason="seen",
        at=_iso(1),
        since=_iso(since),
        until=_iso(until),
        number=number,
        **subject,
    )


SPANS = st.tuples(st.none() | st.integers(0, 20), st.none() | st.integers(21, 40))
OVERRIDES = st.lists(
    st.builds(
        _override,
        st.sampled_from([{"address": ADDRESS}, {"mac": A}, {"address": ADDRESS, "mac": B}]),
        SPANS,
        st.sampled_from(["", "PC-X", "PC-Y"]),
        st.integers(1, 9),
    ),
    max_size=4,
)


class Doors:
    """One translation, at a single moment."""

    def chains(
        self, seen: OutsideEndpoint, *, slack_us: int = 0
    ) -> list[tuple[InsideEndpoint, ...]]:
        is_now = seen.when_us is not None and seen.when_us % 2 == 0
        return [(InsideEndpoint(ADDRESS, slack_us, Certainty.CERTAIN),)] if is_now else []


def _attributor(
    records: list[Record],
    overrides: Iterable[Override],
    *,
    translations: Doors | None = None,
    machines: Iterable[InventoryMachine] = (),
) -> Attributor:
    return Attributor(
        LeaseHistory(table(records), PATHS),
        NetworkContext(
            (ip_network("10.0.0.0/8"),),
            (ip_network("198.51.100.0/24"),),
            {"10.0.0.1": Resolver("10.0.0.1", (ADDRESS, "10.0.0.6"), ("192.0.2.53",))},
            {"10.0.0.2": (ADDRESS, "10.0.0.6", "10.0.0.7")},
        ),
        lambda _address: False,
        names=Identities(Inventory(machines), [(A, "", "PC-07"), ("", "", "")]),
        translations=translations,
        overrides=Overrides(overrides),
    )


@settings(max_examples=daily(10, whole=200), deadline=None)
@given(ANY, OVERRIDES, SLACKS)
def test_a_device_stays_as_long_as_is_said(
    records: list[Record], overrides: list[Override], slack: int
) -> None:
    attributor = _attributor(records, overrides)
    times = [
        *_times(records, slack),
        *(hour * HOUR + more for hour in range(42) for more in (-1, 0)),
    ]
    answers = [attributor.at(ADDRESS, when, slack) for when in times]
    for when, wanted in zip(times, answers, strict=True):
        answer = attributor.at(ADDRESS, when, slack)
        since, until = attributor.period_at(ADDRESS, when, slack)
        assert answer == wanted
        assert all(
            other == wanted for other, at in zip(answers, times, strict=True) if since <= at < until
        )


ENDS = st.sampled_from([ADDRESS, "10.0.0.1", "10.0.0.2", "198.51.100.9", "192.0.2.1", None])


@settings(max_examples=daily(10, whole=200), deadline=None)
@given(
    ANY,
    st.builds(
        SightingEnds,
        source=ENDS,
        destination=ENDS,
        direction=st.sampled_from(["inbound", "outbound", None]),
        field=st.sampled_from(["dns.question.name", "destination.ip", "file.hash.md5"]),
        when_us=st.none(),
        forwarded=ENDS,
        slack_us=SLACKS,
        host=st.sampled_from(["", "PC-07"]),
        host_end=st.sampled_from(["", "source"]),
        destination_nat=ENDS,
    ),
    st.booleans(),
)
def test_a_sighting_is_of_one_device_as_long_as_is_said(
    records: list[Record], ends: SightingEnds, has_doors: bool
) -> None:
    attributor = _attributor(records, (), translations=Doors() if has_doors else None)
    assert attributor.steady(ends) == ALWAYS
    times = _times(records, ends.slack_us)[::2]
    answers = [attributor.attribute(replace(ends, when_us=when)) for when in times]
    for when, wanted in zip(times, answers, strict=True):
        since, until = attributor.steady(replace(ends, when_us=when))
        assert since <= when < until
        assert all(
            other == wanted for other, at in zip(answers, times, strict=True) if since <= at < until
        )


@settings(max_examples=daily(10, whole=200), deadline=None)
@given(ANY, OVERRIDES, SLACKS, st.sampled_from(["10.0.0.9", "10.0.0.8", ADDRESS]))
def test_an_address_of_which_nothing_is_known_is_a_device_of_its_own(
    records: list[Record], overrides: list[Override], slack: int, address: str
) -> None:
    machine = InventoryMachine(key="TS-1", name="PC-08", addresses=("10.0.0.8",))
    attributor = _attributor(records, overrides, machines=[machine])
    known = attributor.named_addresses()
    assert "10.0.0.8" in known
    assert "10.0.0.9" not in known
    if address in known:
        return
    step = AttributionStep(StepKind.DIRECT, address, address, Certainty.LIKELY)
    alone = Attribution(
        address, address, "", "", Certainty.LIKELY, (), SightingRole.CLIENT, (step,)
    )
    for when in (None, *_times(records, slack)[::4]):
        assert attributor.at(address, when, slack) == alone
        assert when is None or attributor.period_at(address, when, slack) == ALWAYS

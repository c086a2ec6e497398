"""The outcome of a notice in worlds of plain lists: named, ranked, or an honest no."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.model import Certainty, StepKind
from quetsach.inventory.model import NetworkRole
from quetsach.notices.model import (
    MissingLog,
    RecordKind,
    TraceOutcome,
)
from quetsach.texts import use_language
from tests.notices.tracing import ALL, HOUR, NAT, PC, SINK, traced
from tests.oracles.notice_world import NOON, SECOND, Held, ListWorld, Nat, met


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_port_and_time_lead_through_translation_and_lease_to_a_certain_device() -> None:
    found = traced(ListWorld((NAT,), (PC,)))
    assert (found.outcome, found.device, found.grade) == (
        TraceOutcome.DEVICE,
        "PC-VT-07 (00-17-A4-B2-C3-D4)",
        Certainty.CERTAIN,
    )
    assert found.addresses == ("10.0.0.5",)
    assert [(one.kind, one.before, one.after) for one in found.steps] == [
        (StepKind.TRANSLATION, "203.0.113.5:40112", "10.0.0.5:51544"),
        (StepKind.LEASE, "10.0.0.5", PC.device),
    ]
    assert found.missing == ()
    assert "203.0.113.5:40112 was the inside address 10.0.0.5" in found.because
    assert found.unit == "Trà Cú"


def test_without_a_lease_the_inside_address_is_the_device_and_the_dhcp_log_is_missing() -> None:
    found = traced(ListWorld((NAT,)))
    assert (found.device, found.grade) == ("10.0.0.5", Certainty.LIKELY)
    assert found.missing == (MissingLog.LEASE,)


def test_a_chain_is_as_sure_as_its_weakest_step() -> None:
    weak = replace(PC, grade=Certainty.LIKELY)
    assert traced(ListWorld((NAT,), (weak,))).grade is Certainty.LIKELY
    ambiguous = traced(ListWorld((NAT,), (replace(PC, grade=Certainty.AMBIGUOUS),)))
    assert (ambiguous.outcome, ambiguous.device) == (TraceOutcome.CANDIDATES, "")
    assert ambiguous.rivals[0].device == PC.device


def test_a_log_inside_that_shows_one_machine_makes_it_likely() -> None:
    found = traced(
        ListWorld((), (PC,), (met("10.0.0.5", 4),), covered=frozenset({RecordKind.CONTACT}))
    )
    assert (found.outcome, found.device, found.grade) == (
        TraceOutcome.DEVICE,
        PC.device,
        Certainty.LIKELY,
    )
    assert found.missing == (MissingLog.TRANSLATION,)
    assert "an inside log shows that 10.0.0.5 reached 198.51.100.77:443" in found.because


def test_a_resolver_is_never_blamed_and_its_query_log_is_asked_for() -> None:
    server = Held("DC-01", "10.0.0.2", duty=NetworkRole.RESOLVER)
    world = ListWorld((), (server,), (met("10.0.0.2", 1),), covered=ALL)
    found = traced(world)
    assert (found.outcome, found.device) == (TraceOutcome.NO_DATA, "")
    assert MissingLog.RESOLVER_LOG in found.missing
    assert "DC-01" in found.because


def test_the_own_router_is_never_blamed() -> None:
    router = Held("Router", "100.64.3.9", duty=NetworkRole.GATEWAY)
    outer = Nat(("100.64.3.9", 7_000), ("203.0.113.5", 40_112), SINK)
    found = traced(ListWorld((outer,), (router,)))
    assert (found.outcome, found.device) == (TraceOutcome.NO_DATA, "")
    assert MissingLog.TRANSLATION in found.missing


def test_a_machine_that_holds_the_public_address_needs_no_translation() -> None:
    server = Held("WEB-01", "203.0.113.5")
    found = traced(ListWorld((), (server,)))
    assert (found.outcome, found.device, found.grade) == (
        TraceOutcome.DEVICE,
        "WEB-01",
        Certainty.CERTAIN,
    )
    assert found.steps[0].kind is StepKind.DIRECT


def test_a_public_address_seen_inside_on_the_notices_port_is_the_machine_itself() -> None:
    seen = (met("203.0.113.5", 1, port=40_112), met("10.0.0.6", 0))
    found = traced(ListWorld((), (), seen))
    assert (found.device, found.outcome) == ("203.0.113.5", TraceOutcome.DEVICE)


def test_a_time_taken_for_utc_is_also_tried_as_local_time_and_that_is_said() -> None:
    utc = {"when_us": NOON + 7 * HOUR, "zone_assumed": True, "zone": "UTC"}
    found = traced(ListWorld((NAT,), (PC,)), **utc)
    assert (found.device, found.grade) == (PC.device, Certainty.LIKELY)
    assert "Asia/Ho_Chi_Minh" in found.tried[0]
    written = traced(ListWorld((NAT,), (PC,), covered=ALL), when_us=NOON + 7 * HOUR)
    assert written.outcome is TraceOutcome.CANNOT_TELL


def test_a_notice_without_time_is_no_reason_to_name_anybody_surely() -> None:
    found = traced(ListWorld((NAT,), (PC,)), when_us=None)
    assert found.grade is not Certainty.CERTAIN
    nobody = traced(ListWorld(covered=ALL), when_us=None)
    assert MissingLog.TIME in nobody.missing


def test_machines_of_another_unit_are_left_out() -> None:
    seen = (met("10.0.0.5", 1, unit="Trà Cú"), met("10.0.0.6", 0, unit="Càng Long"))
    assert traced(ListWorld((), (), seen)).device == "10.0.0.5"


MACHINES = st.integers(1, 6)
NATS = st.builds(
    lambda inside, port, public, remote, start, long: Nat(
        (f"10.0.0.{inside}", 50_000 + port),
        ("203.0.113.5", 40_110 + public),
        (f"198.51.100.{76 + remote}", 443),
        NOON + start * SECOND,
        NOON + (start + long) * SECOND,
    ),
    MACHINES,
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(-900, 900),
    st.integers(0, 300),
)
CONTACTS = st.builds(
    lambda inside, at, port: met(f"10.0.0.{inside}", at, port=40_110 + port),
    MACHINES,
    st.integers(-900, 900),
    st.integers(0, 4),
)
WORLDS = st.builds(
    ListWorld,
    st.lists(NATS, max_size=6).map(tuple),
    st.just(()),
    st.lists(CONTACTS, max_size=6).map(tuple),
    covered=st.frozensets(st.sampled_from(list(RecordKind))),
)


@given(WORLDS, st.booleans(), st.sampled_from(["second", "minute", "day"]))
def test_a_certain_device_is_the_only_one_its_exact_translation_allows(
    world: ListWorld, has_port: bool, digits: str
) -> None:
    use_language("en")
    found = traced(world, port=40_112 if has_port else None, time_digits=digits)
    exact = {
        one.inside[0]
        for one in world.nats
        if one.public[1] == 40_112 and one.remote == SINK
        if one.start < NOON + SECOND and one.end >= NOON
    }
    if found.grade is Certainty.CERTAIN:
        assert has_port
        assert digits == "second"
    if has_port and digits == "second" and len(exact) == 1:
        assert found.device == exact.pop()
    elif has_port and digits == "second" and exact:
        assert {one.device for one in found.rivals} | {found.device or "-"} >= exact


@given(WORLDS, st.booleans())
def test_every_answer_keeps_its_promises(world: ListWorld, has_port: bool) -> None:
    use_language("en")
    found = traced(world, port=40_112 if has_port else None)
    assert bool(found.device) == (found.outcome is TraceOutcome.DEVICE)
    assert found.because
    assert found.device not in {one.device for one in found.rivals}
    assert len({one.device for one in found.rivals}) == len(found.rivals)
    if found.outcome is TraceOutcome.CANDIDATES:
        assert found.rivals
        assert found.grade is Certainty.AMBIGUOUS
    if found.outcome is TraceOutcome.NO_DATA:
        assert found.missing
    seen = {one.inside[0] for one in world.nats} | {one.address for one in world.mets}
    assert set(found.addresses) <= seen


@given(WORLDS, st.randoms())
def test_the_order_of_the_evidence_does_not_matter(world: ListWorld, random: Any) -> None:
    use_language("en")
    nats, mets = list(world.nats), list(world.mets)
    random.shuffle(nats)
    random.shuffle(mets)
    other = traced(replace(world, nats=tuple(nats), mets=tuple(mets)))
    found = traced(world)
    assert (found.outcome, found.device, found.grade) == (other.outcome, other.device, other.grade)
    assert [one.device for one in found.rivals] == [one.device for one in other.rivals]

"""Port and time lead through translation logs to the machine inside, and to no other."""

from dataclasses import replace

import pytest

from quetsach.attribution.model import Certainty
from quetsach.notices.model import (
    MissingLog,
    TraceOutcome,
)
from quetsach.texts import use_language
from tests.notices.tracing import ALL, HOUR, NAT, PC, SINK, traced
from tests.oracles.notice_world import NOON, SECOND, ListWorld, Nat, met


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_two_translators_in_a_row_are_followed_to_the_end() -> None:
    outer = Nat(("100.64.3.9", 7_000), ("203.0.113.5", 40_112), SINK)
    inner = Nat(("10.0.0.5", 51_544), ("100.64.3.9", 7_000), SINK)
    found = traced(ListWorld((outer, inner), (PC,)))
    assert found.device == PC.device
    assert [one.after for one in found.steps] == ["100.64.3.9:7000", "10.0.0.5:51544", PC.device]


def test_the_port_of_another_time_or_another_port_blames_nobody() -> None:
    late = replace(NAT, start=NOON + HOUR, end=NOON + 2 * HOUR)
    other = replace(NAT, public=("203.0.113.5", 40_113))
    found = traced(ListWorld((late, other), (PC,), covered=ALL))
    assert (found.outcome, found.device, found.rivals) == (TraceOutcome.CANNOT_TELL, "", ())
    assert "The logs cover" in found.because
    assert "allowing 5 minutes" in found.tried[0]


def test_the_port_in_use_for_another_destination_names_nobody() -> None:
    elsewhere = replace(NAT, remote=("198.51.100.9", 443))
    found = traced(ListWorld((elsewhere,), (PC,)))
    assert (found.outcome, found.device) == (TraceOutcome.CANDIDATES, "")
    assert "another destination" in found.rivals[0].reasons[0]
    seen = traced(ListWorld((elsewhere,), (PC,), (met("10.0.0.6", 2),)))
    assert (seen.outcome, seen.device) == (TraceOutcome.DEVICE, "10.0.0.6")


def test_clocks_a_few_minutes_apart_make_it_likely_and_are_said() -> None:
    late = replace(NAT, start=NOON + 120 * SECOND, end=NOON + 180 * SECOND)
    found = traced(ListWorld((late,), (PC,)))
    assert (found.device, found.grade) == (PC.device, Certainty.LIKELY)
    assert "clocks may be a few minutes apart" in found.because


def test_one_port_of_two_machines_at_once_gives_candidates() -> None:
    twin = replace(NAT, inside=("10.0.0.6", 51_000))
    found = traced(ListWorld((NAT, twin), (PC,)))
    assert found.outcome is TraceOutcome.CANDIDATES
    assert {one.device for one in found.rivals} == {PC.device, "10.0.0.6"}
    assert found.grade is Certainty.AMBIGUOUS


def test_without_port_the_one_machine_that_was_translated_to_the_destination_is_likely() -> None:
    other = Nat(("10.0.0.6", 51_000), ("203.0.113.5", 40_200), ("198.51.100.9", 443))
    found = traced(ListWorld((NAT, other), (PC,)), port=None)
    assert (found.outcome, found.device, found.grade) == (
        TraceOutcome.DEVICE,
        PC.device,
        Certainty.LIKELY,
    )


def test_without_port_several_are_ranked_with_the_same_remote_port_first() -> None:
    web = Nat(("10.0.0.6", 51_000), ("203.0.113.5", 40_200), (SINK[0], 80))
    same = Nat(("10.0.0.7", 51_001), ("203.0.113.5", 40_201), SINK)
    found = traced(ListWorld((web, same, NAT), (PC,)), port=None)
    assert found.outcome is TraceOutcome.CANDIDATES
    assert [one.device for one in found.rivals][2] == "10.0.0.6"
    assert "same port of the destination" in " ".join(found.rivals[0].reasons)
    assert MissingLog.PORT in found.missing
    assert "gives no source port" in found.because


def test_a_guessed_zone_that_also_fits_another_machine_is_never_certain() -> None:
    later = Nat(
        ("10.0.0.6", 51_000), ("203.0.113.5", 40_112), SINK, NOON + 7 * HOUR, NOON + 8 * HOUR
    )
    local = {"zone_assumed": True, "zone": "Asia/Ho_Chi_Minh"}
    found = traced(ListWorld((NAT, later), (PC,)), **local)
    assert (found.device, found.grade) == (PC.device, Certainty.LIKELY)
    assert [one.device for one in found.rivals] == ["10.0.0.6"]

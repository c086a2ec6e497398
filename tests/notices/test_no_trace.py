"""Where nobody can be named, the logs that would have told are named."""

from dataclasses import replace

import pytest

from quetsach.attribution.model import Certainty
from quetsach.notices.model import (
    MissingLog,
    RecordKind,
    TraceOutcome,
)
from quetsach.texts import use_language
from tests.notices.tracing import ALL, HOUR, NAT, PC, traced
from tests.oracles.notice_world import NOON, ListWorld, met


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_with_neither_port_nor_destination_nobody_is_named() -> None:
    found = traced(ListWorld((NAT,), (PC,)), port=None, remote_address="", remote_port=None)
    assert (found.outcome, found.device) == (TraceOutcome.CANDIDATES, "")
    assert found.grade is Certainty.AMBIGUOUS


def test_an_address_that_is_not_among_ours_is_not_ours_whatever_the_logs_say() -> None:
    found = traced(ListWorld((NAT,), (PC,), public=("192.0.2.0/28",)))
    assert (found.outcome, found.device) == (TraceOutcome.NOT_OURS, "")


def test_without_any_log_the_very_logs_are_named() -> None:
    found = traced(ListWorld())
    assert found.outcome is TraceOutcome.NO_DATA
    assert found.missing == (MissingLog.TRANSLATION, MissingLog.CONTACT, MissingLog.OWN_ADDRESSES)
    assert "No log that would show it" in found.because


def test_a_translation_log_of_another_address_means_that_the_provider_translates() -> None:
    other = replace(NAT, public=("100.64.3.9", 40_112))
    world = ListWorld(
        (other,), covered=frozenset({RecordKind.TRANSLATION}), public=("203.0.113.0/24",)
    )
    found = traced(world)
    assert found.outcome is TraceOutcome.NO_DATA
    assert MissingLog.OUTER_TRANSLATION in found.missing


def test_a_day_alone_is_searched_whole_and_the_time_is_asked_for() -> None:
    day = {"when_us": NOON - 12 * HOUR, "time_digits": "day"}
    one = ListWorld((), (), (met("10.0.0.5", 8_000),))
    assert traced(one, **day).device == "10.0.0.5"
    two = ListWorld((), (), (met("10.0.0.5", 8_000), met("10.0.0.6", -9_000)))
    found = traced(two, **day)
    assert found.outcome is TraceOutcome.CANDIDATES
    assert MissingLog.TIME in found.missing


def test_the_nearest_contact_is_told_where_none_is_near_enough() -> None:
    found = traced(ListWorld((), (), (met("10.0.0.5", 3_600),), covered=ALL))
    assert found.outcome is TraceOutcome.CANNOT_TELL
    assert any("54 minutes away" in one or "59 minutes away" in one for one in found.tried)

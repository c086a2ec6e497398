"""Several machines that may be meant are ranked by what speaks for each."""

import pytest

from quetsach.attribution.model import Certainty
from quetsach.notices.model import (
    TraceOutcome,
)
from quetsach.scanning.grades import SightingGrade
from quetsach.texts import use_language
from tests.notices.tracing import PC, traced
from tests.oracles.notice_world import ListWorld, met


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_a_log_inside_that_shows_several_gives_candidates_by_distance_in_time() -> None:
    seen = (met("10.0.0.6", 120), met("10.0.0.5", 10), met("10.0.0.7", -200))
    found = traced(ListWorld((), (PC,), seen))
    assert found.outcome is TraceOutcome.CANDIDATES
    assert [one.address for one in found.rivals] == ["10.0.0.5", "10.0.0.6", "10.0.0.7"]
    assert found.rivals[0].places[0].path == "conn.log"


def test_the_machine_on_the_very_port_stands_before_all_others() -> None:
    seen = (met("10.0.0.6", 0), met("10.0.0.5", 9, port=40_112))
    found = traced(ListWorld((), (PC,), seen))
    assert (found.device, found.grade) == (PC.device, Certainty.LIKELY)
    assert [one.device for one in found.rivals] == ["10.0.0.6"]


def test_who_only_asked_for_the_name_stands_behind_who_connected() -> None:
    asked = met("10.0.0.6", 0, grade=SightingGrade.ANSWERED, remote_port=None, dataset="zeek.dns")
    found = traced(ListWorld((), (), (asked, met("10.0.0.5", 30))))
    assert found.device == "10.0.0.5"
    assert [one.device for one in found.rivals] == ["10.0.0.6"]

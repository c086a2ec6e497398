"""The sentences of a trace, in both languages."""

import pytest

from quetsach.notices.model import (
    RejectedItem,
    TraceOutcome,
)
from quetsach.notices.trace import trace_notice
from quetsach.texts import use_language
from tests.notices.tracing import ALL, NAT, PC, traced
from tests.oracles.notice_world import ListWorld, met


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_a_rejected_item_says_why() -> None:
    item = RejectedItem("n.csv", 2, "bad-time", "x")
    found = trace_notice(item, ListWorld())
    assert (found.outcome, found.because) == (TraceOutcome.REJECTED, "its time cannot be read")


def test_every_sentence_is_also_vietnamese() -> None:
    use_language("vi")
    worlds = (
        ListWorld(),
        ListWorld((NAT,), (PC,)),
        ListWorld((), (), (met("10.0.0.5"), met("10.0.0.6", 1))),
        ListWorld(covered=ALL),
        ListWorld(public=("192.0.2.0/28",)),
    )
    for world in worlds:
        found = traced(world)
        assert not set(found.because.lower().split()) & {"the", "and", "is", "of", "that"}
        assert all("the " not in one for one in found.tried)

"""The table of open halves is bounded, and gives up the oldest."""

import io

import msgspec

from quetsach.captures.contract import LineSink
from quetsach.captures.flows import Flow, FlowPairs, event_of


def _flow(port: int) -> Flow:
    return Flow(
        dataset="flows.netflow",
        source="10.20.3.41",
        destination="203.0.113.77",
        source_port=port,
        destination_port=443,
        protocol=6,
        start_us=1_788_225_322_000_000,
    )


def test_the_oldest_half_is_told_alone_when_there_are_too_many() -> None:
    out = io.BytesIO()
    pairs = FlowPairs(LineSink(out, 10_000), most_open=2)
    for port in (1, 2, 3, 3):
        pairs.add(_flow(port))
    told = [msgspec.json.decode(line)["source.port"] for line in out.getvalue().splitlines()]
    assert told == [1, 3]
    pairs.finish()
    assert len(out.getvalue().splitlines()) == 4


def test_what_a_flow_does_not_tell_is_absent() -> None:
    event = event_of(Flow(dataset="flows.netflow", source="10.0.0.1", destination="10.0.0.2"))
    assert event == {
        "event.dataset": "flows.netflow",
        "event.type": "connection",
        "source.ip": "10.0.0.1",
        "destination.ip": "10.0.0.2",
    }

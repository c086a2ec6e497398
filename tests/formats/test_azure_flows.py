"""Azure flow logs: each tuple is an event at its own time, whatever wraps it."""

from datetime import UTC

import pytest

from quetsach.formats.azure_flows import AzureFlows
from quetsach.formats.line_forms import read_line

TUPLE = "1788225322606,10.20.3.41,203.0.113.77,51544,443,6,O,E,NX,3,767,2,1580"


def test_the_time_is_that_of_the_flow_and_not_of_its_wrapper() -> None:
    line = f'{{"time":"2026-12-31T09:07:40Z","flow.0":"{TUPLE}"}}'.encode()
    record = read_line(line, UTC, None)
    assert record is not None
    assert record["@timestamp"] == 1_788_225_322_606_000
    assert (record["source.ip"], record["destination.port"]) == ("10.20.3.41", 443)


@pytest.mark.parametrize(
    ("tail", "kind"),
    [("T,I,D", "denied"), ("T,I,A", "connection"), ("U,I,A,E,1,80,0,0", "connection")],
)
def test_the_decision_of_a_security_group_is_told(tail: str, kind: str) -> None:
    line = f'{{"flowTuples":["1788225322,192.0.2.33,10.20.3.41,1024,22,{tail}"]}}'.encode()
    rows = AzureFlows().parse([(0, line)], AzureFlows().layout(line), UTC)
    assert [event["event.type"] for _, event in rows.events] == [kind]


def test_what_is_no_tuple_is_a_reject() -> None:
    rows = AzureFlows().parse(
        [(0, b'{"a":"1788225322,x"}'), (20, b"x")], AzureFlows().layout(b""), UTC
    )
    assert [reject.reason for reject in rows.rejects] == ["no-flow", "not-json"]


def test_a_count_of_thousands_of_digits_is_none() -> None:
    endless = TUPLE.replace("2,1580", "9" * 5000 + ",1580")
    rows = AzureFlows().parse(
        [(0, f'{{"flow.0":"{endless}"}}'.encode())], AzureFlows().layout(b""), UTC
    )
    ((_, event),) = rows.events
    assert "event.outcome" not in event

"""dnstap: who asked is named where a client asked, and nobody where the server asked itself."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.captures.contract import UnreadReason
from quetsach.captures.dnstap import Dnstap
from tests.captures.dns_building import (
    START,
    STOP,
    WHEN_S,
    control,
    field,
    frame,
    message,
    record,
    told,
)
from tests.captures.files import events_of

DECODER = Dnstap()
ANSWER = message("bad.example", answers=[record(b"\xc0\x0c", 1, bytes((203, 0, 113, 77)))])


def test_what_a_client_asked_and_was_answered() -> None:
    content = START + told(5, message("bad.example")) + told(6, ANSWER) + STOP
    assert DECODER.recognise(content, "x.fstrm")
    (asked, answered), unread = events_of(DECODER, content)
    assert asked == {
        "@timestamp": WHEN_S * 1_000_000 + 123_456,
        "event.dataset": "dnstap.dns",
        "event.type": "protocol",
        "event.action": "client-query",
        "network.transport": "udp",
        "network.application": "dns",
        "observer.name": "ns1",
        "source.ip": "10.20.3.41",
        "source.port": 40_000,
        "destination.ip": "10.20.0.53",
        "destination.port": 53,
        "dns.question.name": "bad.example",
        "dns.question.type": "A",
    }
    assert (answered["dns.answers"], answered["dns.response_code"]) == (["203.0.113.77"], "NOERROR")
    assert (answered["source.ip"], answered["@timestamp"]) == (
        asked["source.ip"],
        asked["@timestamp"],
    )
    assert unread == {}


@pytest.mark.parametrize("kind", [3, 4, 7, 8, 9, 10, 11, 12, 13, 99])
def test_what_the_server_asked_itself_names_nobody(kind: int) -> None:
    (event,), _ = events_of(DECODER, START + told(kind, message("bad.example")))
    assert event["dns.question.name"] == "bad.example"
    assert not [name for name in event if name.startswith(("source.", "destination."))]


def test_ipv6_is_read() -> None:
    (event,), _ = events_of(DECODER, START + told(1, message("bad.example"), v6=True))
    assert (event["source.ip"], event["destination.ip"]) == ("2001:db8::41", "2001:db8::53")


@pytest.mark.parametrize(("action", "kind"), [(1, "denied"), (6, "denied"), (3, "protocol")])
def test_a_policy_that_held_an_answer_back_denied_it(action: int, kind: str) -> None:
    policy = field(15, field(2, b"bad.example.rpz") + field(3, action))
    (event,), _ = events_of(DECODER, START + told(6, ANSWER, policy))
    assert (event["event.type"], event["rule.name"]) == (kind, "bad.example.rpz")


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([told(5, message("bad.example"))[:-3]], UnreadReason.CUT),
        ([b"\x00\x00"], UnreadReason.CUT),
        ([bytes(4) + b"\x00"], UnreadReason.CUT),
        ([b"\xff\xff\xff\xff"], UnreadReason.DAMAGED),
        ([frame(b"\x72\xff")], UnreadReason.DAMAGED),
        ([frame(b"\x0f")], UnreadReason.DAMAGED),
        ([frame(b"\x08" + b"\xff" * 12)], UnreadReason.DAMAGED),
        ([told(5, b"nonsense")], UnreadReason.DAMAGED),
        ([frame(field(15, 1))], UnreadReason.NOT_LOOKED_INTO),
    ],
)
def test_damage_is_counted_and_what_precedes_it_is_read(
    frames: Sequence[bytes], reason: UnreadReason
) -> None:
    good = told(5, message("bad.example"))
    events, unread = events_of(DECODER, START + good + b"".join(frames))
    assert (len(events), unread) == (1, {reason: 1})


def test_another_stream_of_frames_is_not_known() -> None:
    assert not DECODER.recognise(control(2, b"protobuf:other.Type"), "x.fstrm")
    assert not DECODER.recognise(STOP, "x.fstrm")


WHOLE = START + told(5, message("bad.example")) + told(6, ANSWER) + STOP


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=5))
def test_damaged_copies_never_raise(flips: list[tuple[int, int]]) -> None:
    damaged = bytearray(WHOLE)
    for place, value in flips:
        damaged[place] = value
    DECODER.recognise(bytes(damaged), "x")
    events_of(DECODER, bytes(damaged))

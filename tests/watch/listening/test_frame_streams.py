"""A name server greets, hands in what its clients asked, and is answered as Frame Streams ask."""

import json
import struct
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quetsach.formats.registry import recognise
from quetsach.watch.listening.frame_streams import CONTENT, LONGEST_FRAME, FrameStream
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

NOW = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)
READY = control(4, CONTENT)
ANSWER = message("bad.example", answers=[record(b"\xc0\x0c", 1, bytes((203, 0, 113, 77)))])


def begun() -> FrameStream:
    stream = FrameStream()
    assert not stream.feed(START, NOW).close
    return stream


def lines_of(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_greeting_is_answered_and_an_end_too() -> None:
    stream = FrameStream()
    assert stream.is_within
    said = stream.feed(READY, NOW)
    assert said.answer == control(1, CONTENT)
    assert stream.is_within
    assert stream.feed(START, NOW).answer == b""
    assert not stream.is_within
    assert stream.feed(STOP, NOW).answer == struct.pack(">III", 0, 4, 5)
    assert stream.end(NOW).close == ""


def test_what_clients_asked_is_read_as_a_strangers_document() -> None:
    said = begun().feed(told(5, message("bad.example")) + told(6, ANSWER), NOW)
    asked, answered = lines_of(said.text)
    assert said.count == 2
    assert asked["event.dataset"] == "dnstap"
    assert datetime.fromisoformat(asked["@timestamp"]).timestamp() == WHEN_S + 0.123456
    assert answered["dns.answers"] == ["203.0.113.77"]
    form = recognise(said.text)
    rows = form.parse([(0, said.text.splitlines()[0])], form.layout(said.text), UTC)
    event = dict(rows.events[0][1])
    assert event["source.ip"] == "10.20.3.41"
    assert event["dns.question.name"] == "bad.example"
    assert event["@timestamp"] == WHEN_S * 1_000_000 + 123_456
    assert event["observer.name"] == "ns1"


def test_what_nobody_named_asked_is_counted_and_left_out() -> None:
    said = begun().feed(told(3, message("bad.example")) + frame(b"\xff") + told(5, b"no dns"), NOW)
    assert (said.text, said.count, said.other, said.close) == (b"", 0, 3, "")


def test_frames_may_be_cut_anywhere() -> None:
    whole = READY + START + told(5, message("bad.example")) + told(6, ANSWER) + STOP
    stream, text, answer = FrameStream(), b"", b""
    for place in range(len(whole)):
        said = stream.feed(whole[place : place + 1], NOW)
        assert not said.close
        text, answer = text + said.text, answer + said.answer
    assert len(lines_of(text)) == 2
    assert answer == control(1, CONTENT) + struct.pack(">III", 0, 4, 5)


def test_a_frame_without_a_time_is_dated_by_when_it_came() -> None:
    now = NOW.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    asked = field(1, 5) + field(4, bytes((10, 20, 3, 41))) + field(10, message("bad.example"))
    said = begun().feed(frame(field(14, asked)), now)
    assert lines_of(said.text)[0]["@timestamp"] == "2026-11-30T15:15:00+07:00"


@pytest.mark.parametrize(
    ("sent", "close"),
    [
        (told(5, ANSWER), "malformed"),
        (control(4, b"protobuf:other"), "handshake"),
        (START + START, "malformed"),
        (START + READY, "malformed"),
        (STOP, "malformed"),
        (control(99), "malformed"),
        (struct.pack(">II", 0, 513), "malformed"),
        (START + struct.pack(">I", LONGEST_FRAME + 1), "malformed"),
        (START + STOP + told(5, ANSWER), "malformed"),
        (struct.pack(">IIII", 0, 8, 2, 1), "handshake"),
        (b"GET / HTTP/1.1\r\n", "malformed"),
    ],
)
def test_what_is_no_stream_is_closed(sent: bytes, close: str) -> None:
    assert FrameStream().feed(sent, NOW).close == close


def test_a_stream_that_breaks_off_is_told() -> None:
    stream = begun()
    stream.feed(told(5, ANSWER)[:-1], NOW)
    assert stream.is_within
    assert 0 < stream.held < 1_000
    assert stream.end(NOW).close == "cut"

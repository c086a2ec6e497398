"""What a decoder writes is bounded, and what it does not read is counted."""

import io
import json

import pytest

from quetsach.captures.contract import LineSink, TooMuchWritten, UnreadReason
from quetsach.texts import _, use_language


def test_an_event_is_one_line() -> None:
    sink = LineSink(io.BytesIO(), 1000)
    sink.event({"@timestamp": 1, "url.full": "a\nb"})
    sink.text(b"x\ny\n", 2)
    assert sink.out.getvalue().count(b"\n") == sink.lines == 3  # type: ignore[attr-defined]


def test_what_others_take_for_the_end_of_a_line_is_escaped() -> None:
    sink = LineSink(io.BytesIO(), 1000)
    record = {"url.full": "a\u2028b\u2029c\u0085d\r"}
    sink.event(record)
    line = sink.out.getvalue()  # type: ignore[attr-defined]  # a BytesIO
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line) == record


def test_no_more_than_the_bound_is_written() -> None:
    sink = LineSink(io.BytesIO(), 10)
    sink.text(b"1234", 1)
    with pytest.raises(TooMuchWritten):
        sink.text(b"123456", 1)
    assert sink.written == 5


def test_what_is_not_read_is_counted_by_reason() -> None:
    sink = LineSink(io.BytesIO(), 10)
    sink.miss(UnreadReason.CUT)
    sink.miss(UnreadReason.CUT, 2)
    assert sink.unread == {UnreadReason.CUT: 3}


def test_each_reason_is_said_in_vietnamese() -> None:
    use_language("vi")
    assert all(_(reason.value) != reason.value for reason in UnreadReason)

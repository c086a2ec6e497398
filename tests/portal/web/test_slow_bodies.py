"""Slow bodies: one byte a second is given up, a poor line is not, and no byte is lost: F8."""

import io

import pytest

from quetsach_portal.web.slow_bodies import PacedBody, TooSlow, paced


class Line:
    """A body whose bytes come at a rate; the clock goes on while they are waited for."""

    def __init__(self, content: bytes, bytes_a_second: float) -> None:
        self.body = io.BytesIO(content)
        self.rate = bytes_a_second
        self.now = 0.0
        self.asked: list[int] = []

    def read(self, size: int = -1, /) -> bytes:
        piece = self.body.read(size)
        self.asked.append(size)
        self.now += len(piece) / self.rate
        return piece

    def clock(self) -> float:
        return self.now


def test_F8_one_byte_a_second_is_given_up_within_a_minute() -> None:
    line = Line(bytes(10_000_000), 1)
    body = PacedBody(line, line.clock)
    with pytest.raises(TooSlow):
        body.read(4 << 20)
    assert line.now < 60


def test_F8_who_begins_quickly_and_then_trickles_is_given_up() -> None:
    line = Line(bytes(10_000_000), 1_000_000)
    body = PacedBody(line, line.clock)
    body.read(100_000)
    line.rate = 100
    with pytest.raises(TooSlow):
        for _part in range(400):
            body.read(2_000)
    assert line.now < 900


def test_a_line_of_a_commune_is_waited_for() -> None:
    line = Line(bytes(400_000), 2_000)
    assert len(PacedBody(line, line.clock).read(400_000)) == 400_000
    assert line.now > 150


def test_a_quick_body_is_read_in_large_steps() -> None:
    line = Line(bytes(8 << 20), 1e9)
    assert len(PacedBody(line, line.clock).read(8 << 20)) == 8 << 20
    assert len(line.asked) < 150
    assert max(line.asked) == 1 << 16


def test_every_byte_comes_once_and_in_order_however_it_is_asked_for() -> None:
    raw = bytes(range(256)) * 500 + b"\nlast"
    asked = (1, 7, 300, 5_000, 100_000)
    body = PacedBody(io.BytesIO(raw))
    parts = [body.read(size) for size in asked]
    assert [len(one) for one in parts] == list(asked)
    assert b"".join(parts) + body.read() == raw
    assert body.read(10) == b""


def test_lines_are_lines() -> None:
    assert list(PacedBody(io.BytesIO(b"a\nb\n\nc"))) == [b"a\n", b"b\n", b"\n", b"c"]
    body = PacedBody(io.BytesIO(b"abc\ndef"))
    assert [body.readline(2), body.readline(), body.readline()] == [b"ab", b"c\n", b"def"]


def test_the_application_gets_the_paced_body() -> None:
    seen = {}

    def application(environ, start_response):
        seen["read"] = environ["wsgi.input"].read(4)
        return [b""]

    paced(application)({"wsgi.input": io.BytesIO(b"abcdef")}, lambda *_told: None)
    assert seen["read"] == b"abcd"

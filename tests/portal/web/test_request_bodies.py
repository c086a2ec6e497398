"""Bodies of requests: silence and trickles are given up, poor lines are not: F8."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quetsach_portal.web import request_bodies
from quetsach_portal.web.request_bodies import (
    AT_ONCE,
    SMALL,
    BodyBudget,
    BrokenBody,
    RequestBody,
    TooLarge,
    TooMany,
    TooSlow,
    read_body,
)


class Line:
    """A body whose bytes come at a rate; the clock goes on while they are waited for."""

    def __init__(self, content: bytes, bytes_a_second: float, step: int = 1_000) -> None:
        self.content, self.rate, self.step = content, bytes_a_second, step
        self.now = 0.0

    async def pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), self.step):
            piece = self.content[start : start + self.step]
            self.now += len(piece) / self.rate
            yield piece

    def clock(self) -> float:
        return self.now


def take(line: Line, folder: Path, most: int = 1 << 30) -> RequestBody:
    return asyncio.run(read_body(line.pieces(), most, lambda: folder, line.clock))


def test_F8_a_trickle_is_given_up_within_a_minute(tmp_path: Path) -> None:
    line = Line(bytes(10_000), 1, step=1)
    assert not take(line, tmp_path).is_whole
    assert line.now < 60


def test_F8_a_silent_body_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_bodies, "SILENCE_S", 0.05)

    async def silent() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(3600)
        yield b"b"

    taken = asyncio.run(read_body(silent(), SMALL, lambda: tmp_path))
    assert (taken.is_whole, taken.body.read()) == (False, b"a")


def test_F8_a_small_body_is_over_in_time_however_it_comes(tmp_path: Path) -> None:
    line = Line(bytes(SMALL), 600)
    taken = take(line, tmp_path, SMALL)
    taken.body.close()
    assert not taken.is_whole
    assert line.now < request_bodies.LONGEST_SMALL_S + 10


def test_a_line_of_a_commune_is_waited_for(tmp_path: Path) -> None:
    line = Line(bytes(400_000), 2_000)
    taken = take(line, tmp_path)
    with taken.body:
        assert (taken.is_whole, len(taken.body.read())) == (True, 400_000)
    assert line.now > 150


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 300_000])
def test_every_byte_comes_once_and_in_order(size: int, tmp_path: Path) -> None:
    raw = (bytes(range(256)) * 1_200)[:size]
    taken = take(Line(raw, 1e9, step=777), tmp_path)
    assert (taken.is_whole, taken.body.read()) == (True, raw)
    taken.body.close()
    assert list(tmp_path.iterdir()) == []


def test_more_than_may_come_is_refused_at_once(tmp_path: Path) -> None:
    line = Line(bytes(10_000_000), 1e9)
    with pytest.raises(TooLarge):
        take(line, tmp_path, most=100_000)
    assert line.now * line.rate < 110_000


def test_what_came_of_a_broken_body_is_read_before_the_error(tmp_path: Path) -> None:
    taken = take(Line(b"abc\ndef" + bytes(100), 1, step=7), tmp_path)
    assert not taken.is_whole
    body = BrokenBody(taken.body)
    assert body.readline() == b"abc\n"
    assert body.read(3) == b"def"
    with pytest.raises(TooSlow):
        while True:
            body.read(10)


def test_one_address_holds_so_many_places_and_a_proxy_as_many_as_it_likes() -> None:
    room = BodyBudget(frozenset({"127.0.0.1"}))
    held = [room.for_one("192.0.2.1") for _body in range(AT_ONCE)]
    for one in held:
        one.__enter__()
    with pytest.raises(TooMany), room.for_one("192.0.2.1"):
        pass
    with room.for_one("192.0.2.2"):
        pass
    for one in held:
        one.__exit__(None, None, None)
    with room.for_one("192.0.2.1"):
        pass
    many = [room.for_one("127.0.0.1") for _body in range(AT_ONCE + 5)]
    for one in many:
        one.__enter__()

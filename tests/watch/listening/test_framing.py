"""Messages are parted the same wherever the stream is cut."""

import random

import pytest

from quetsach.watch.listening.framing import SyslogFrames

LONGEST = 64


def parted(stream: bytes, sizes: list[int]) -> tuple[list[bytes], SyslogFrames, bool]:
    frames, place, messages = SyslogFrames(LONGEST), 0, []
    for size in sizes:
        messages += frames.feed(stream[place : place + size])
        place += size
    messages += frames.feed(stream[place:])
    rest, is_cut = ([], False) if frames.is_broken else frames.end()
    return messages + rest, frames, is_cut


@pytest.mark.parametrize(
    ("stream", "messages", "too_long", "is_cut", "is_broken"),
    [
        (
            b"<13>one\n<13>two\r\n\n<13>three",
            ["<13>one", "<13>two\r", "<13>three"],
            0,
            False,
            False,
        ),
        (b"7 <13>one9 <13>a\nbcd", ["<13>one", "<13>a\nbcd"], 0, False, False),
        (b"7 <13>one\n7 <13>two\n", ["<13>one", "<13>two"], 0, False, False),
        (b"<13>line\n7 <13>two<13>line\n", ["<13>line", "<13>two", "<13>line"], 0, False, False),
        (b"7 <13>one5 plain3 {}x", ["<13>one", "plain", "{}x"], 0, False, False),
        # Lines that begin with a number.
        (b"2026-11-30 line\n1796000000 line\n120 ms\n", None, 0, False, False),
        (b"5 plain5 words", ["plain", "words"], 0, False, False),
        (b"7 <13>one50 <13>cut", ["<13>one"], 0, True, False),
        (b"7 <13>one99999", ["<13>one"], 0, True, False),
        (b"7 <13>oneGET / HTTP/1.1\r\n\r\n", ["<13>one"], 0, False, True),
        (b"70 <13>" + b"a" * 66 + b"7 <13>two", ["<13>two"], 1, False, False),
        (b"a" * 200 + b"\n<13>two\n", ["<13>two"], 1, False, False),
        (b"a" * 200, [], 1, False, False),
        (b"900000000 <13>too long", [], 1, True, False),
        (b"\0\n \r\n", [], 0, False, False),
        (b"", [], 0, False, False),
    ],
)
def test_messages_are_parted(
    stream: bytes, messages: list[str] | None, too_long: int, is_cut: bool, is_broken: bool
) -> None:
    wanted = (
        [line for line in stream.split(b"\n") if line]
        if messages is None
        else [one.encode() for one in messages]
    )
    rng = random.Random(7)
    cuts = [[], [1] * len(stream)]
    cuts += [[rng.randint(1, 9) for _ in range(20)] for _ in range(5)]
    for sizes in cuts:
        found, frames, was_cut = parted(stream, sizes)
        assert found == wanted, sizes
        assert frames.too_long == too_long
        assert frames.is_broken is is_broken
        assert was_cut is (is_cut and not is_broken)


PIECES = (
    *(b"7 <13>one", b"<13>x\n", b"12 ", b"999999999 ", b"9999999999 ", b"\n", b"\0", b"1", b" "),
    *(b"<", b"abc", b"16777217 <", b"{", b"5 \n<1>", b"5 ab\nc"),
)


def test_where_the_stream_is_cut_changes_nothing() -> None:
    rng = random.Random(5)
    for _ in range(300):
        stream = b"".join(rng.choices(PIECES, k=rng.randint(1, 30)))
        whole = parted(stream, [])
        cut = parted(stream, [rng.randint(1, 7) for _ in range(len(stream))])
        assert cut[0] == whole[0], stream
        assert cut[1].too_long == whole[1].too_long, stream
        assert (cut[1].is_broken, cut[2]) == (whole[1].is_broken, whole[2]), stream


def test_what_is_held_is_bounded() -> None:
    frames = SyslogFrames(LONGEST)
    most = 0
    for _ in range(1_000):
        assert frames.feed(b"a" * 50) == []
        most = max(most, frames.held)
    assert most <= LONGEST
    assert frames.is_within
    assert frames.feed(b"\n<13>x\n") == [b"<13>x"]
    assert not frames.is_within
    assert frames.too_long == 1

"""What comes over a wire or out of a store of a watch: syslog, frames of dnstap, kept parts."""

from datetime import UTC, datetime
from typing import Protocol

import msgspec

from bench.fuzz.mutation import mutated_bytes
from bench.fuzz.samples import texts_in
from bench.fuzz.target import BrokenPromiseError, FuzzTarget
from quetsach.watch import parts
from quetsach.watch.listening import frame_streams, framing, spoken_syslog
from tests.captures import test_dnstap
from tests.captures.dns_building import START, STOP, message, told
from tests.watch import test_parts

_NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


class _Frames(Protocol):
    def feed(self, received: bytes) -> list[bytes]: ...


def listening_targets() -> list[FuzzTarget]:
    """Return a target for each protocol that a watch listens to."""
    return [
        FuzzTarget(
            "listen.syslog-frames",
            _part,
            lambda: texts_in("watch/listening/test_framing.py", least=6),
            (framing,),
            mutated_bytes,
        ),
        FuzzTarget(
            "listen.syslog",
            _speak,
            lambda: texts_in("watch/listening/test_spoken_syslog.py", least=6),
            (spoken_syslog, framing),
            mutated_bytes,
        ),
        FuzzTarget(
            "listen.frame-stream",
            _stream,
            lambda: [test_dnstap.WHOLE, START + told(5, message("bad.example")) + STOP],
            (frame_streams,),
            mutated_bytes,
        ),
        FuzzTarget(
            "listen.kept-part",
            parts.read_part,
            lambda: [
                parts.part_of(
                    test_parts._source(7, 7, 10), parts.planned_of(test_parts._TEXT)
                ).written()
            ],
            (parts,),
            mutated_bytes,
            (msgspec.MsgspecError, ValueError),
        ),
    ]


def _part(content: bytes) -> None:
    """Fail where the messages differ by how the stream was cut."""
    cut_once, cut_often = framing.SyslogFrames(longest=64), framing.SyslogFrames(longest=64)
    at_once = cut_once.feed(content)
    often = [
        message
        for place in range(0, len(content), 7)
        for message in cut_often.feed(content[place : place + 7])
    ]
    if at_once != often or cut_once.end() != cut_often.end():
        raise BrokenPromiseError("where the stream is cut changes its messages")


def _speak(content: bytes) -> None:
    spoken = spoken_syslog.SpokenSyslog("192.0.2.7")
    spoken.feed(content, _NOW)
    spoken.end(_NOW)


def _stream(content: bytes) -> None:
    stream = frame_streams.FrameStream()
    for place in range(0, len(content), 50):
        said = stream.feed(content[place : place + 50], _NOW)
        if said.text.count(b"\n") != said.count:
            raise BrokenPromiseError("as many lines were not written as counted")
        if said.close:
            return
    stream.end(_NOW)

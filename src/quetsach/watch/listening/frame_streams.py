"""dnstap from a name server: Frame Streams with their greeting, each message a line of a spool.

Only what clients asked and were answered says who asked; all else is counted and left out.
Source: dnstap.pb (dnstap.info); Frame Streams (fstrm, control.h and fstrm_reader), in which the
sender says READY, is answered ACCEPT, and begins with START; STOP is answered FINISH.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from quetsach.captures.dnstap import client_events
from quetsach.clocks import MICROSECONDS
from quetsach.watch.listening.connections import SpokenLines

LONGEST_FRAME = 128 * 1024
"""A DNS message has 64 KiB at most; a longer frame is damage, in bytes."""

DATASET = "dnstap"
"""The data set of these lines: anybody could write some, so that they are read as a stranger's."""

CONTENT = b"protobuf:dnstap.Dnstap"

_ACCEPT, _START, _STOP, _READY, _FINISH = 1, 2, 3, 4, 5
_CONTENT_TYPE = 1
_LONGEST_CONTROL = 512


class FrameStream:
    """What one name server says."""

    def __init__(self) -> None:
        self._open = bytearray()
        self._has_begun = self._is_over = False

    @property
    def held(self) -> int:
        """How many bytes of an unfinished frame are kept."""
        return len(self._open)

    @property
    def is_within(self) -> bool:
        """Whether a frame, or the greeting, is not over."""
        return bool(self._open) or not self._has_begun

    def feed(self, received: bytes, now: datetime) -> SpokenLines:
        """Return what the whole frames tell."""
        self._open += received
        spoken, lines, place = SpokenLines(), [], 0
        while not spoken.close and (frame := self._frame(place)) is not None:
            place, content, is_control = frame
            if len(content) > (_LONGEST_CONTROL if is_control else LONGEST_FRAME):
                spoken.close = "malformed"
            elif is_control:
                self._control(content, spoken)
            elif not self._has_begun or self._is_over:
                spoken.close = "malformed"
            else:
                events = list(_lines(content, now))
                lines += events
                spoken.other += not events
        if not spoken.close and self._is_too_long(place):
            spoken.close = "malformed"
        del self._open[:place]
        spoken.text, spoken.count = b"".join(lines), len(lines)
        return spoken

    def end(self, now: datetime) -> SpokenLines:  # noqa: ARG002
        """Return whether the stream broke off within a frame."""
        return SpokenLines(close="cut" if self._open else "")

    def _frame(self, place: int) -> tuple[int, bytes, bool] | None:
        """Return where the next frame begins, what the one at `place` holds, whether it controls.

        None until all of it is there.
        """
        length, begin, is_control = self._length(place)
        if length is None or len(self._open) < begin + length:
            return None
        return begin + length, bytes(self._open[begin : begin + length]), is_control

    def _length(self, place: int) -> tuple[int | None, int, bool]:
        if len(self._open) < place + 4:
            return None, place, False
        (length,) = struct.unpack_from(">I", self._open, place)
        if length:
            return length, place + 4, False
        if len(self._open) < place + 8:
            return None, place, True
        (length,) = struct.unpack_from(">I", self._open, place + 4)
        return length, place + 8, True

    def _is_too_long(self, place: int) -> bool:
        length, _, is_control = self._length(place)
        return length is not None and length > (_LONGEST_CONTROL if is_control else LONGEST_FRAME)

    def _control(self, content: bytes, spoken: SpokenLines) -> None:
        kind = struct.unpack_from(">I", content)[0] if len(content) >= 4 else 0
        offered = _content_types(content)
        if offered is None or (kind in (_READY, _START) and offered and CONTENT not in offered):
            spoken.close = "handshake"
        elif kind == _READY and not self._has_begun:
            field = struct.pack(">II", _CONTENT_TYPE, len(CONTENT)) + CONTENT
            spoken.answer += _control_frame(_ACCEPT, field)
        elif kind == _START and not self._has_begun:
            self._has_begun = True
        elif kind == _STOP and self._has_begun:
            self._is_over = True
            spoken.answer += _control_frame(_FINISH)
        else:
            spoken.close = "malformed"


def _content_types(content: bytes) -> list[bytes] | None:
    """Return the content types that a control frame names, None where it is damaged."""
    types, place = [], 4
    while place < len(content):
        if place + 8 > len(content):
            return None
        kind, length = struct.unpack_from(">II", content, place)
        place += 8
        if kind != _CONTENT_TYPE or place + length > len(content):
            return None
        types.append(content[place : place + length])
        place += length
    return types


def _control_frame(kind: int, fields: bytes = b"") -> bytes:
    return struct.pack(">III", 0, 4 + len(fields), kind) + fields


def _lines(frame: bytes, now: datetime) -> Iterator[bytes]:
    for event in client_events(frame):
        yield msgspec.json.encode(_written(event, now)) + b"\n"


def _written(event: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return an event as others write it: its time as text, its data set nobody's own."""
    when = event.get("@timestamp")
    moment = now if when is None else datetime.fromtimestamp(when / MICROSECONDS, UTC)
    shown = moment.astimezone(now.tzinfo).isoformat()
    return {**event, "@timestamp": shown, "event.dataset": DATASET}

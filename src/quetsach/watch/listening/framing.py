"""Where a syslog message ends in a stream of TCP: by its count, or at the end of its line.

Source: RFC 6587, 3.4 (octet counting, non-transparent framing); RFC 5425, 4.3.
"""

import re
from collections.abc import Iterator

LONGEST_MESSAGE = 16 << 20
"""A longer message is left out and counted, as a longer line of a file is, in bytes."""

_COUNT = re.compile(rb"([1-9]\d{0,8}) ")
_COUNT_BYTES = 10
_BLANK = b"\r\n\0 "


class SyslogFrames:
    """Parts what one connection sends into messages.

    A message is counted if it begins so, else it ends with its line; a sender may do either each
    time. A line of digits alone and a blank, such as a time in seconds, is told from a count by
    the end of line in it. `too_long` counts messages over `longest` bytes; `is_broken` says that
    what comes is no message, and where the next one begins cannot be known.
    """

    def __init__(self, longest: int = LONGEST_MESSAGE) -> None:
        self.too_long = 0
        self.is_broken = False
        self._longest = longest
        self._open = bytearray()
        self._looked_at = 0
        self._skip = 0
        self._skips_line = False
        self._has_counted = False

    @property
    def held(self) -> int:
        """How many bytes of an unfinished message are kept."""
        return len(self._open)

    @property
    def is_within(self) -> bool:
        """Whether a message began and is not over."""
        return bool(self._open) or self._skip > 0 or self._skips_line

    def feed(self, received: bytes) -> list[bytes]:
        """Return the messages that are over."""
        self._open += received
        return list(self._messages())

    def end(self) -> tuple[list[bytes], bool]:
        """Return what the sender's end leaves: a last line is a message, a part of one is not.

        The second says that a message was cut off.
        """
        message, self._open = bytes(self._open).strip(_BLANK), bytearray()
        is_part = self._has_counted and not message.startswith(b"<")
        if self._skip or (message and (is_part or self._counted(message, is_over=True))):
            return [], True
        return ([message] if message and not self._skips_line else []), False

    def _messages(self) -> Iterator[bytes]:
        place = 0
        try:
            while (step := self._next(place)) is not None:
                place, message = step
                if message is not None and message.strip(_BLANK):
                    yield message
        finally:
            if place:
                del self._open[:place]
                self._looked_at = 0

    def _next(self, place: int) -> tuple[int, bytes | None] | None:
        """Return where the next message begins and the one at `place`; None until more comes."""
        size, start = len(self._open), place
        if self._skip:
            passed = min(self._skip, size - place)
            self._skip -= passed
            return (place + passed, None) if passed else None
        if self._skips_line:
            end = self._open.find(b"\n", place)
            self._skips_line = end < 0
            return (end + 1 if end >= 0 else size, None) if size > place else None
        while place < size and self._open[place] in _BLANK:
            # What some senders put behind a counted message.
            place += 1
        if place == size:
            return (place, None) if place > start else None
        if self._open[place] in b"123456789":
            head = bytes(self._open[place : place + _COUNT_BYTES])
            is_all = place + len(head) == size
            if is_all and (head.isdigit() or _COUNT.fullmatch(head)):
                # What follows tells what it is.
                return None
            counted = self._counted(self._open, place)
            if counted is not None:
                return self._counted_message(*counted)
            if self._may_be_counted(place):
                return None
        if self._has_counted and self._open[place] != ord("<"):
            self.is_broken = True
            return None
        return self._line(place)

    def _counted(
        self, text: bytes | bytearray, place: int = 0, *, is_over: bool = False
    ) -> tuple[int, int] | None:
        """Return where the counted message at `place` begins and ends; None for none."""
        count = _COUNT.match(text, place)
        if count is None:
            return None
        begin = count.end()
        end = begin + int(count[1])
        if self._has_counted or text[begin : begin + 1] == b"<":
            return begin, end
        if is_over or len(text) < end or end - begin > self._longest:
            return None
        # A line that begins with a number has its end before a message of that length would.
        return None if text.find(b"\n", begin, end - 1) >= 0 else (begin, end)

    def _may_be_counted(self, place: int) -> bool:
        count = _COUNT.match(self._open, place)
        if count is None or self._open.find(b"\n", count.end()) >= 0:
            return False
        return len(self._open) - count.end() < int(count[1]) <= self._longest

    def _counted_message(self, begin: int, end: int) -> tuple[int, bytes | None] | None:
        self._has_counted = True
        if end - begin > self._longest:
            self.too_long += 1
            self._skip = end - begin
            return begin, None
        if len(self._open) < end:
            return None
        return end, bytes(self._open[begin:end])

    def _line(self, place: int) -> tuple[int, bytes | None] | None:
        end = self._open.find(b"\n", max(place, self._looked_at))
        if end >= 0:
            self._looked_at = 0
            if end - place > self._longest:
                self.too_long += 1
                return end + 1, None
            return end + 1, bytes(self._open[place:end])
        if len(self._open) - place > self._longest:
            self.too_long += 1
            self._skips_line = True
            return len(self._open), None
        if place == 0:
            self._looked_at = len(self._open)
        return None

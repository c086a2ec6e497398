"""What one sender of syslog over TCP or TLS says, as lines of a spool."""

from datetime import datetime

from quetsach.formats.received import received_line
from quetsach.watch.listening.connections import SpokenLines
from quetsach.watch.listening.framing import SyslogFrames


class SpokenSyslog:
    """The messages of one connection."""

    def __init__(self, sender: str) -> None:
        self._sender, self._frames = sender, SyslogFrames()

    @property
    def held(self) -> int:
        """How many bytes of an unfinished message are kept."""
        return self._frames.held

    @property
    def is_within(self) -> bool:
        """Whether a message is not over."""
        return self._frames.is_within

    def feed(self, received: bytes, now: datetime) -> SpokenLines:
        """Return the messages that are over."""
        before = self._frames.too_long
        spoken = self._lines(self._frames.feed(received), now)
        spoken.too_long = self._frames.too_long - before
        spoken.close = "malformed" if self._frames.is_broken else ""
        return spoken

    def end(self, now: datetime) -> SpokenLines:
        """Return the last line, which its sender's end ends."""
        messages, is_cut = self._frames.end()
        spoken = self._lines(messages, now)
        spoken.close = "cut" if is_cut else ""
        return spoken

    def _lines(self, messages: list[bytes], now: datetime) -> SpokenLines:
        if not messages:
            return SpokenLines()
        stamp = now.isoformat(timespec="microseconds").encode("ascii")
        lines = [received_line(stamp, self._sender, message) for message in messages]
        return SpokenLines(b"".join(lines), len(lines))

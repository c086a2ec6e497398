"""The time a notice means: as it is written, with room for clocks, and in the other zone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from quetsach.clocks import MICROSECONDS, Zone
from quetsach.notices.model import Notice

SLACK_US = 300 * MICROSECONDS
"""How far the clocks of a sinkhole and of an office router may be apart and still be believed."""

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_LENGTHS_US = {"day": 86_400 * MICROSECONDS, "minute": 60 * MICROSECONDS, "second": MICROSECONDS}


@dataclass(frozen=True)
class Window:
    """A span of time, both ends included; None on both sides is all time.

    Units: us since 1970, UTC. `zone` is set where the span stands for the notice's time read in
    another zone than the one it was first read in.
    """

    from_us: int | None
    until_us: int | None
    zone: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether it is longer than a minute, so that a port may have had several users in it."""
        if self.from_us is None or self.until_us is None:
            return True
        return self.until_us - self.from_us >= _LENGTHS_US["minute"]

    def loosened(self, slack_us: int = SLACK_US) -> "Window":
        """Return the span, longer by `slack_us` at each end."""
        if self.from_us is None or self.until_us is None:
            return self
        return Window(self.from_us - slack_us, self.until_us + slack_us, self.zone)

    def distance_us(self, start_us: int | None, end_us: int | None) -> int:
        """Return how far the span from `start_us` to `end_us` is from this one, 0 where they meet.

        An open end reaches everywhere; so does a span without times.
        """
        if self.from_us is None or self.until_us is None:
            return 0
        if start_us is not None and start_us > self.until_us:
            return start_us - self.until_us
        if end_us is not None and end_us < self.from_us:
            return self.from_us - end_us
        return 0


def window_of(notice: Notice) -> Window:
    """Return the span that the notice's time means: a second, a minute, a day, or a period."""
    if notice.when_us is None:
        return Window(None, None)
    last = notice.when_us if notice.end_us is None else max(notice.end_us, notice.when_us)
    return Window(notice.when_us, last + _LENGTHS_US.get(notice.time_digits, MICROSECONDS) - 1)


def window_elsewhere(notice: Notice, local: Zone = VIETNAM) -> Window | None:
    """Return the span if the time was meant in the other zone; None where a zone was written.

    A time that we took for UTC may be local time, and one that we took for local time may have
    been copied from a report in UTC.
    """
    if notice.when_us is None or not notice.zone_assumed:
        return None
    is_utc = notice.zone in ("", "UTC")
    shift = _offset_us(notice.when_us, local if is_utc else _zone(notice.zone, local))
    if not shift:
        return None
    first = window_of(notice)
    assert first.from_us is not None
    assert first.until_us is not None
    by = -shift if is_utc else shift
    name = str(local) if is_utc else "UTC"
    return Window(first.from_us + by, first.until_us + by, name)


def _zone(name: str, otherwise: Zone) -> Zone:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return otherwise


def _offset_us(when_us: int, zone: Zone) -> int:
    offset = datetime.fromtimestamp(when_us // MICROSECONDS, tz=UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds()) * MICROSECONDS

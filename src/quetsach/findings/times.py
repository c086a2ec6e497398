"""Times as the findings show them: ISO 8601 with offset, in the zone of the sweep."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quetsach.clocks import MICROSECONDS, iso_from_us


def shown_time(when_us: int | None, zone: ZoneInfo) -> str | None:
    """Return a time to the second, or None for none."""
    return None if when_us is None else iso_from_us(when_us // MICROSECONDS * MICROSECONDS, zone)


def shown_hour(when_us: int, zone: ZoneInfo) -> str:
    """Return the beginning of the local hour that holds `when_us`."""
    local = datetime.fromtimestamp(when_us // MICROSECONDS, tz=zone)
    return local.replace(minute=0, second=0).isoformat(timespec="seconds")


def local_day(when_us: int, zone: ZoneInfo) -> str:
    """Return the local day that holds `when_us`, as 2022-09-12."""
    moment = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(microseconds=when_us)
    return moment.astimezone(zone).date().isoformat()

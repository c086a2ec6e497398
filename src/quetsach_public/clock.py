"""The time as the campaign counts its days."""

from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "+07")


def local_now() -> datetime:
    """Return the time of Vietnam."""
    return datetime.now(VIETNAM)

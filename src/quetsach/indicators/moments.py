"""Moments as they are written in files, and the status of an indicator at one of them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from quetsach.clocks import MICROSECONDS
from quetsach.indicators.model import Claim, Status

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=65_536)
def iso_of(when_us: int | None) -> str:
    """Return the moment in ISO 8601, UTC; "" for None, which is open."""
    if when_us is None:
        return ""
    try:
        when = _EPOCH + timedelta(microseconds=when_us)
    except OverflowError:  # beyond the years that can be written
        when = (datetime.max if when_us > 0 else datetime.min).replace(tzinfo=UTC)
    return when.replace(tzinfo=None).isoformat() + "Z"


@lru_cache(maxsize=65_536)
def us_of(written: str) -> int | None:
    """Return the moment that iso_of wrote, exactly; a time without offset is UTC.

    Errors: ValueError where it is none.
    """
    if not written:
        return None
    when = datetime.fromisoformat(written)
    since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH
    return since // timedelta(microseconds=1)


def status_at(claim: Claim, when_us: int) -> Status:
    """Return the status at `when_us`: an active indicator is expired after its last moment.

    Before its first moment it is active as well: it is known, and not yet held against anything.
    """
    until = claim.valid_until_us
    ended = until is not None and when_us > until
    return Status.EXPIRED if claim.status is Status.ACTIVE and ended else claim.status


def us_now() -> int:
    """Return the time of the clock, for the edges of the program alone."""
    return round(datetime.now(UTC).timestamp() * MICROSECONDS)

"""What people type for a zone, a network or a moment, checked; an error names the option."""

from datetime import datetime
from ipaddress import ip_network
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quetsach.addresses import Network
from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import QuetsachError


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of this IANA name; E601 for another."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise QuetsachError("E601", "--zone", reason=name) from error


def network_of(text: str, option: str = "--inside") -> Network:
    """Return the network that `text` writes; E601, naming the option, for anything else."""
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise QuetsachError("E601", option, reason=text) from error


def moment_us(option: str, text: str | None, zone: str) -> int | None:
    """Return a time in us; one without an offset is meant in `zone`. E601 for anything else."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise QuetsachError("E601", option, reason=text) from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone_of(zone))
    return round(aware.timestamp() * MICROSECONDS)

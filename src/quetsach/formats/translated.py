"""One end of a connection after translation, kept only where it differs from the end itself."""

from typing import Any

from quetsach.formats import values


def set_translation(record: dict[str, Any], side: str, ip: Any, port: Any = None) -> None:
    """Put address and port after translation into `record`; `side` is source or destination.

    An end that was left as it was, or one written as 0.0.0.0, is no translation.
    """
    found, number = values.held_address(ip), values.port(port)
    if found is None:
        return
    same_port = not number or number == record.get(f"{side}.port")
    if found == record.get(f"{side}.ip") and same_port:
        return
    record[f"{side}.nat.ip"] = found
    if number:
        record[f"{side}.nat.port"] = number


def set_end(record: dict[str, Any], side: str, ip: Any, port: Any = None) -> None:
    """Put address and port of one end into `record`, where they can be read."""
    found, number = values.address(ip), values.port(port)
    if found is not None:
        record[f"{side}.ip"] = found
    if number is not None:
        record[f"{side}.port"] = number

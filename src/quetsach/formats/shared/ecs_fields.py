"""How each field of an event is read from a written value: the one table of converters.

Source: Elastic Common Schema 8 for the types of the fields.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from quetsach.formats.shared import leases, values

Convert: TypeAlias = Callable[[Any], Any]
"""From a written value (text, number, list) to the field's own, or None where it cannot be."""

_LONGEST_TEXT = 8192


def short_text(written: Any) -> str | None:
    """Return a text of a sane length, without blanks at its ends; None for an empty one."""
    found = values.text(written)
    return (found.strip()[:_LONGEST_TEXT] or None) if found is not None else None


def host_name(written: Any) -> str | None:
    """Return a name as a log writes it: no blank in it, no address and no sign for nothing."""
    name = short_text(written)
    if name is not None and name.startswith("("):
        name = _from_labels(name)
    if name is None or any(sign in name for sign in " \t,;/=|\"'<>"):
        return None
    return name.removesuffix(".") or None


_LABEL = re.compile(r"\((\d{1,2})\)([^()]{0,63})")


def _from_labels(written: str) -> str | None:
    """Return the name that Windows writes as `(3)bad(7)example(0)`, None where a length is off."""
    labels = _LABEL.findall(written)
    whole = "".join(f"({length}){label}" for length, label in labels)
    if whole != written or any(int(length) != len(label) for length, label in labels):
        return None
    return ".".join(label for _, label in labels if label) or None


def hash_of(length: int) -> Convert:
    """Return the converter of a hash of `length` hex digits."""

    def read(written: Any) -> str | None:
        digits = written.strip().lower() if isinstance(written, str) else ""
        return digits if len(digits) == length and not digits.strip("0123456789abcdef") else None

    return read


def lower_text(written: Any) -> str | None:
    """Return a text in lower case."""
    found = short_text(written)
    return found.lower() if found is not None else None


def upper_text(written: Any) -> str | None:
    """Return a text in upper case."""
    found = short_text(written)
    return found.upper() if found is not None else None


CONVERT: Mapping[str, Convert] = {
    "event.action": short_text,
    "event.outcome": lower_text,
    "event.duration": values.nanoseconds,
    "observer.name": host_name,
    "source.ip": values.assignable_address,
    "source.port": values.parse_port,
    "source.mac": leases.hardware,
    "source.nat.ip": values.assignable_address,
    "source.nat.port": values.parse_port,
    "source.bytes": values.count,
    "destination.ip": values.assignable_address,
    "destination.port": values.parse_port,
    "destination.nat.ip": values.assignable_address,
    "destination.nat.port": values.parse_port,
    "destination.domain": host_name,
    "destination.bytes": values.count,
    "network.transport": values.transport,
    "network.forwarded_ip": values.forwarded_ip,
    "network.application": lower_text,
    "dns.question.name": host_name,
    "dns.question.type": short_text,
    "dns.answers": values.texts,
    "dns.response_code": upper_text,
    "url.full": short_text,
    "url.domain": host_name,
    "http.request.method": short_text,
    "http.response.status_code": values.count,
    "user_agent.original": short_text,
    "tls.client.server_name": host_name,
    "tls.client.ja3": hash_of(32),
    "tls.client.ja4": lower_text,
    "tls.server.ja3s": hash_of(32),
    "tls.server.hash.sha1": hash_of(40),
    "tls.server.hash.sha256": hash_of(64),
    "file.hash.md5": hash_of(32),
    "file.hash.sha1": hash_of(40),
    "file.hash.sha256": hash_of(64),
    "file.name": short_text,
    "rule.name": short_text,
    "host.name": leases.host_name,
    "host.mac": leases.hardware,
    "host.ip": values.assignable_address,
    "quetsach.lease.seconds": values.count,
    "quetsach.lease.client_id": leases.client_id,
    "quetsach.lease.server": short_text,
    "quetsach.nat.last_port": values.parse_port,
}
"""The converter of each field that a log can fill by a single value; times are read elsewhere."""

ENDS = (
    "source.ip",
    "source.mac",
    "destination.ip",
    "host.ip",
    "host.mac",
    "dns.question.name",
    "url.domain",
    "url.full",
    "destination.domain",
    "tls.client.server_name",
    "file.hash.sha256",
    "file.hash.sha1",
    "file.hash.md5",
)
"""A record without any of these says neither who nor whom: it counts as text."""


WHO_IT_WAS = ("source.ip", "source.mac", "host.ip", "host.name", "network.forwarded_ip")
"""The fields that tell whose record it is."""


def says_nothing(record: Mapping[str, Any]) -> bool:
    """Return whether `record` names neither a client, nor a peer, nor a name, nor a file."""
    return not any(field in record for field in ENDS)

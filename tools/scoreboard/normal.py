"""The normal form in which values are compared: ours and theirs are brought to it alike."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from quetsach.addresses import canonical_address
from quetsach.formats.shared.values import mac
from tools.scoreboard.pairs import Value

TIME = "@timestamp"
VERDICT = "event.verdict"
ADDRESSES = ("source.ip", "destination.ip", "source.nat.ip", "destination.nat.ip", "host.ip")
PORTS = ("source.port", "destination.port", "source.nat.port", "destination.nat.port")
COUNTS = ("source.bytes", "destination.bytes")
MACS = ("source.mac", "host.mac")
NAMES = (
    "dns.question.name",
    "url.domain",
    "destination.domain",
    "tls.client.server_name",
    "host.name",
)
ANSWERS = "dns.answers"
KNOWN = "event.dataset"
"""Judged where only the product is known: whether a form with a name reads the line."""
JUDGED = (KNOWN, TIME, *ADDRESSES, *PORTS, *NAMES, ANSWERS, *MACS, VERDICT, *COUNTS)
"""The fields that are judged, in the order in which they are shown."""

NOTHING = frozenset({"", "-", "--", "n/a", "none", "null", "unknown", "(empty)", "*", "undefined"})
NO_ADDRESS = frozenset({"0.0.0.0", "::"})

_DENIED = """deny denied drop dropped block blocked reject rejected reset reset-both reset-client
    reset-server drop-packet drop-all-packets drop-icmp prevent prevented refused discard discarded
    not-allowed disallowed block-url block-ip sinkhole block-continue block-override tcp_denied
    fwdrop filtered"""
_ALLOWED = """allow allowed accept accepted pass passed passthrough permit permitted permit_all
    fwaccept fwpass"""
VERDICTS = {
    **dict.fromkeys(_DENIED.split(), "denied"),
    **dict.fromkeys(_ALLOWED.split(), "allowed"),
}


def normal(field: str, value: object) -> Value | None:
    """Return `value` of `field` in its normal form; None where it says nothing."""
    if value is None or (isinstance(value, str) and value.strip().lower() in NOTHING):
        return None
    if field == ANSWERS:
        return _answers(value) if isinstance(value, Iterable) else None
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    return None if value is None else _single(field, value)


def _single(field: str, value: object) -> Value | None:
    if field == TIME:
        return _time(value)
    if field in ADDRESSES:
        address = canonical_address(str(value).strip().partition("%")[0])
        return None if address in NO_ADDRESS else address
    if field in PORTS or field in COUNTS:
        number = _number(value)
        return None if field in PORTS and not number else number
    if field == KNOWN:
        return str(value)
    if field in MACS:
        address = mac(str(value))
        return None if address == "00-00-00-00-00-00" else address
    return verdict(str(value)) if field == VERDICT else name(str(value))


def name(text: str) -> str | None:
    """Return a host name in lower case without its last dot, or an address in its own form.

    A port behind it is no part of a name.
    """
    bare = re.sub(r"(?<=[^:]):\d{1,5}$", "", text.strip()).rstrip(".").lower()
    return canonical_address(bare.strip("[]")) or bare or None


def verdict(word: str) -> str | None:
    """Return denied or allowed for a word of the log; None for a word that is neither."""
    bare = word.strip().lower().replace(" ", "-")
    return VERDICTS.get(bare)


def _answers(values: Iterable[object]) -> frozenset[str] | None:
    told = [one.get("data") if isinstance(one, dict) else one for one in values]
    names = frozenset(name(str(one)) or "" for one in told if one) - {""}
    return names or None


def _number(value: object) -> int | None:
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    text = str(value).strip()
    # Python reads at most six digits of a second.
    head, point, rest = text.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    text = f"{head}.{digits[:6]}{rest[len(digits) :]}" if point and digits else text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

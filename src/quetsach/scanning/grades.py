"""How strong a sighting is: from a line that names an indicator to bytes sent in both ways."""

from enum import StrEnum

from quetsach.captures.contract import FLOW_HALF
from quetsach.schema import Event


class SightingGrade(StrEnum):
    """How far it came, from weak to strong.

    `mentioned`: the line names the indicator, and no field of a known form does. It says nothing
    of a contact: a line to look at, which blames nobody.
    """

    MENTIONED = "mentioned"
    ASKED = "asked"
    ANSWERED = "answered"
    BLOCKED = "blocked"
    CONNECTED = "connected"
    MOVED = "moved"

    rank: int
    """The place in the order, 0 for the weakest."""

    def __init__(self, _value: str) -> None:
        self.rank = len(type(self).__members__)


_OF_AN_END = frozenset(
    {"source.ip", "source.nat.ip", "destination.ip", "destination.nat.ip", "destination.domain"}
)
_ONE_SIDED = frozenset(
    {"aws.vpcflow", "gcp.vpcflow", "azure.flow", "netflow.flow", "argus.flow", "ids.alert",
     "tcpdump.packet", "fortigate.sniffer", "meraki.log", "mikrotik.firewall", "netfilter",
     "pf.filterlog", "pf.pflog"}
)  # fmt: skip
"""Data sets whose lines tell one packet, or what one side sent."""
SERVER_PORTS = frozenset({*range(1, 1024), 1433, 3306, 3389, 5432, 8000, 8080, 8443, 8888})
FIRST_HIGH_PORT = 1024
PEER_PORTS = frozenset({(500, 4500)})
"""Ports of both sides, of which either may begin."""

RAW_LINE = "event.original"
"""The field of a match that is in the raw line, but in no field that the format knows."""


def grade_of(field: str, event: Event) -> SightingGrade:
    """Return how strong a sighting is that met its indicator in `field` of `event`."""
    if is_mention(field, event):
        return SightingGrade.MENTIONED
    if field == "dns.question.name":
        return SightingGrade.ANSWERED if _has_answer(event) else SightingGrade.ASKED
    if field == "dns.answers":
        return SightingGrade.ANSWERED
    if event.get("event.type") == "denied" or event.get("event.outcome") == "failure":
        return SightingGrade.BLOCKED
    return SightingGrade.MOVED if _has_moved(event) else SightingGrade.CONNECTED


def is_mention(field: str, event: Event) -> bool:
    """Return whether an indicator met in `field` of `event` is named there and no more.

    A page that sent the reader on, a program's name or the text of a rule is in the raw line of a
    known form: that somebody had contact would be a guess. So is half a flow that does not show
    who began, and what looks like a server's answer.
    """
    if field == RAW_LINE or is_unknown(event) or event.get("event.dataset") == FLOW_HALF:
        return True
    return field in _OF_AN_END and looks_like_an_answer(event)


def looks_like_an_answer(event: Event) -> bool:
    """Return whether `event` is one packet, or one side, from a server's port to a high one.

    A firewall that keeps states, and a sensor that saw both sides, say who began. Flow logs of
    one side, packet filters, alerts and refused packets do not: the server that answers a scan
    from outside would be taken for its client.
    """
    ours, theirs = event.get("source.port"), event.get("destination.port")
    if ours is None or theirs is None or theirs < FIRST_HIGH_PORT or ours not in SERVER_PORTS:
        return False
    if (ours, theirs) in PEER_PORTS or "dns.question.name" in event or "url.domain" in event:
        return False
    is_alone = event.get("event.dataset") in _ONE_SIDED or event.get("event.type") == "denied"
    return is_alone or "rule.name" in event or event.get("event.action") == "permitted"


def is_unknown(event: Event) -> bool:
    """Return whether `event` was read from a line of unknown format: who did what is not known."""
    return event.get("event.dataset") == "text"


def _has_answer(event: Event) -> bool:
    # A filter that denies the question often answers it with an address of its own.
    if event.get("event.type") == "denied":
        return False
    return bool(event.get("dns.answers")) and _is_no_error(event.get("dns.response_code"))


def _is_no_error(code: str | None) -> bool:
    return code is None or code.strip().upper() in ("", "0", "NOERROR")


def _has_moved(event: Event) -> bool:
    if event.get("source.bytes", 0) > 0 and event.get("destination.bytes", 0) > 0:
        return True
    if event.get("http.response.status_code", 0) > 0:
        return True
    return any(
        (event.get("file.hash.md5"), event.get("file.hash.sha1"), event.get("file.hash.sha256"))
    )

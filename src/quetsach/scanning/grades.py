"""How strong a sighting is: from a name that was queried to bytes sent in both directions."""

from enum import StrEnum

from quetsach.schema import Event


class SightingGrade(StrEnum):
    """How far it came, from weak to strong."""

    ASKED = "asked"
    ANSWERED = "answered"
    BLOCKED = "blocked"
    CONNECTED = "connected"
    MOVED = "moved"

    @property
    def rank(self) -> int:
        """Return the place in the order, 0 for the weakest."""
        return _ORDER.index(self)


_ORDER = tuple(SightingGrade)

MENTIONED = "event.original"
"""The field of a match that is in the raw line, but in no field that the format knows."""


def grade_of(field: str, event: Event) -> SightingGrade:
    """Return how strong a sighting is that met its indicator in `field` of `event`."""
    # A line of unknown format names addresses, but not what became of the contact.
    if field == MENTIONED or is_unknown(event):
        return SightingGrade.ASKED
    if field == "dns.question.name":
        return SightingGrade.ANSWERED if _has_answer(event) else SightingGrade.ASKED
    if field == "dns.answers":
        return SightingGrade.ANSWERED
    if event.get("event.type") == "denied" or event.get("event.outcome") == "failure":
        return SightingGrade.BLOCKED
    return SightingGrade.MOVED if _has_moved(event) else SightingGrade.CONNECTED


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

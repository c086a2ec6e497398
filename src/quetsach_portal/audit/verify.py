"""Hold the whole trail against its digests."""

from dataclasses import dataclass

from quetsach_portal.audit.models import AuditEvent, ChainHead
from quetsach_portal.audit.record import digest_of


@dataclass(frozen=True)
class Broken:
    """The first row that is not what was written, and what is wrong with it."""

    seq: int
    reason: str


def first_break() -> Broken | None:
    """Return the first row that was changed, removed or slipped in; None when the chain holds.

    Cost: one pass over all rows in chunks.
    """
    expected, previous = 1, ""
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != expected:
            return Broken(expected, "missing")
        if event.previous != previous:
            return Broken(event.seq, "does not follow the row before it")
        if digest_of(event) != event.digest:
            return Broken(event.seq, "changed")
        expected, previous = expected + 1, event.digest
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    if head.seq != expected - 1 or head.digest != previous:
        return Broken(expected, "missing at the end")
    return None

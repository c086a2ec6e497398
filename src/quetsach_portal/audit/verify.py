"""Hold the whole trail against its digests."""

from dataclasses import dataclass

from quetsach_portal.audit.models import AuditEvent, ChainHead
from quetsach_portal.audit.record import digest_of


@dataclass(frozen=True)
class Broken:
    """The first row that is not what was written, and what is wrong with it."""

    seq: int
    reason: str


def first_break(anchor: tuple[int, str] | None = None) -> Broken | None:
    """Return the first row that was changed, removed or slipped in; None when the chain holds.

    Shapes: `anchor` is the number and digest of a row, as they were kept elsewhere: who can write
    the whole database can write a whole chain, but not what others have noted of it.
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
        if anchor is not None and event.seq == anchor[0] and event.digest != anchor[1]:
            return Broken(event.seq, "not the row that was noted")
        expected, previous = expected + 1, event.digest
    if anchor is not None and anchor[0] >= expected:
        return Broken(expected, "missing at the end")
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    if head.seq != expected - 1 or head.digest != previous:
        return Broken(expected, "missing at the end")
    return None

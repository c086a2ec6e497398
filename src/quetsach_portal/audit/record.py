"""Write an act into the audit trail, within the act's own transaction."""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils import timezone

from quetsach.api.trails import row_digest
from quetsach_portal.audit.models import AuditEvent, ChainHead

client_ip: ContextVar[str] = ContextVar("client_ip", default="")
"""The address of the request that is served; set by the middleware, empty in jobs."""


class Actor(Protocol):
    """Whoever acts: a user, or None for the system itself."""

    @property
    def pk(self) -> Any:
        """Its number."""


def record(
    action: str,
    *,
    actor: Actor | None,
    kind: str,
    object_id: object,
    detail: Mapping[str, Any] | None = None,
    unit_path: str = "",
    acting_for: str = "",
) -> AuditEvent:
    """Return the new row of the trail; the act that calls this holds the transaction.

    Shapes: `action` is "case.closed" and the like; `detail` holds what changed, {"field": [before,
    after]}, and never a secret, a telephone number or a line of evidence.
    Errors: TransactionManagementError for an act outside a transaction.
    Cost: one locked row, on which acts wait: call it first in an act that also changes counters.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act is recorded in its own transaction")
    head, _is_new = ChainHead.objects.select_for_update().get_or_create(pk=1)
    event = AuditEvent(
        seq=head.seq + 1,
        at=timezone.now(),
        actor_id=None if actor is None else actor.pk,
        actor="system" if actor is None else _one_line(str(actor)),
        acting_for=_one_line(acting_for),
        ip=shortened(client_ip.get()),
        action=action,
        object_kind=kind,
        object_id=str(object_id),
        unit_path=unit_path,
        detail=dict(detail or {}),
        previous=head.digest,
    )
    event.digest = digest_of(event)
    event.save(force_insert=True)
    ChainHead.objects.filter(pk=1).update(seq=event.seq, digest=event.digest)
    return event


def digest_of(event: AuditEvent) -> str:
    """Return the digest that `event` has to carry: of all its fields and the row before it."""
    return row_digest(fields_of(event))


def fields_of(event: AuditEvent) -> dict[str, Any]:
    """Return what the digest of `event` is made of, by name."""
    return {
        "seq": event.seq,
        "at": event.at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "actor_id": event.actor_id,
        "actor": event.actor,
        "acting_for": event.acting_for,
        "ip": event.ip,
        "action": event.action,
        "object_kind": event.object_kind,
        "object_id": event.object_id,
        "unit_path": event.unit_path,
        "detail": event.detail,
        "previous": event.previous,
    }


def shortened(address: str) -> str:
    """Return `address` without the part that names one machine: /24 or /48; "" where it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False).network_address)


def _one_line(text: str) -> str:
    # A name with a line break, a colour code or a turned direction must not forge a line (L3).
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)[:160]


def json_lines(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Yield the rows, oldest first, one JSON a line, with their digests for a later check."""
    for event in events.order_by("seq").iterator(chunk_size=2000):
        row = {**model_to_dict(event), "at": event.at.isoformat()}
        yield json.dumps(row, ensure_ascii=False) + "\n"


# Check the whole trail against its digests.


@dataclass(frozen=True)
class ChainBreak:
    """The first row that is not what was written, and what is wrong with it."""

    seq: int
    reason: str


def first_break(anchor: tuple[int, str] | None = None) -> ChainBreak | None:
    """Return the first row that was changed, removed or slipped in; None when the chain holds.

    Shapes: `anchor` is the number and digest of a row, as they were kept elsewhere: who can write
    the whole database can write a whole chain, but not what others have noted of it.
    Cost: one pass over all rows in chunks.
    """
    expected, previous = 1, ""
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        if event.seq != expected:
            return ChainBreak(expected, "missing")
        if event.previous != previous:
            return ChainBreak(event.seq, "does not follow the row before it")
        if digest_of(event) != event.digest:
            return ChainBreak(event.seq, "changed")
        if anchor is not None and event.seq == anchor[0] and event.digest != anchor[1]:
            return ChainBreak(event.seq, "not the row that was noted")
        expected, previous = expected + 1, event.digest
    if anchor is not None and anchor[0] >= expected:
        return ChainBreak(expected, "missing at the end")
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    if head.seq != expected - 1 or head.digest != previous:
        return ChainBreak(expected, "missing at the end")
    return None

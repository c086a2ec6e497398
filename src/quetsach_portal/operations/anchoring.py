"""Each night: hold the trail against its digests and anchors, and sign its head anew."""

import base64
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.utils import timezone

from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.anchors import (
    Anchor,
    AnchorFault,
    anchors_path,
    append_anchor,
    make_anchor,
    office_keys,
    read_anchors,
    signed_digest,
    stamp_bytes,
    unlike_chain,
)
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import GiveUp

log = logging.getLogger(__name__)


def check_trail(work: RunningJob) -> None:
    """Hold the trail against its digests and anchors, then sign its head as the anchor of the day.

    The job fails, and is seen, when it does not hold; no anchor is made then.
    """
    broken = first_break()
    if broken is not None:
        raise GiveUp(f"audit row {broken.seq}: {broken.reason}")
    faults = list(faults_of_anchors())
    if faults:
        raise GiveUp(f"anchors.jsonl:{faults[0].line}: {faults[0].reason}")
    anchor = make_anchor()
    if anchor is not None:
        append_anchor(stamped(anchor), anchors_path())


def faults_of_anchors(others: Iterable[bytes] = ()) -> Iterator[AnchorFault]:
    """Yield where the chain is unlike the portal's own anchors, or unlike `others`, files as read.

    A contradiction that a browser has brought is one as well; so is, where stamps are asked for, an
    anchor of more than two days without one, or one that was stamped long after it was made.
    """
    path = anchors_path()
    own = path.read_bytes() if path.exists() else b""
    for content in (own, *others):
        anchors, faults = read_anchors(content)
        yield from faults
        yield from unlike_chain(anchors, office_keys())
        for line, anchor in anchors:
            if anchor.stamp or (content is own and settings.QUETSACH.stamping_url):
                yield from _doubt_of_stamp(line, anchor)
    for event in AuditEvent.objects.filter(action="trail.contradicted").order_by("seq"):
        reason = f"a browser carried another row {event.object_id} (act {event.seq})"
        yield AnchorFault(0, reason, is_of_chain=True)


_STAMPED_WITHIN = timedelta(days=2)


def _doubt_of_stamp(line: int, anchor: Anchor) -> Iterator[AnchorFault]:
    """Yield what is wrong with the time stamp of an anchor."""
    from quetsach.api.stamping import stamped_at

    signed_at = datetime.fromisoformat(anchor.at)
    if not anchor.stamp:
        if timezone.now() - signed_at > _STAMPED_WITHIN:
            yield AnchorFault(line, "without a time stamp")
        return
    digest = signed_digest(anchor.seq, anchor.digest, anchor.at, anchor.portal)
    try:
        moment = stamped_at(
            stamp_bytes(anchor), digest.removeprefix("sha256:"), settings.QUETSACH.stamping_roots
        )
    except QuetsachError as error:
        yield AnchorFault(line, str(error.problem.facts.get("reason", "its time stamp")))
        return
    if not -_STAMPED_WITHIN < moment - signed_at < _STAMPED_WITHIN:
        yield AnchorFault(line, f"stamped at {moment.isoformat()}, made at {anchor.at}", True)


def stamped(anchor: Anchor) -> Anchor:
    """Return `anchor` with a time stamp where an authority is named; without one where it fails.

    What fails is logged: the anchor counts without it, and the next night shows that it has none.
    """
    url = settings.QUETSACH.stamping_url
    if not url:
        return anchor
    from quetsach.api.stamping import stamp_of

    digest = signed_digest(anchor.seq, anchor.digest, anchor.at, anchor.portal)
    try:
        stamp = stamp_of(digest.removeprefix("sha256:"), url)
    except QuetsachError as error:
        log.warning("no time stamp on the anchor of the trail: %s", error)
        return anchor
    return msgspec.structs.replace(anchor, stamp=base64.b64encode(stamp).decode())

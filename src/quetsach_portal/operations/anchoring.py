"""Each night: hold the trail against its digests and anchors, and sign its head anew."""

import base64
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

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
from quetsach_portal.audit.inclusion import proof_of, tree_up_to, unlike_trees
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.audit.record import first_break
from quetsach_portal.jobs.queue import RunningJob
from quetsach_portal.jobs.worker import GiveUp
from quetsach_portal.reports.documents.queries import acts_of
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.web.acts import Refused

log = logging.getLogger(__name__)


def check_trail(work: RunningJob) -> None:
    """Hold the trail against its digests and anchors, then sign its head as the anchor of the day.

    The job fails, and is seen, when it does not hold; no anchor is made then. What is wrong with
    an anchor alone (no stamp, another key) is told as well, and the next anchor is made.
    """
    broken = first_break()
    if broken is not None:
        raise GiveUp(f"audit row {broken.seq}: {broken.reason}")
    faults = list(faults_of_anchors(since=timezone.now() - _TOLD_FOR))
    if not any(fault.is_of_chain for fault in faults):
        anchor = make_anchor(tree_up_to)
        if anchor is not None:
            append_anchor(stamped(anchor), anchors_path())
    if faults:
        raise GiveUp(f"anchors.jsonl:{faults[0].line}: {faults[0].reason}")


_TOLD_FOR = timedelta(days=7)
"""So long a browser's contradiction fails each night's job; `audit verify` names it for ever."""


def faults_of_anchors(
    others: Iterable[bytes] = (), *, since: datetime | None = None
) -> Iterator[AnchorFault]:
    """Yield where the chain is unlike the portal's own anchors, or unlike `others`, files as read.

    A contradiction that a browser has brought (`since` then) is one as well; so is an anchor that
    was stamped long after it was made, and, where stamps are asked for, that there was none for two
    days: a stamped anchor vouches for all rows before it.
    """
    own = _own_anchors()
    for content in (own, *others):
        anchors, faults = read_anchors(content, may_be_torn=content is own)
        yield from faults
        yield from unlike_chain(anchors, office_keys())
        yield from unlike_trees(anchors, office_keys())
        for line, anchor in anchors:
            if anchor.stamp:
                yield from _doubt_of_stamp(line, anchor)
        if content is own and settings.QUETSACH.stamping_url and anchors:
            yield from _too_long_without(anchors)
    brought = AuditEvent.objects.filter(object_kind="trail", action="trail.contradicted")
    if since is not None:
        brought = brought.filter(at__gte=since)
    for event in brought.order_by("seq"):
        reason = f"a browser carried another row {event.object_id} (act {event.seq})"
        yield AnchorFault(0, reason, is_of_chain=True)


_STAMPED_WITHIN = timedelta(days=2)


def _doubt_of_stamp(line: int, anchor: Anchor) -> Iterator[AnchorFault]:
    """Yield what is wrong with the time stamp of an anchor."""
    from quetsach.api.stamping import stamped_at

    signed_at = datetime.fromisoformat(anchor.at)
    digest = signed_digest(anchor)
    try:
        moment = stamped_at(
            stamp_bytes(anchor), digest.removeprefix("sha256:"), settings.QUETSACH.stamping_roots
        )
    except QuetsachError as error:
        yield AnchorFault(line, str(error.problem.facts.get("reason", "its time stamp")))
        return
    if not -_STAMPED_WITHIN < moment - signed_at < _STAMPED_WITHIN:
        yield AnchorFault(line, f"stamped at {moment.isoformat()}, made at {anchor.at}", True)


def _too_long_without(anchors: Sequence[tuple[int, Anchor]]) -> Iterator[AnchorFault]:
    """Yield that no anchor of the last two days has a stamp, unless the first one is younger."""
    stamps = [anchor.at for _line, anchor in anchors if anchor.stamp]
    newest = datetime.fromisoformat(max(stamps, default=anchors[0][1].at, key=_moment))
    if timezone.now() - newest > _STAMPED_WITHIN:
        yield AnchorFault(anchors[-1][0], f"without a time stamp since {newest.isoformat()}")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def stamped(anchor: Anchor) -> Anchor:
    """Return `anchor` with a time stamp where an authority is named; without one where it fails.

    What fails is logged: the anchor counts without it, and the next night shows that it has none.
    """
    url = settings.QUETSACH.stamping_url
    if not url:
        return anchor
    from quetsach.api.stamping import stamp_of

    digest = signed_digest(anchor)
    try:
        stamp = stamp_of(digest.removeprefix("sha256:"), url)
    except QuetsachError as error:
        log.warning("no time stamp on the anchor of the trail: %s", error)
        return anchor
    return msgspec.structs.replace(anchor, stamp=base64.b64encode(stamp).decode())


# Proofs that the acts of a report stand in the trail.


def acts_proof(code: str, *, with_rows: bool) -> dict[str, Any]:
    """Return the proof of the acts on the report with this code. Errors: Refused.

    Shapes: `code` has the 16 digits that are printed on the report.
    """
    plain = "".join(code.split()).lower()
    if len(plain) != 16 or not set(plain) <= set("0123456789abcdef"):
        raise Refused(_("A code has 16 digits, 0 to 9 and a to f."))
    version = ReportVersion.objects.filter(sha256__startswith=plain).first()
    if version is None:
        raise Refused(_("There is no report with this code."))
    anchors, _faults = read_anchors(_own_anchors(), may_be_torn=True)
    return proof_of(
        list(acts_of(version)),
        [anchor for _line, anchor in anchors],
        code=plain,
        with_rows=with_rows,
    )


def _own_anchors() -> bytes:
    path = anchors_path()
    return path.read_bytes() if path.exists() else b""

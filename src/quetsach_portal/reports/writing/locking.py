"""Lock an expected report, say why nothing can be done to it, and write the trail."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from django.core import signing
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.audit.record import record
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.expected import RELATED, parent_slot
from quetsach_portal.reports.models.report import ReportVersion
from quetsach_portal.reports.totals.adding import ChildVersion
from quetsach_portal.web.acts import Refused

RUNS = (CampaignState.LIVE, CampaignState.CLOSING)
AFTER_THE_END = (*RUNS, CampaignState.CLOSED)
"""Totals are final when a campaign is closed, but corrections and supplements still come."""


def locked(slot: ExpectedReport, *, after_the_end: bool = False) -> ExpectedReport:
    """Return the slot's row, locked, when a report can be worked on in it. Errors: Refused."""
    slot = (
        ExpectedReport.objects.select_for_update(of=("self",))
        .select_related(*RELATED)
        .get(pk=slot.pk)
    )
    if slot.node.campaign.state not in (AFTER_THE_END if after_the_end else RUNS):
        raise Refused(_("The campaign is not running."))
    if slot.state == ExpectedReportState.EXCUSED:
        raise Refused(
            _("No report is expected of this unit: %(why)s") % {"why": slot.excuse_reason}
        )
    return slot


def locked_with_parent(version: ReportVersion) -> tuple[ReportVersion, ExpectedReport | None]:
    """Return the version and the slot that it goes into, all locked from the top down.

    Whoever hands in a report holds its slot, so that what is decided below it waits until then.
    Errors: Refused.
    """
    above = parent_slot(version.slot)
    if above is not None:
        above = (
            ExpectedReport.objects.select_for_update(of=("self",))
            .select_related(*RELATED)
            .get(pk=above.pk)
        )
    slot = locked(version.slot, after_the_end=True)
    row = ReportVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    row.slot = slot
    return row, above


def refuse_when_locked(slot: ExpectedReport) -> None:
    """Refuse a first report after the phase was locked, unless more time was granted."""
    locks_at = slot.phase.locks_at
    if locks_at is not None and max(locks_at, slot.due_at) <= timezone.now():
        raise Refused(_("The phase is locked; ask the office above for more time first."))


def refuse_before_opening(slot: ExpectedReport) -> None:
    """Refuse what comes before the phase opened."""
    if timezone.now() < slot.phase.opens_at:
        raise Refused(_("This phase has not opened yet."))


def audit(
    action: str, subject: Model, node: CampaignNode, actor: User | None, **detail: Any
) -> None:
    """Write the act into the trail, under the unit it is about; never a text of the report."""
    record(
        action,
        actor=actor,
        kind=subject._meta.model_name or "",
        object_id=subject.pk,
        unit_path=node.unit.path,
        detail={"node": node.pk, **detail},
    )


# What the page of check answers carries: nothing is handed in that nobody looked at.

_SALT = "reports.checked"


def make(
    slot: ExpectedReport,
    revision: int,
    act: str = "submit",
    below: Sequence[ChildVersion] | None = None,
) -> str:
    """Return a token for one version of `slot`, of the draft as it is in `revision`.

    With `below`, it is of those reports from below alone that were looked at.
    """
    said = {"slot": slot.pk, "revision": revision, "act": act, "once": secrets.token_hex(16)}
    if below is not None:
        said["below"] = _digest_of(below)
    return signing.dumps(said, salt=_SALT)


def revision_in(token: str, slot: ExpectedReport, act: str = "submit") -> int:
    """Return the revision that was looked at. Errors: Refused for a token of no check page."""
    try:
        page_content = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        page_content = {}
    if page_content.get("slot") != slot.pk or page_content.get("act") != act:
        raise Refused(_("Look at all answers first, on the page of check answers."))
    return int(page_content["revision"])


def is_other_below(token: str, below: Sequence[ChildVersion]) -> bool:
    """True when other reports from below go in now than when `token` was made."""
    said = signing.loads(token, salt=_SALT)
    return "below" in said and said["below"] != _digest_of(below)


def key_of(token: str) -> str:
    """Return the key under which a version made with `token` is kept; the same for the same."""
    return hashlib.sha256(token.encode()).hexdigest()


def _digest_of(below: Sequence[ChildVersion]) -> str:
    parts = (
        f"{one.slot.pk} {one.used.value} {'' if one.version is None else one.version.sha256}"
        for one in below
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

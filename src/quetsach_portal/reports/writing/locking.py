"""Lock an expected report, refuse what cannot be done to it, and write the audit trail."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.document import DocumentSignature, ReportDocument, WorkbookBatch
from quetsach_portal.reports.models.report import ChangeNotice, ReportDraft, ReportVersion
from quetsach_portal.reports.queries import RELATED, parent_slot
from quetsach_portal.reports.totals.adding import ChildVersion
from quetsach_portal.web.acts import Refused

RUNS = (CampaignState.LIVE, CampaignState.CLOSING)
AFTER_THE_END = (*RUNS, CampaignState.CLOSED)
"""Totals are final when a campaign is closed; corrections and supplements are still possible."""

AUDIT_KINDS: Mapping[type[Model], str] = {
    CampaignNode: "campaignnode",
    ChangeNotice: "changenotice",
    DocumentSignature: "documentsignature",
    PaperReport: "paperreport",
    ReportDocument: "reportdocument",
    ReportDraft: "reportdraft",
    ReportVersion: "reportversion",
    WorkbookBatch: "workbookbatch",
}
"""The kind under which the audit trail keeps each object: it stays when a class is renamed."""


def locked(slot: ExpectedReport, *, after_the_end: bool = False) -> ExpectedReport:
    """Return the slot's row, locked, when a report can be worked on in it. Errors: Refused."""
    slot = _locked_row(slot)
    if slot.node.campaign.state not in (AFTER_THE_END if after_the_end else RUNS):
        raise Refused(_("The campaign is not running."))
    if slot.state == ExpectedReportState.EXCUSED:
        why = {"why": slot.excuse_reason}
        raise Refused(_("No report is expected of this unit: %(why)s") % why)
    return slot


def _locked_row(slot: ExpectedReport) -> ExpectedReport:
    rows = ExpectedReport.objects.select_for_update(of=("self",)).select_related(*RELATED)
    return rows.get(pk=slot.pk)


def locked_with_parent(version: ReportVersion) -> tuple[ReportVersion, ExpectedReport | None]:
    """Return the version and the slot that it goes into, all locked from the top down.

    A submission locks its slot, so that decisions on reports below wait for it.
    Errors: Refused.
    """
    above = parent_slot(version.slot)
    if above is not None:
        above = _locked_row(above)
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
    """Write the act into the audit trail, under the unit it is about; never a text of the report.

    Errors: KeyError for a model that AUDIT_KINDS does not name.
    """
    if isinstance(subject, ReportVersion):
        # What is printed on the paper: whoever has both sees that the act is of this report.
        detail = {"code": subject.code, **detail}
    record(
        action,
        actor=actor,
        kind=AUDIT_KINDS[type(subject)],
        object_id=subject.pk,
        unit_path=node.unit.path,
        detail={"node": node.pk, **detail},
    )


# The token in the page of check answers: only a reviewed draft can be submitted.

_SALT = "reports.checked"


@dataclass(frozen=True)
class CheckedPage:
    """The content of the token of a page of check answers.

    Shapes: `revision` is that of the draft; `key` is kept with the version, so that a token used
    twice makes one version; `below_digest` is of the reports from below, None where the page had
    none.
    """

    revision: int
    key: str
    below_digest: str | None

    def is_other_below(self, below: Sequence[ChildVersion]) -> bool:
        """True when other reports from below go in now than the page showed."""
        return self.below_digest is not None and self.below_digest != _digest_of(below)


def make(
    slot: ExpectedReport,
    revision: int,
    act: str = "submit",
    below: Sequence[ChildVersion] | None = None,
) -> str:
    """Return a token for one version of `slot`, made of the draft in `revision`.

    With `below`, it is valid for exactly those reports from below.
    """
    content = {"slot": slot.pk, "revision": revision, "act": act, "once": secrets.token_hex(16)}
    if below is not None:
        content["below"] = _digest_of(below)
    return signing.dumps(content, salt=_SALT)


def read_token(token: str, slot: ExpectedReport, act: str = "submit") -> CheckedPage:
    """Return the content of `token`. Errors: Refused for a token of another page, report or act."""
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        content = {}
    if content.get("slot") != slot.pk or content.get("act") != act:
        raise Refused(_("Review all answers on the check page first."))
    key = hashlib.sha256(token.encode()).hexdigest()
    return CheckedPage(int(content["revision"]), key, content.get("below"))


def _digest_of(below: Sequence[ChildVersion]) -> str:
    parts = (
        f"{child.slot.pk} {child.used.value} {child.version.sha256 if child.version else ''}"
        for child in below
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

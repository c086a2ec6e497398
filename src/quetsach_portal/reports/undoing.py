"""Undo for 30 minutes: what was sent, what was accepted; later a correction is asked for.

Nothing is erased: each is an act of the trail and an event of the version.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.expected_reports import stand
from quetsach_portal.campaigns.models.campaign import ExpectedReportState
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.deciding import (
    refuse_overtaken,
    refuse_signed_paper,
    refuse_unless,
    refuse_used,
)
from quetsach_portal.reports.models.report import (
    COUNTS,
    STANDS,
    ChangeNotice,
    InputUsed,
    NoticeState,
    ReportDraft,
    ReportEvent,
    ReportInput,
    ReportReturn,
    ReportVersion,
    VersionState,
)
from quetsach_portal.reports.writing import submitting
from quetsach_portal.reports.writing.locking import audit, locked_with_parent
from quetsach_portal.reports.writing.version_rows import step
from quetsach_portal.web.acts import Refused, undo_until


def sent_until(version: ReportVersion) -> datetime | None:
    """Return until when the unit takes `version` back without a reason, None where that is over."""
    return undo_until(version.created_at) if version.state == VersionState.SUBMITTED else None


def take_back(version: ReportVersion, *, actor: User) -> None:
    """Take back a report that was just sent; its answers become a draft again.

    Errors: Refused half an hour after it was sent, or once it was accepted.
    """
    if undo_until(version.created_at) is None:
        raise Refused(
            _("It was sent more than 30 minutes ago. Withdraw it with a reason on its own page.")
        )
    submitting.withdraw(version, _("Taken back within 30 minutes"), actor=actor)


def is_returned(version: ReportVersion) -> bool:
    """True where the unit has it back."""
    return version.state == VersionState.RETURNED


def accepted_until(versions: Iterable[ReportVersion]) -> dict[int, datetime]:
    """Return by version until when its acceptance can be undone; those past it are left out.

    Cost: four queries, none where nothing is accepted.
    """
    accepted = [row.pk for row in versions if row.state == VersionState.ACCEPTED]
    if not accepted:
        return {}
    since: dict[int, datetime] = {}
    events = ReportEvent.objects.filter(version__in=accepted).order_by("pk")
    for version_id, state, at in events.values_list("version_id", "state", "at"):
        if state == VersionState.ACCEPTED:
            # One that a later undo brought back was accepted when it first was.
            since.setdefault(version_id, at)
        elif state == VersionState.SUBMITTED:
            since.pop(version_id, None)
    open_until = {pk: until for pk, at in since.items() if (until := undo_until(at)) is not None}
    if not open_until:
        return {}
    used = ReportInput.objects.filter(
        child_version__in=open_until,
        used__in=[InputUsed.YES, InputUsed.LATE],
        parent_version__state__in=STANDS,
    )
    decided = ChangeNotice.objects.filter(new_version__in=open_until)
    decided = decided.exclude(state__in=(NoticeState.OPEN, NoticeState.UNDONE))
    newer = ReportVersion.objects.filter(
        slot=OuterRef("slot"), n__gt=OuterRef("n"), state__in=STANDS
    )
    drafts = ReportDraft.objects.filter(slot=OuterRef("slot"))
    corrected = ReportVersion.objects.filter(Exists(newer) | Exists(drafts), pk__in=open_until)
    gone = {
        *corrected.values_list("pk", flat=True),
        *used.values_list("child_version_id", flat=True),
        *decided.values_list("new_version_id", flat=True),
    }
    return {pk: until for pk, until in open_until.items() if pk not in gone}


def undo_acceptance(version: ReportVersion, *, actor: User) -> None:
    """Undo the acceptance of `version`: it waits to be read again, and is in no total.

    What it replaced stands again. Errors: Refused half an hour later, once it was signed, where a
    report above counts it or its change was decided on (then a correction is asked for), and where
    the unit corrects it already: two versions would wait.
    """
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        refuse_unless(version, VersionState.ACCEPTED)
        refuse_used(version)
        refuse_signed_paper(version)
        refuse_overtaken(version)
        if ReportDraft.objects.filter(slot=version.slot).exists():
            raise Refused(
                _("The unit is writing a new version of it: wait for that one and decide on it.")
            )
        notices = ChangeNotice.objects.select_for_update().filter(new_version=version)
        notice = notices.exclude(state=NoticeState.UNDONE).first()
        if notice is not None and notice.state != NoticeState.OPEN:
            raise Refused(
                _("The office above decided on this change already: ask for a correction.")
            )
        if version.pk not in accepted_until([version]):
            raise Refused(
                _("It was accepted more than 30 minutes ago: return it to the unit, with a remark.")
            )
        audit("report.acceptance_undone", version, version.slot.node, actor, n=version.n)
        if notice is not None:
            notice.state, notice.by, notice.decided_at = NoticeState.UNDONE, actor, timezone.now()
            notice.save(update_fields=["state", "by", "decided_at"])
        step(version, VersionState.SUBMITTED, actor, _("Acceptance undone"))
        _bring_back(version, actor)
        stand(version.slot, ExpectedReportState.SUBMITTED)


def _bring_back(version: ReportVersion, actor: User) -> None:
    """Let the version that `version` replaced stand again, as it stood."""
    rows = ReportVersion.objects.select_for_update().filter(
        slot=version.slot_id, n__lt=version.n, state=VersionState.SUPERSEDED
    )
    replaced = rows.order_by("-n").first()
    if replaced is not None:
        last = replaced.events.filter(state__in=COUNTS).order_by("-pk").first()
        state = VersionState.ACCEPTED if last is None else VersionState(last.state)
        step(replaced, state, actor, _("The version that replaced it was undone"))


def may_ask_correction(version: ReportVersion) -> bool:
    """True where the office above can neither undo nor return `version`, and has not asked yet."""
    if version.state not in COUNTS or is_asked_to_correct(version):
        return False
    try:
        refuse_unless(version, VersionState.ACCEPTED)
        refuse_used(version)
        refuse_signed_paper(version)
    except Refused:
        return True
    return False


def is_asked_to_correct(version: ReportVersion) -> bool:
    """True while the unit has not answered that it is to correct `version`."""
    is_open = version.returns.filter(resolved_by__isnull=True).exists()
    return version.state in COUNTS and is_open


def ask_correction(version: ReportVersion, reason: str, *, actor: User) -> ReportReturn:
    """Ask the unit to correct a report that stands; it counts until the correction is accepted.

    Errors: Refused without a reason, for a report that does not stand, or when it was asked before.
    """
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    with transaction.atomic():
        version, _above = locked_with_parent(version)
        if version.state not in COUNTS:
            raise Refused(_("Only an accepted report is corrected; return this one."))
        if is_asked_to_correct(version):
            raise Refused(_("The unit was asked for a correction already."))
        audit("report.correction_asked", version, version.slot.node, actor, n=version.n)
        return ReportReturn.objects.create(version=version, text=reason.strip()[:1000], by=actor)

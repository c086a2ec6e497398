"""Actions on one case: handlings, assignment, due date, and statements."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quetsach_portal.cases import history
from quetsach_portal.cases.forms import WorkForm
from quetsach_portal.cases.history import locked, open_only, technicians_of
from quetsach_portal.cases.judging import judge_cases
from quetsach_portal.cases.models.case import (
    Case,
    CaseFile,
    CaseOutcome,
    DeviceScanResult,
    Handling,
    HandlingKind,
)
from quetsach_portal.cases.steps import FIRST_KIND
from quetsach_portal.files.actions import store_upload
from quetsach_portal.files.models import FilePurpose, StoredFile
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.offline import Sending, refuse_unless_same

CLOCKS_DIFFER = timedelta(minutes=5)
SCAN_TOOLS = ("Microsoft Defender Offline", "Kaspersky Rescue Disk", "Malwarebytes")
"""Proposed for the name of a tool, which may be any."""

LONGEST_RISK = timedelta(days=366)
NOW = Sending()


def record_handling(
    case_id: int,
    *,
    kind: HandlingKind,
    at: datetime,
    actor: User | None,
    version: int | None = None,
    tool: str = "",
    result: str = "",
    remark: str = "",
    review_on: date | None = None,
    token: UUID | None = None,
) -> Handling:
    """Record a handling of the device, and judge the case again.

    Errors: Refused for a time to come, a scan without tool or result, a risk without review day.
    """
    _check_handling(kind, at, tool=tool, result=result, remark=remark, review_on=review_on)
    with transaction.atomic():
        case = locked(case_id, version)
        if kind == HandlingKind.ACCEPTED_RISK:
            open_only(case)
        history.audit("case.handled", case, actor, {"kind": kind.value})
        handling = Handling.objects.create(
            case=case,
            kind=kind,
            at=at,
            tool=tool[:120] if kind == HandlingKind.SCANNED else "",
            result=result if kind == HandlingKind.SCANNED else "",
            note=remark[:500],
            review_on=review_on if kind == HandlingKind.ACCEPTED_RISK else None,
            by=actor,
            token=token,
        )
        detail = {"kind": kind.value, "at": at.isoformat(), "handling": handling.pk}
        history.note(case, "handled", by=actor, detail=detail, remark=remark)
        _follow(case, handling, actor)
    return handling


def _check_handling(
    kind: HandlingKind, at: datetime, *, tool: str, result: str, remark: str, review_on: date | None
) -> None:
    if at > timezone.now() + CLOCKS_DIFFER:
        raise Refused(_("This time is in the future."), field="at")
    if kind == HandlingKind.SCANNED:
        if not tool.strip():
            raise Refused(_("Enter the tool that was used for the scan."), field="tool")
        if result not in DeviceScanResult.values:
            raise Refused(_("Enter the result of the scan."), field="result")
    if kind == HandlingKind.ACCEPTED_RISK:
        today = timezone.localdate()
        if review_on is None or not today < review_on <= today + LONGEST_RISK:
            text = _("Choose a day for the review, from tomorrow to a year from now.")
            raise Refused(text, field="review_on")
        if not remark.strip():
            raise Refused(_("Give the reason for accepting the risk."), field="told")


def _follow(case: Case, handling: Handling, actor: User | None) -> None:
    before = history.counted(case)
    case.version += 1
    if handling.kind in _OFF_AND_ON:
        case.isolated_at = _isolated_at(case)
    elif handling.kind == HandlingKind.ACCEPTED_RISK:
        case.review_on = handling.review_on
        history.close(case, CaseOutcome.ACCEPTED_RISK, by=actor)
    else:
        # Somebody has worked on it since the verifier said no: the days count anew.
        case.held = False
    case.save()
    history.move_counters(case, before)
    judge_cases([case], actor=actor)


_OFF_AND_ON = (HandlingKind.ISOLATED, HandlingKind.RESTORED)


def _isolated_at(case: Case) -> datetime | None:
    """Return since when the machine is off the network, None where it is back on it."""
    rows = Handling.objects.filter(case=case, kind__in=_OFF_AND_ON, withdrawn_at__isnull=True)
    last = rows.order_by("-at", "-pk").first()
    return last.at if last is not None and last.kind == HandlingKind.ISOLATED else None


def record_step(
    case_id: int, step: str, fields: Mapping[str, Any], *, actor: User, sending: Sending = NOW
) -> Handling:
    """Record that a step was done just now, with the photo of its result, and judge again.

    What waited in a browser was done when it was pressed; sent twice it is recorded once.
    Shapes: `step` is a code of `steps.FIRST_KIND`; `fields` has the version, and of a scan its
    result, tool and photo. Errors: Refused, also for a photo that is not taken, and where the form
    was sent before and says something else now.
    """
    kind, result = FIRST_KIND[step], fields.get("result", "")
    if result == HandlingKind.REINSTALLED:
        kind, result = HandlingKind.REINSTALLED, ""
    tool = fields.get("tool", "").strip()
    with transaction.atomic():
        if sending.token is not None:
            case = locked(case_id)
            earlier = Handling.objects.filter(case=case, token=sending.token).first()
            if earlier is not None:
                said = (kind, result, tool[:120] if kind == HandlingKind.SCANNED else "")
                refuse_unless_same((earlier.kind, earlier.result, earlier.tool) == said)
                refuse_unless_same(earlier.withdrawn_at is None)
                return earlier
        handling = record_handling(
            case_id,
            kind=kind,
            at=timezone.now() - sending.kept_for,
            token=sending.token,
            remark=_kept_words(sending),
            tool=tool,
            result=result,
            actor=actor,
            version=fields["version"],
        )
        if fields.get("photo"):
            remark = _("Result of the scan")
            handling.proof = add_file(case_id, upload=fields["photo"], remark=remark, actor=actor)
            handling.save(update_fields=["proof"])
    return handling


def _kept_words(sending: Sending) -> str:
    if not sending.kept_for:
        return ""
    now = timezone.localtime()
    return _("Recorded without network, sent at %(when)s") % {"when": f"{now:%H:%M %d/%m/%Y}"}


def usual_tool(actor: User) -> str:
    """Return the tool that this person scanned with last, a common one at first."""
    rows = Handling.objects.filter(by=actor, kind=HandlingKind.SCANNED).exclude(tool="")
    last = rows.order_by("-pk").values_list("tool", flat=True).first()
    return SCAN_TOOLS[0] if last is None else last


def withdraw_handling(case_id: int, handling_id: int, *, actor: User) -> None:
    """Take a handling back that was written down by mistake; it stays in the history."""
    with transaction.atomic():
        case = locked(case_id)
        rows = Handling.objects.filter(case=case, withdrawn_at__isnull=True)
        handling = rows.filter(pk=handling_id).first()
        if handling is None:
            raise Refused(_("This was already withdrawn."))
        if handling.kind == HandlingKind.ACCEPTED_RISK:
            raise Refused(_("An accepted risk ends on its review day."))
        history.audit("case.handling_withdrawn", case, actor, {"kind": handling.kind})
        handling.withdrawn_at = timezone.now()
        handling.save(update_fields=["withdrawn_at"])
        if handling.kind in _OFF_AND_ON:
            case.isolated_at = _isolated_at(case)
        case.version += 1
        case.save()
        detail = {"kind": handling.kind, "handling": handling.pk}
        history.note(case, "withdrawn", by=actor, detail=detail)
        judge_cases([case], actor=actor)


def assign(
    case_id: int, *, technician_id: int | None, actor: User, version: int | None = None
) -> None:
    """Assign the case to a technician of its unit, or to nobody."""
    with transaction.atomic():
        case = locked(case_id, version)
        chosen = None
        if technician_id is not None:
            chosen = technicians_of(case.node.unit_id).filter(pk=technician_id).first()
            if chosen is None:
                raise Refused(
                    _("This person does not work on cases in the unit."), field="technician"
                )
        if chosen == case.technician:
            return
        history.audit(
            "case.assigned", case, actor, {"technician": [case.technician_id, technician_id]}
        )
        case.technician = chosen
        case.version += 1
        case.save(update_fields=["technician", "version"])
        history.note(case, "assigned", by=actor, detail={"to": str(chosen or "")})


def set_due(case_id: int, *, due_at: datetime, actor: User, version: int | None = None) -> None:
    """Set the moment by which the case is due; what comes at that moment is late."""
    with transaction.atomic():
        case = locked(case_id, version)
        open_only(case)
        if due_at <= timezone.now():
            raise Refused(_("Choose a future day."), field="due_on")
        if due_at == case.due_at:
            return
        before = "" if case.due_at is None else case.due_at.isoformat()
        history.audit("case.due", case, actor, {"due": [before, due_at.isoformat()]})
        case.due_at = due_at
        case.version += 1
        case.save(update_fields=["due_at", "version"])
        day = last_day_before(due_at).isoformat()
        history.note(case, "due", by=actor, detail={"to": day})


def name_device(case_id: int, *, label: str, actor: User) -> None:
    """Give the machine the name by which the unit knows it."""
    with transaction.atomic():
        case = locked(case_id)
        name = " ".join(label.split())[:120]
        if name == case.device.label:
            return
        history.audit("case.named", case, actor)
        case.device.label = name
        case.device.save(update_fields=["label"])
        history.note(case, "named", by=actor, detail={"to": name})


def add_file(
    case_id: int,
    *,
    upload: "UploadedFile[bytes]",
    remark: str,
    actor: User,
    token: UUID | None = None,
) -> CaseFile:
    """Keep a file that supports what is said in the case; one `token` is kept once.

    Errors: Refused for what is not taken, and for another file under the same token.
    """
    with transaction.atomic():
        case = locked(case_id)
        if token is not None:
            sent = CaseFile.objects.filter(case=case, token=token).select_related("stored")
            earlier = sent.first()
            if earlier is not None:
                refuse_unless_same(earlier.stored.sha256 == _sha256(upload))
                return earlier
        stored = store_upload(
            upload, purpose=FilePurpose.PROOF, owner_path=case.node.unit.path, actor=actor
        )
        return keep_file(case, stored, remark, actor=actor, token=token)


def _sha256(upload: "UploadedFile[bytes]") -> str:
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    return digest.hexdigest()


def keep_file(
    case: Case, stored: StoredFile, remark: str, *, actor: User, token: UUID | None = None
) -> CaseFile:
    """Show a stored file in the locked `case`; the caller holds the transaction."""
    history.audit("case.file", case, actor, {"sha256": stored.sha256})
    kept = CaseFile.objects.create(case=case, stored=stored, note=remark[:200], token=token)
    history.note(case, "file", by=actor, detail={"name": stored.name}, remark=remark)
    return kept


def record_owner_statement(case_id: int, *, clean: bool, actor: User) -> None:
    """Keep what the unit itself says; it proves nothing and changes no state."""
    with transaction.atomic():
        case = locked(case_id)
        says = "clean" if clean else "not-clean"
        history.audit("case.owner_says", case, actor, {"says": [case.owner_says, says]})
        case.owner_says, case.owner_said_at = says, timezone.now()
        case.version += 1
        case.save(update_fields=["owner_says", "owner_said_at", "version"])
        history.note(case, "owner", by=actor, detail={"says": says})


def record_verifier_statement(
    case_id: int, *, agrees: bool, remark: str, actor: User, version: int | None = None
) -> None:
    """Keep what the unit above says: it agrees that the machine is clean, or opens the case again.

    Errors: Refused when it agrees to what is not proven, or opens again without saying why.
    """
    with transaction.atomic():
        case = locked(case_id, version)
        if case.closed_at is None:
            raise Refused(_("The case is open: there is nothing to verify yet."))
        if agrees and case.outcome != CaseOutcome.VERIFIED:
            raise Refused(_("Only a case that is proven clean by evidence can be verified."))
        if not agrees and not remark.strip():
            raise Refused(
                _("Describe what is wrong, so that the unit can correct it."), field="told"
            )
        says = "verified" if agrees else "reopened"
        history.audit("case.verifier_says", case, actor, {"says": [case.verifier_says, says]})
        before = history.counted(case)
        history.note(case, "verifier", by=actor, detail={"says": says}, remark=remark)
        if not agrees:
            history.reopen(case, "verifier", by=actor, remark=remark)
            case.held = True
        case.verifier_says, case.verifier_said_at = says, timezone.now()
        case.version += 1
        case.save()
        history.move_counters(case, before)


def last_day_before(due_at: datetime) -> date:
    """Return the day that people see: the due moment is exclusive, and that day still in time."""
    return timezone.localtime(due_at - timedelta(microseconds=1)).date()


# The forms about the work on a case, and the acts that they lead to.


def initial_work(case: Case) -> dict[str, Any]:
    """Return what the form shows first."""
    return {
        "version": case.version,
        "technician": "" if case.technician is None else str(case.technician.pk),
        "due_on": None if case.due_at is None else last_day_before(case.due_at),
        "label": case.device.label,
    }


def change_work(case: Case, form: WorkForm, actor: User) -> None:
    """Do what changed in the form, all or nothing. Errors: Refused."""
    with transaction.atomic():
        locked(case.pk, form.cleaned_data["version"])
        name_device(case.pk, label=form.cleaned_data["label"], actor=actor)
        assign(case.pk, technician_id=form.technician_id(), actor=actor)
        due_at = form.due_at()
        if due_at is not None and "due_on" in form.changed_data:
            set_due(case.pk, due_at=due_at, actor=actor)


def save_handling_form(
    scope: Scope, case: Case, fields: Mapping[str, Any], actor: User
) -> Handling:
    """Write down what the form says. Errors: Refused; a risk is accepted by the focal point."""
    kind = HandlingKind(fields["kind"])
    focal = case.node.unit_id in scope.own_units(Role.FOCAL_POINT)
    if kind == HandlingKind.ACCEPTED_RISK and not focal:
        raise Refused(_("Only the focal point of the unit can accept a risk."), field="kind")
    return record_handling(
        case.pk,
        kind=kind,
        at=fields["at"],
        tool=fields["tool"].strip(),
        result=fields["result"],
        remark=fields["told"].strip(),
        review_on=fields["review_on"],
        actor=actor,
        version=fields["version"],
    )

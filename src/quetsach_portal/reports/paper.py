"""Reports on paper: record that one was received before it is typed in, and correct a record."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from quetsach_portal.campaigns.expected_reports import ReceivedReport, report_in, restate, sign
from quetsach_portal.campaigns.models.campaign import ExpectedReport, ExpectedReportState
from quetsach_portal.files.actions import store_upload
from quetsach_portal.followup import access
from quetsach_portal.followup.actions.declaring import audit, locked_slot
from quetsach_portal.followup.forms import ReceivedReportForm, moment_of_stamp
from quetsach_portal.followup.models import PaperReport
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.forms import AREA
from quetsach_portal.reports.queries import received_report
from quetsach_portal.web.acts import Refused, succeeds
from quetsach_portal.web.days import DayField, HourField
from quetsach_portal.web.request import PortalRequest


class PaperForm(ReceivedReportForm):
    """A report that was received on paper."""

    is_nil = forms.BooleanField(
        label=_lazy("The unit reports that there is nothing to report"), required=False
    )
    is_signed = forms.BooleanField(label=_lazy("It is signed"), required=False, initial=True)
    proof = forms.FileField(
        label=_lazy("Scan with the stamp"), help_text=_lazy("PDF, JPEG, PNG or DOCX.")
    )
    note = forms.CharField(label=_lazy("Remarks"), widget=AREA, required=False, max_length=500)


class WrongPaperForm(forms.Form):
    """What is wrong about a record of paper, and why."""

    what = forms.ChoiceField(
        label=_lazy("What is right"),
        widget=forms.RadioSelect,
        initial="none",
        choices=[
            ("none", _lazy("No report of this unit was received on paper")),
            ("moment", _lazy("It was received at another moment")),
        ],
    )
    day = DayField(label=_lazy("On the day"), required=False)
    hour = HourField(label=_lazy("At the time, where the stamp has one"), required=False)
    why = forms.CharField(label=_lazy("Why"), widget=AREA, max_length=500)

    def clean(self) -> dict[str, Any]:
        """Ask for the day of another moment."""
        data = super().clean() or {}
        if data.get("what") == "moment" and not data.get("day"):
            self.add_error("day", _lazy("Give the day on the stamp."))
        return data

    def came_at(self) -> datetime | None:
        """Return the other moment, None when no report was received."""
        given = self.cleaned_data
        return None if given["what"] == "none" else moment_of_stamp(given["day"], given["hour"])


def record_paper(
    slot: ExpectedReport,
    proof: "UploadedFile[bytes]",
    *,
    came_at: datetime,
    is_nil: bool,
    is_signed: bool,
    note: str,
    actor: User,
) -> PaperReport:
    """Return the record of a report that was received on paper at `came_at`, by its stamp.

    Errors: Refused without a proof, for a moment that is not in the phase, when a report
    is there or none is expected.
    """
    _refuse_odd_moment(slot, came_at)
    kept = store_upload(proof, purpose="proof", owner_path=slot.node.unit.path, actor=actor)
    with transaction.atomic():
        slot = locked_slot(slot)
        _refuse_where_none_is_awaited(slot)
        fields = {"is_nil": is_nil, "is_signed": is_signed, "proof": kept, "note": note}
        paper = PaperReport.objects.create(slot=slot, came_at=came_at, by=actor, **fields)
        moment = came_at.isoformat()
        audit("report.on_paper", "paperreport", paper, slot.node, actor, came_at=moment)
        report_in(slot, came_at, is_nil=is_nil)
        if is_signed:
            sign(slot, came_at)
    return paper


def undo_paper(paper: PaperReport, why: str, *, actor: User) -> None:
    """Undo a record that was made in error; it stays readable, with the reason.

    If the unit has also submitted here, its report counts from its own moment.
    Errors: Refused without a reason, or twice.
    """
    with transaction.atomic():
        slot, paper = _undone(paper, why, actor)
        why = paper.undone_why
        audit("report.paper_removed", "paperreport", paper, slot.node, actor, why=why)
        _restate(slot)


def correct_paper(paper: PaperReport, came_at: datetime, why: str, *, actor: User) -> PaperReport:
    """Return the record that takes the place of `paper`: the same report, at another moment.

    Errors: Refused without a reason, twice, or for a moment that is not in the phase.
    """
    _refuse_odd_moment(paper.slot, came_at)
    with transaction.atomic():
        slot, paper = _undone(paper, why, actor)
        corrected = PaperReport.objects.create(
            slot=slot,
            came_at=came_at,
            is_nil=paper.is_nil,
            is_signed=paper.is_signed,
            proof_id=paper.proof_id,
            note=paper.note,
            by=actor,
        )
        moved = {"before": paper.came_at.isoformat(), "came_at": came_at.isoformat()}
        why = paper.undone_why
        node = slot.node
        audit("report.paper_corrected", "paperreport", corrected, node, actor, **moved, why=why)
        _restate(slot, corrected)
    return corrected


def record_from_form(slot: ExpectedReport, form: PaperForm, actor: User) -> PaperReport:
    """Record the report that the form describes. Errors: as `record_paper`."""
    fields = {name: form.cleaned_data[name] for name in ("proof", "is_nil", "is_signed", "note")}
    return record_paper(slot, came_at=form.came_at(), actor=actor, **fields)


def mend(paper: PaperReport, form: WrongPaperForm, actor: User) -> None:
    """Undo a record, or replace it, by the form. Errors: Refused."""
    came_at, why = form.came_at(), form.cleaned_data["why"]
    if came_at is None:
        undo_paper(paper, why, actor=actor)
    else:
        correct_paper(paper, came_at, why, actor=actor)


def _undone(paper: PaperReport, why: str, actor: User) -> tuple[ExpectedReport, PaperReport]:
    if not why.strip():
        raise Refused(_("Say why."), field="why")
    slot = locked_slot(paper.slot)
    paper = PaperReport.objects.select_for_update().get(pk=paper.pk)
    if paper.undone_at is not None:
        raise Refused(_("The record is already undone."))
    paper.undone_at, paper.undone_by = timezone.now(), actor
    paper.undone_why = why.strip()[:500]
    paper.save(update_fields=["undone_at", "undone_by", "undone_why"])
    return slot, paper


def _restate(slot: ExpectedReport, paper: PaperReport | None = None) -> None:
    """Set the state of the slot by what is valid now: the unit's own report, the paper, or none."""
    here, otherwise = received_report(slot)
    if paper is None:
        restate(slot, here, otherwise=otherwise)
        return
    signed_at = paper.came_at if paper.is_signed else None
    state = ExpectedReportState.SIGNED if signed_at else ExpectedReportState.SUBMITTED
    # A returned report must be corrected all the same.
    state = otherwise if otherwise == ExpectedReportState.RETURNED else state
    on_paper = ReceivedReport(paper.came_at, paper.is_nil, signed_at, state)
    if here is None:
        restate(slot, on_paper)
        return
    # The unit's own report is newer; it counts as received since the earlier of both.
    came_at = min(here.at, paper.came_at)
    restate(slot, replace(here, at=came_at, signed_at=here.signed_at or signed_at))


def _refuse_odd_moment(slot: ExpectedReport, came_at: datetime) -> None:
    if came_at > timezone.now():
        raise Refused(_("This lies in the future."), field="day")
    if came_at < slot.phase.opens_at:
        raise Refused(_("This is before the phase opened."), field="day")


def _refuse_where_none_is_awaited(slot: ExpectedReport) -> None:
    if slot.state == ExpectedReportState.EXCUSED:
        raise Refused(_("The unit was excused from this report."))
    if slot.reported_at is not None:
        raise Refused(_("There is already a report of this phase."))
    locks_at = slot.phase.locks_at
    if locks_at is not None and max(locks_at, slot.due_at) <= timezone.now():
        raise Refused(_("The phase is locked; the unit needs more time granted first."))


@require_http_methods(["GET", "HEAD", "POST"])
def on_paper(request: PortalRequest, node_id: int, phase_id: int) -> HttpResponse:
    """Record that the report of a unit directly below was received on paper."""
    node = access.child_node(request.scope, node_id, *access.TAKES_PAPER)
    slot = access.slot_of(node, phase_id)
    today = {"day": timezone.localdate()}
    form = PaperForm(request.POST or None, request.FILES or None, initial=today)
    if succeeds(form, lambda: record_from_form(slot, form, request.user)):
        messages.success(request, _("Saved."))
        return redirect("followup:node", node.pk)
    return render(request, "followup/on_paper.html", {"node": node, "form": form, "slot": slot})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_paper(request: PortalRequest, paper_id: int) -> HttpResponse:
    """Undo a record of paper that is wrong, or put another in its place."""
    report = access.childs_paper(request.scope, paper_id)
    node, form = report.slot.node, WrongPaperForm(request.POST or None)
    if succeeds(form, lambda: mend(report, form, request.user)):
        messages.success(request, _("Saved."))
        return redirect("followup:node", node.pk)
    return render(
        request, "followup/remove_paper.html", {"node": node, "form": form, "slot": report.slot}
    )

"""Views that write a report: numbers, texts, total, check, submit."""

from collections.abc import Callable, Sequence
from functools import partial

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach.api.reports import ReportField, ReportFormDefinition, TableCount
from quetsach_portal.reports import access, deciding, queries
from quetsach_portal.reports.deciding import may_decide
from quetsach_portal.reports.forms import (
    ChangeNoticeForm,
    CorrectForm,
    RecordedReasonForm,
    TotalForm,
)
from quetsach_portal.reports.pages import pages
from quetsach_portal.reports.phase_forms.changing import campaign_form_of, form_of
from quetsach_portal.reports.undoing import is_asked_to_correct
from quetsach_portal.reports.writing import draft as writing_draft
from quetsach_portal.reports.writing import locking, looked, submitting
from quetsach_portal.reports.writing.following import follow
from quetsach_portal.reports.writing.step_form import AnswersForm
from quetsach_portal.web.acts import Refused, run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest

Entries = Callable[[ReportFormDefinition], Sequence[ReportField | TableCount]]


@require_POST
def open_report(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Open the draft, filled with what the records answer."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    if run_with_message(request, lambda: writing_draft.open_draft(slot, actor=request.user)):
        return redirect("reports:numbers", slot.pk)
    return redirect("reports:slot", slot.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Ask for the numbers."""
    return _step(request, slot_id, pages.number_entries, "numbers", "texts")


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Ask for the texts."""
    return _step(request, slot_id, pages.text_entries, "texts", "check")


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Show all answers as they will print, and hand the report in."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    if request.method == "POST":
        try:
            version = submitting.submit(
                slot,
                checked_with=request.POST.get("checked", ""),
                actor=request.user,
                same_is_meant=request.POST.get("same") == "1",
                gap=_gap(request),
            )
        except Refused as refused:
            messages.error(request, refused.told)
            return redirect("reports:check", slot.pk)
        return redirect(f"{reverse('reports:version', args=[version.pk])}?new=1")
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    page = pages.check_page(slot, draft)
    has_children = page.draft_check.has_children
    context = {"slot": slot, "draft": draft, "page": page, "has_children": has_children}
    context |= {"asked": looked.look_asked(slot, page.draft_check.total.below)}
    context |= {"reasons": looked.GapReason.choices}
    return render(request, "reports/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def nil(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Report that nothing happened."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    if request.method == "POST":
        try:
            version = submitting.submit_nil(
                slot,
                checked_with=request.POST.get("checked", ""),
                actor=request.user,
                gap=_gap(request),
            )
        except Refused as refused:
            messages.error(request, refused.told)
            return redirect("reports:nil", slot.pk)
        return redirect(f"{reverse('reports:version', args=[version.pk])}?new=1")
    context = {"slot": slot, "token": locking.make(slot, 0, "nil")}
    context |= {"draft": queries.draft_of(slot), "asked": looked.look_asked(slot, ())}
    context |= {"reasons": looked.GapReason.choices}
    return render(request, "reports/nil.html", context)


def _gap(request: PortalRequest) -> looked.LookAnswer:
    return looked.LookAnswer(request.POST.get("gap", ""), request.POST.get("gap_text", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Begin a correction or a supplement."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    stands = queries.standing(slot)
    is_asked = stands is not None and is_asked_to_correct(stands)
    first = {"kind": "correction", "reason_code": "asked"} if is_asked else None
    form = CorrectForm(request.POST or None, initial=first)
    if succeeds(form, lambda: deciding.begin(slot, **form.cleaned_data, actor=request.user)):
        return redirect("reports:numbers", slot.pk)
    context = {"slot": slot, "form": form, "returns": queries.open_returns(slot)}
    return render(request, "reports/correct.html", context)


def _step(
    request: PortalRequest, slot_id: int, entries: Entries, here: str, after: str
) -> HttpResponse:
    """Show a page of questions, or save it, also in the background by script."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    draft = queries.draft_of(slot)
    if draft is None:
        if request.method == "POST":
            messages.error(request, _("There is no draft any more; nothing was saved."))
        return redirect("reports:slot", slot.pk)
    campaign_form = campaign_form_of(slot.phase)
    follow(slot, draft, campaign_form)
    questions = list(entries(form_of(campaign_form)))
    if not questions:
        return redirect(f"reports:{after}", slot.pk)
    page = AnswersForm(questions, draft, request.POST or None)
    if request.method == "POST":
        is_by_script = "X-Autosave" in request.headers
        try:
            draft = writing_draft.save(
                slot, page.answers(), revision=page.sent_revision, actor=request.user
            )
        except Refused as refused:
            if is_by_script:
                return JsonResponse({"told": refused.told}, status=409)
            page.add_error(None, refused.told)
            page.renew(draft)
        else:
            if is_by_script:
                return JsonResponse({"revision": draft.revision})
            if page.is_valid():
                return redirect(f"reports:{after}", slot.pk)
            page.renew(draft)
    context = {"slot": slot, "draft": draft, "page": page, "here": here}
    context |= pages.step_page(request.scope, slot, draft, page, campaign_form)
    return render(request, "reports/step.html", context)


# The total: adjustments, excluded reports, changes from below.


@require_http_methods(["GET", "HEAD", "POST"])
def total(request: PortalRequest, slot_id: int) -> HttpResponse:
    """Show what the unit's report adds up to, and take adjustments."""
    slot = access.own_slot(request.scope, slot_id, *access.ADDS_UP)
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    campaign_form = campaign_form_of(slot.phase)
    form = TotalForm(form_of(campaign_form).counts(), draft, request.POST or None)
    adjust = partial(writing_draft.adjust, slot, actor=request.user)
    if succeeds(form, lambda: adjust(form.adjustments(), revision=form.cleaned_data["revision"])):
        return redirect("reports:check", slot.pk)
    context = {"slot": slot, "draft": draft, "form": form}
    context |= pages.total_page(slot, draft, form, request, campaign_form)
    return render(request, "reports/total.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leave_out(request: PortalRequest, slot_id: int, child_id: int) -> HttpResponse:
    """Leave the report of a unit below out of the total, with a reason."""
    slot, child = access.slot_and_child(request.scope, slot_id, child_id)
    form = RecordedReasonForm(request.POST or None)
    leave = partial(writing_draft.leave_out, slot, child, actor=request.user)
    if succeeds(form, lambda: leave(form.cleaned_data["reason"])):
        return redirect("reports:total", slot.pk)
    return render(request, "reports/leave_out.html", {"slot": slot, "child": child, "form": form})


@require_POST
def take_in(request: PortalRequest, slot_id: int, child_id: int) -> HttpResponse:
    """Take the report of a unit below into the total again."""
    slot, child = access.slot_and_child(request.scope, slot_id, child_id)
    run_with_message(request, lambda: writing_draft.take_in(slot, child, actor=request.user))
    return redirect("reports:total", slot.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: PortalRequest, notice_id: int) -> HttpResponse:
    """Decide on a change from below: take it in, leave it to the next supplement, or not."""
    notice = access.notice_to_decide(request.scope, notice_id)
    share = notice.parent_slot.phase.carry_percent
    proposed = pages.suggested(notice.delta, share)
    form = ChangeNoticeForm(request.POST or None, initial={"answer": proposed})
    if succeeds(form, lambda: pages.decided(notice, form, request.user)):
        absorbs = form.cleaned_data["answer"] == "absorb"
        return redirect("reports:total" if absorbs else "reports:slot", notice.parent_slot_id)
    context = {"notice": notice, "slot": notice.parent_slot, "form": form}
    context |= {"lines": pages.delta_lines(notice), "may_decide": may_decide(notice)}
    context |= {"share": share, "proposed": proposed}
    return render(request, "reports/notice.html", context)

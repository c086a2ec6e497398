"""Write a report: numbers, texts, check answers, hand in; or say that there is nothing."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach.api.reports import Field, Form, Row
from quetsach_portal.reports import access, pages, queries, token
from quetsach_portal.reports.actions import correcting, handing_in
from quetsach_portal.reports.actions import writing as acts
from quetsach_portal.reports.forms import CorrectForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.problems import Refused
from quetsach_portal.web.telling import told_or_refused

Entries = Callable[[Form], Sequence[Field | Row]]


@require_POST
def open_report(request: Request, slot_id: int) -> HttpResponse:
    """Open the draft, filled with what the records answer."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    if told_or_refused(request, lambda: acts.open_draft(slot, actor=request.user)):
        return redirect("reports:numbers", slot.pk)
    return redirect("reports:slot", slot.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: Request, slot_id: int) -> HttpResponse:
    """Ask for the numbers."""
    return _step(request, slot_id, pages.number_entries, "numbers", "texts")


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: Request, slot_id: int) -> HttpResponse:
    """Ask for the texts."""
    return _step(request, slot_id, pages.text_entries, "texts", "check")


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, slot_id: int) -> HttpResponse:
    """Show all answers as they will print, and hand the report in."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    if request.method == "POST":
        try:
            made = handing_in.submit(
                slot,
                checked_with=request.POST.get("checked", ""),
                actor=request.user,
                same_is_meant=request.POST.get("same") == "1",
            )
        except Refused as refused:
            messages.error(request, refused.told)
            return redirect("reports:check", slot.pk)
        return redirect(f"{reverse('reports:version', args=[made.pk])}?new=1")
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    page = pages.check_page(slot, draft)
    given = {"slot": slot, "draft": draft, "page": page, "has_children": pages.has_children(slot)}
    return render(request, "reports/check.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def nil(request: Request, slot_id: int) -> HttpResponse:
    """Report that nothing happened."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    if request.method == "POST":
        try:
            made = handing_in.submit_nil(
                slot, checked_with=request.POST.get("checked", ""), actor=request.user
            )
        except Refused as refused:
            messages.error(request, refused.told)
            return redirect("reports:nil", slot.pk)
        return redirect(f"{reverse('reports:version', args=[made.pk])}?new=1")
    given = {"slot": slot, "token": token.make(slot, 0, "nil"), "draft": queries.draft_of(slot)}
    return render(request, "reports/nil.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, slot_id: int) -> HttpResponse:
    """Begin a correction or a supplement."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    form = CorrectForm(request.POST or None)
    if succeeds(
        form,
        lambda: correcting.begin(
            slot,
            kind=form.cleaned_data["kind"],
            reason_code=form.cleaned_data["reason_code"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    ):
        return redirect("reports:numbers", slot.pk)
    return render(request, "reports/correct.html", {"slot": slot, "form": form})


def _step(request: Request, slot_id: int, entries: Entries, here: str, after: str) -> HttpResponse:
    """Show one page of questions, or save it; by script, without leaving it."""
    slot = access.own_slot(request.scope, slot_id, *access.WRITES)
    draft = queries.draft_of(slot)
    if draft is None:
        if request.method == "POST":
            messages.error(request, _("There is no draft any more; nothing was saved."))
        return redirect("reports:slot", slot.pk)
    asked = list(entries(pages.form_in(slot)))
    if not asked:
        return redirect(f"reports:{after}", slot.pk)
    page = pages.asked(asked, draft, request.POST or None)
    if request.method == "POST":
        is_by_script = "X-Autosave" in request.headers
        try:
            draft = acts.save(slot, page.answers(), revision=page.sent_revision, actor=request.user)
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
    given = {"slot": slot, "draft": draft, "page": page, "here": here}
    given |= {"groups": pages.boxes(request.scope, slot, draft, page)}
    given |= {"has_children": pages.has_children(slot)}
    given |= {"whole": [one for one in queries.open_returns(slot) if not one.key]}
    return render(request, "reports/step.html", given)

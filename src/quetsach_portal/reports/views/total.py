"""Add up what came from below: the total, adjustments, what is left out, what changed."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.reports import access, pages, queries
from quetsach_portal.reports.actions import writing
from quetsach_portal.reports.actions.correcting import may_decide
from quetsach_portal.reports.forms import NoticeForm, ReasonForm
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import succeeds
from quetsach_portal.web.telling import told_or_refused


@require_http_methods(["GET", "HEAD", "POST"])
def total(request: Request, slot_id: int) -> HttpResponse:
    """Show what the unit's report adds up to, and take adjustments."""
    slot = access.own_slot(request.scope, slot_id, *access.ADDS_UP)
    draft = queries.draft_of(slot)
    if draft is None:
        return redirect("reports:slot", slot.pk)
    form = pages.total_form(slot, draft, request.POST or None)
    if succeeds(
        form,
        lambda: writing.adjust(
            slot,
            form.adjustments(),
            revision=form.cleaned_data["revision"],
            actor=request.user,
        ),
    ):
        return redirect("reports:check", slot.pk)
    given = {"slot": slot, "draft": draft, "form": form}
    given |= pages.total_page(slot, draft, form, request)
    return render(request, "reports/total.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def leave_out(request: Request, slot_id: int, child_id: int) -> HttpResponse:
    """Leave the report of a unit below out of the total, with a reason."""
    slot, child = access.slot_and_child(request.scope, slot_id, child_id)
    form = ReasonForm(request.POST or None)
    if succeeds(
        form,
        lambda: writing.leave_out(slot, child, form.cleaned_data["reason"], actor=request.user),
    ):
        return redirect("reports:total", slot.pk)
    return render(request, "reports/leave_out.html", {"slot": slot, "child": child, "form": form})


@require_POST
def take_in(request: Request, slot_id: int, child_id: int) -> HttpResponse:
    """Take the report of a unit below into the total again."""
    slot, child = access.slot_and_child(request.scope, slot_id, child_id)
    told_or_refused(request, lambda: writing.take_in(slot, child, actor=request.user))
    return redirect("reports:total", slot.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: Request, notice_id: int) -> HttpResponse:
    """Decide on a change from below: take it in, leave it to the next supplement, or not."""
    notice = access.notice_to_decide(request.scope, notice_id)
    share = notice.parent_slot.phase.carry_percent
    proposed = pages.suggested(notice.delta, share)
    form = NoticeForm(request.POST or None, initial={"answer": proposed})
    if succeeds(form, lambda: pages.decided(notice, form, request.user)):
        absorbs = form.cleaned_data["answer"] == "absorb"
        return redirect("reports:total" if absorbs else "reports:slot", notice.parent_slot_id)
    given = {"notice": notice, "slot": notice.parent_slot, "form": form}
    given |= {"lines": pages.delta_lines(notice), "may_decide": may_decide(notice)}
    given |= {"share": share, "proposed": proposed}
    return render(request, "reports/notice.html", given)

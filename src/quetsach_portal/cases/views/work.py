"""Pages to work on a case: what was done, by whom, until when; and to merge cases."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.cases import access, actions, device_merge, queries
from quetsach_portal.cases.forms import (
    CaseFileForm,
    CaseMergeForm,
    CaseSplitForm,
    HandlingForm,
    MachineScanForm,
    VersionForm,
    WorkForm,
)
from quetsach_portal.cases.history import technicians_of
from quetsach_portal.cases.steps import FIRST_KIND
from quetsach_portal.cases.views.case import case_response
from quetsach_portal.web.acts import attempt, run_with_message, succeeds
from quetsach_portal.web.offline import answers_kept, refusal_of_kept, sending_of
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "POST"])
def handle(request: PortalRequest, case_id: int) -> HttpResponse:
    """Write down what was done to the machine."""
    case = access.case_for(request.scope, case_id)
    kind = request.GET.get("kind", "")
    initial = {"version": case.version, "at": timezone.localtime(), "kind": kind}
    form = HandlingForm(request.POST or None, initial=initial)
    if succeeds(
        form,
        lambda: actions.save_handling_form(request.scope, case, form.cleaned_data, request.user),
    ):
        messages.success(request, _("Recorded. The state follows from the evidence."))
        return _at(case_id, "h-acts")
    return render(request, "cases/handle.html", {"case": case, "form": form})


@require_POST
def withdraw_handling(request: PortalRequest, case_id: int, handling_id: int) -> HttpResponse:
    """Take back a handling that was written down by mistake."""
    access.case_for(request.scope, case_id)
    act = partial(actions.withdraw_handling, case_id, handling_id, actor=request.user)
    return _act(request, case_id, act, "h-acts")


@require_http_methods(["GET", "POST"])
def work(request: PortalRequest, case_id: int) -> HttpResponse:
    """Say who works the case, until when, and what the machine is called."""
    case = access.case_for(request.scope, case_id)
    people = technicians_of(case.node.unit_id)
    form = WorkForm(request.POST or None, initial=actions.initial_work(case), people=people)
    if succeeds(form, lambda: actions.change_work(case, form, request.user)):
        messages.success(request, _("Saved."))
        return _at(case_id, "h-history")
    return render(request, "cases/work.html", {"case": case, "form": form})


@require_POST
@answers_kept
def step(request: PortalRequest, case_id: int, code: str) -> HttpResponse:
    """Record that one of the three steps was done just now."""
    access.case_for(request.scope, case_id)
    if code not in FIRST_KIND:
        raise Http404
    form = (MachineScanForm if code == "scan" else VersionForm)(request.POST, request.FILES)
    if succeeds(
        form,
        lambda: actions.record_step(
            case_id, code, form.cleaned_data, actor=request.user, sending=sending_of(request)
        ),
    ):
        messages.success(request, _("Recorded. The state follows from the evidence."))
        return _at(case_id, f"step-{code}")
    return refusal_of_kept(request, form) or case_response(request, case_id, form)


@require_POST
@answers_kept
def add_file(request: PortalRequest, case_id: int) -> HttpResponse:
    """Add a file that supports what is said; what is not taken is said on the case's page."""
    access.case_for(request.scope, case_id)
    form = CaseFileForm(request.POST, request.FILES)
    if succeeds(
        form,
        lambda: actions.add_file(
            case_id,
            upload=form.cleaned_data["upload"],
            remark=form.cleaned_data["told"],
            actor=request.user,
            token=sending_of(request).token,
        ),
    ):
        messages.success(request, _("The file was added."))
        return _at(case_id, "h-files")
    return refusal_of_kept(request, form) or case_response(request, case_id, form)


@require_POST
def owner_statement(request: PortalRequest, case_id: int) -> HttpResponse:
    """Keep what the unit itself says of the machine."""
    access.focal_case_for(request.scope, case_id)
    clean = request.POST.get("says") == "clean"
    act = partial(actions.record_owner_statement, case_id, clean=clean, actor=request.user)
    return _act(request, case_id, act, "others")


def _at(case_id: int, place: str) -> HttpResponse:
    """Return to the place on the case's page at which something was done."""
    return redirect(f"{reverse('cases:show', args=[case_id])}#{place}")


def _act(
    request: PortalRequest, case_id: int, act: Callable[[], object], place: str
) -> HttpResponse:
    run_with_message(request, act, done=_("Saved."))
    return _at(case_id, place)


@require_http_methods(["GET", "POST"])
def join_view(request: PortalRequest, case_id: int) -> HttpResponse:
    """Join another case of the same machine with this one."""
    case = access.focal_case_for(request.scope, case_id)
    form = CaseMergeForm(request.POST or None, cases=queries.cases_to_join(case)[:500])
    if succeeds(
        form,
        lambda: device_merge.join(case_id, int(form.cleaned_data["other"]), actor=request.user),
    ):
        messages.success(request, _("The two cases were merged."))
        return redirect("cases:show", case_id)
    return render(request, "cases/join.html", {"case": case, "form": form})


@require_http_methods(["GET", "POST"])
def split(request: PortalRequest, case_id: int) -> HttpResponse:
    """Give some findings to a second machine."""
    case = access.focal_case_for(request.scope, case_id)
    form = CaseSplitForm(request.POST or None, device_findings=queries.findings_to_split(case))
    if request.method == "POST" and form.is_valid():
        chosen = [int(one) for one in form.cleaned_data["findings"]]
        label = form.cleaned_data["label"]
        new_case = attempt(
            form,
            lambda: device_merge.split_off(
                case_id, findings=chosen, label=label, actor=request.user
            ),
        )
        if new_case is not None:
            messages.success(request, _("The other machine now has its own case."))
            return redirect("cases:show", new_case.pk)
    return render(request, "cases/split.html", {"case": case, "form": form})


@require_POST
def separate_view(request: PortalRequest, case_id: int, device_id: int) -> HttpResponse:
    """Take a joined device out of the case again."""
    access.focal_case_for(request.scope, case_id)
    run_with_message(
        request,
        lambda: device_merge.separate(case_id, device_id, actor=request.user),
        done=_("The merge was undone."),
    )
    return redirect("cases:show", case_id)

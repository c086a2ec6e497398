"""Pages on which a case is worked: what was done, by whom, until when, with which proof."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quetsach_portal.cases import access, actions, queries
from quetsach_portal.cases.case_page import describe_case
from quetsach_portal.cases.forms import CaseFileForm, ChecklistForm, HandlingForm, WorkForm
from quetsach_portal.cases.history import technicians_of
from quetsach_portal.cases.work_forms import change_work, initial_work, save_handling_form
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest


@require_http_methods(["GET", "POST"])
def handle(request: PortalRequest, case_id: int) -> HttpResponse:
    """Write down what was done to the machine."""
    case = access.case_for(request.scope, case_id)
    initial = {"version": case.version, "at": timezone.localtime()}
    form = HandlingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        attempt(
            form, lambda: save_handling_form(request.scope, case, form.cleaned_data, request.user)
        )
        if not form.errors:
            messages.success(request, _("Written down. The state is what the evidence says."))
            return redirect("cases:show", case_id)
    return render(request, "cases/handle.html", {"case": case, "form": form})


@require_POST
def withdraw_handling(request: PortalRequest, case_id: int, handling_id: int) -> HttpResponse:
    """Take back a handling that was written down by mistake."""
    access.case_for(request.scope, case_id)
    return _act(
        request,
        case_id,
        lambda: actions.withdraw_handling(case_id, handling_id, actor=request.user),
    )


@require_http_methods(["GET", "POST"])
def work(request: PortalRequest, case_id: int) -> HttpResponse:
    """Say who works the case, until when, and what the machine is called."""
    case = access.case_for(request.scope, case_id)
    people = technicians_of(case.node.unit_id)
    form = WorkForm(request.POST or None, initial=initial_work(case), people=people)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: change_work(case, form, request.user))
        if not form.errors:
            messages.success(request, _("Saved."))
            return redirect("cases:show", case_id)
    return render(request, "cases/work.html", {"case": case, "form": form})


@require_POST
def tick(request: PortalRequest, case_id: int) -> HttpResponse:
    """Set which steps are done."""
    access.case_for(request.scope, case_id)
    form = ChecklistForm(request.POST)
    done = form.cleaned_data["done"] if form.is_valid() else []
    return _act(request, case_id, lambda: actions.tick(case_id, done=done, actor=request.user))


@require_POST
def add_file(request: PortalRequest, case_id: int) -> HttpResponse:
    """Add a file that supports what is said; what is not taken is said on the case's page."""
    case = access.case_for(request.scope, case_id)
    form = CaseFileForm(request.POST, request.FILES)
    if form.is_valid():
        upload, told = form.cleaned_data["upload"], form.cleaned_data["told"]
        attempt(
            form,
            lambda: actions.add_file(case_id, upload=upload, remark=told, actor=request.user),
        )
        if not form.errors:
            messages.success(request, _("The file was added."))
            return redirect("cases:show", case_id)
    page = queries.case_page(case)
    context = {"shown": describe_case(page), "page": page, "file_form": form}
    return render(request, "cases/show.html", context)


@require_POST
def owner_statement(request: PortalRequest, case_id: int) -> HttpResponse:
    """Keep what the unit itself says of the machine."""
    access.focal_case_for(request.scope, case_id)
    clean = request.POST.get("says") == "clean"
    return _act(
        request,
        case_id,
        lambda: actions.record_owner_statement(case_id, clean=clean, actor=request.user),
    )


def _act(request: PortalRequest, case_id: int, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
        messages.success(request, _("Saved."))
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("cases:show", case_id)

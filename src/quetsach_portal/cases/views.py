"""Pages of cases for the unit's own people: the list, one case, why, and the sheet to print."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from quetsach_portal.cases import access, queries
from quetsach_portal.cases.checklist import STEPS
from quetsach_portal.cases.forms import FileForm, FilterForm
from quetsach_portal.cases.listing import figure_of, listed_for, people_of
from quetsach_portal.cases.sheet import case_url, sheet_pdf
from quetsach_portal.cases.shown import shown_case
from quetsach_portal.files.sending import attachment
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of


@require_safe
def index(request: Request) -> HttpResponse:
    """Return the cases of the person's units, or lead who only counts to the counts."""
    if not request.scope.has_role(*access.WORKERS):
        access.counters_only(request.scope)
        return redirect("cases:counts")
    cases = access.own_cases(request.scope)
    form = FilterForm(request.GET or None, people=people_of(request.scope))
    page = page_of(listed_for(cases, form, request.user.pk), request)
    context = {"form": form, "page": page, "figure": figure_of(form)}
    context["nodes"] = access.own_nodes(request.scope)
    return render(request, "cases/index.html", context)


@require_safe
def show(request: Request, case_id: int) -> HttpResponse:
    """Return the page of one case."""
    case = access.case_for(request.scope, case_id)
    page = queries.case_page(case)
    context = {
        "shown": shown_case(page),
        "page": page,
        "file_form": FileForm(),
        "is_focal": access.is_focal(request.scope, case.node),
    }
    return render(request, "cases/show.html", context)


@require_safe
def why(request: Request, case_id: int, finding_id: int) -> HttpResponse:
    """Return what a finding rests on: rule, list row, raw lines."""
    case, finding = access.finding_for(request.scope, case_id, finding_id)
    samples = queries.samples_of(finding)
    context = {"case": case, "finding": finding, "samples": samples}
    return render(request, "cases/why.html", context)


@require_safe
def sheet(request: Request, case_id: int) -> HttpResponse:
    """Return the sheet of one machine as a page to print."""
    page = queries.case_page(access.case_for(request.scope, case_id))
    context = {"page": page, "shown": shown_case(page), "steps": STEPS, "url": case_url(page.case)}
    return render(request, "cases/sheet.html", context)


@require_safe
def sheet_file(request: Request, case_id: int) -> HttpResponse:
    """Return the sheet of one machine as PDF."""
    page = queries.case_page(access.case_for(request.scope, case_id))
    response = HttpResponse(sheet_pdf(page), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{page.case.number}.pdf"'
    return response


@require_safe
def file(request: Request, file_id: int) -> FileResponse:
    """Hand out an evidence file."""
    return attachment(access.file_for(request.scope, file_id).stored)

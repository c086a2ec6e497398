"""Pages: the trail, its export, the jobs."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from quetsach_portal.oversight import access, actions, queries
from quetsach_portal.oversight.forms import TrailFilter
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.problems import Refused


@require_safe
def trail(request: Request) -> HttpResponse:
    """Return the acts that the person may read about."""
    form = TrailFilter(request.GET)
    events = access.events_of(request.scope)
    rows = queries.narrowed(events, form.cleaned_data if form.is_valid() else {})
    page = page_of(rows, request)
    given = {"form": form, "page": page, "rows": queries.told(page.rows)}
    return render(request, "oversight/trail.html", given)


@require_safe
def export(request: Request) -> StreamingHttpResponse:
    """Return the same rows as JSON lines, with their digests."""
    lines = queries.as_json_lines(access.events_of(request.scope))
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    response.headers["Content-Disposition"] = 'attachment; filename="audit.jsonl"'
    return response


@require_safe
def jobs(request: Request) -> HttpResponse:
    """Return the background jobs that the person may see."""
    mine = access.jobs_of(request.scope)
    page = page_of(queries.newest(mine), request)
    return render(
        request,
        "oversight/jobs.html",
        {"page": page, "failed": queries.failed(mine)},
    )


@require_POST
def repeat(request: Request, job_id: int) -> HttpResponse:
    """Start a failed job again."""
    job = access.job_to_repeat(request.scope, job_id)
    try:
        actions.repeat_job(job, actor=request.user)
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("oversight:jobs")

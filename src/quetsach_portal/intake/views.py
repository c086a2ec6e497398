"""Pages of what a unit hands in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.intake import access, actions, folders, queries, submission_page
from quetsach_portal.intake.forms import KINDS, AddForm, BeginForm, KindForm
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.request import PortalRequest


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return where evidence is handed in and where its counts are seen, by role."""
    own = access.own_nodes(request.scope)
    counted = access.counted_nodes(request.scope)
    if len(own) == 1 and not counted:
        return unit(request, own[0].pk)
    return render(request, "intake/index.html", {"own": own, "counted": counted})


@require_safe
def unit(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return what was handed in for a node, and which days were looked at."""
    node = access.own_node_for(request.scope, node_id)
    page = page_of(queries.submissions_of(node), request)
    context = {
        **submission_page.of_unit(node),
        "page": page,
        "rows": submission_page.rows_of(page.rows),
    }
    return render(request, "intake/unit.html", context)


@require_safe
def hand_in(request: PortalRequest, node_id: int) -> HttpResponse:
    """Ask what is to be handed in."""
    node = access.own_node_for(request.scope, node_id)
    form = KindForm(request.GET if "kind" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("intake:begin", node.pk, form.cleaned_data["kind"])
    closed = submission_page.why_closed(node)
    return render(request, "intake/hand_in.html", {"node": node, "form": form, "closed": closed})


@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest, node_id: int, kind: str) -> HttpResponse:
    """Take the first file."""
    node = access.own_node_for(request.scope, node_id)
    if kind not in KINDS:
        raise Http404
    named: dict[str, Any] = {"kind": kind, "unit": node.unit, "user": request.user}
    form = BeginForm(request.POST or None, request.FILES or None, **named)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("note", "token")}
        given, actor = form.given(), request.user
        begun = attempt(
            form, lambda: actions.begin(node, kind=kind, upload=given, actor=actor, **told)
        )
        if begun is not None:
            return redirect("intake:submission", begun.pk)
    context = {"node": node, "form": form, "kind": kind, "rules": queries.rules_of(node.campaign)}
    return render(request, "intake/begin.html", context)


@require_safe
def submission(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Return one submission: a draft, its progress, or what came out."""
    found = access.submission_for(request.scope, submission_id)
    context = submission_page.page_of(found)
    return render(request, f"intake/{context['standing'].page}.html", context)


@require_safe
def progress(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Return how far it is, for the page that asks again and again; at the end it is loaded new."""
    found = access.submission_for(request.scope, submission_id)
    standing = submission_page.standing_of(found)
    context = {"submission": found, "standing": standing}
    response = render(request, "intake/progress_part.html", context)
    if standing.page != "progress":
        response.headers["X-Ended"] = "1"
    return response


@require_http_methods(["GET", "POST"])
def add_file(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Add one more file to a draft."""
    submission = access.submission_for(request.scope, submission_id)
    named: dict[str, Any] = {"unit": submission.node.unit, "user": request.user}
    form = AddForm(request.POST or None, request.FILES or None, **named)
    if request.method == "POST" and form.is_valid():
        given = form.given()
        added = attempt(form, lambda: actions.add_file(submission, given, actor=request.user))
        if added is not None:
            return redirect("intake:submission", submission.pk)
    return render(request, "intake/add_file.html", {"submission": submission, "form": form})


@require_POST
def remove_file(request: PortalRequest, submission_id: int, file_id: UUID) -> HttpResponse:
    """Take a file out of a draft."""
    found = access.submission_for(request.scope, submission_id)
    return _acted(
        request, found.pk, lambda: actions.remove_file(found, file_id, actor=request.user)
    )


@require_POST
def send(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Send a draft off."""
    found = access.submission_for(request.scope, submission_id)
    return _acted(request, found.pk, lambda: actions.send(found, actor=request.user))


@require_POST
def retry(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Look through it once more."""
    found = access.submission_for(request.scope, submission_id)
    return _acted(request, found.pk, lambda: actions.retry_sweep(found, actor=request.user))


@require_POST
def throw_away(request: PortalRequest, submission_id: int) -> HttpResponse:
    """Remove a draft."""
    submission = access.submission_for(request.scope, submission_id)
    try:
        actions.throw_away(submission, actor=request.user)
        messages.success(request, _("The draft and its files were removed."))
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("intake:unit", submission.node_id)


def _acted(request: PortalRequest, submission_id: int, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.warning(request, refused.told)
    return redirect("intake:submission", submission_id)


@require_safe
def report(request: PortalRequest, submission_id: int) -> FileResponse:
    """Return the report of the engine: always as an attachment."""
    return folders.report_of(access.submission_for(request.scope, submission_id))

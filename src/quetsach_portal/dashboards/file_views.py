"""The table of a whole subtree: at once where it is small, else asked for and fetched later."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.dashboards import access, asked
from quetsach_portal.dashboards import files as acts
from quetsach_portal.dashboards.frame import frame
from quetsach_portal.dashboards.pages.subtree import KINDS
from quetsach_portal.files.names import attachment_header
from quetsach_portal.files.sending import attachment
from quetsach_portal.rights.request import Request
from quetsach_portal.web.table_files import MEDIA_TYPES
from quetsach_portal.web.telling import told_or_refused


@require_safe
def subtree(request: Request, campaign_id: int, kind: str) -> HttpResponse | FileResponse:
    """Hand out a small table; a large one is asked for on the page of files."""
    node = access.subtree_of(request.scope, campaign_id, asked.node_in(request))
    if kind not in KINDS:
        raise Http404
    if acts.is_large(node):
        return redirect(_files(campaign_id, node.pk))
    phase = asked.phase_in(request, node.campaign)
    response = FileResponse(acts.written(node, phase, kind), content_type=MEDIA_TYPES[kind])
    name = acts.name_of(node, phase, kind)
    response.headers["Content-Disposition"] = attachment_header(name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: Request, campaign_id: int) -> HttpResponse:
    """List the files that the person asked for, and ask for another one."""
    under = request.POST.get("under", "") or request.GET.get("under", "")
    node = access.subtree_of(request.scope, campaign_id, asked.number_in(under))
    phase = asked.phase_in(request, node.campaign)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind in KINDS:
            done = _("The file is being written; it stands below when it is ready.")
            told_or_refused(request, lambda: acts.ask(node, phase, kind, actor=request.user), done)
        return redirect(_files(campaign_id, node.pk))
    given = frame(request, node.campaign, node) | {
        "phase": phase,
        "kinds": KINDS,
        "is_large": acts.is_large(node),
        "files": acts.asked_by(request.user, campaign_id),
    }
    return render(request, "dashboards/files.html", given)


@require_safe
def file(request: Request, campaign_id: int, file_id: int) -> FileResponse:
    """Hand out a file that the person asked for."""
    return attachment(access.file_of(request.scope, campaign_id, file_id))


def _files(campaign_id: int, node_id: int) -> str:
    return f"{reverse('dashboards:files', args=[campaign_id])}?under={node_id}"

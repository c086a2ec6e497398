"""Pages: what a unit hands out with its own name and code, and the editions of its campaign."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.handouts import access, actions, queries
from quetsach_portal.handouts.forms import PullForm, shown_language
from quetsach_portal.handouts.kinds import Kind
from quetsach_portal.handouts.versions import ending
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt

if TYPE_CHECKING:
    from quetsach_portal.campaigns.models import CampaignNode


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, node_id: int) -> HttpResponse:
    """Return the unit's page of materials, or the one that was asked for."""
    if request.method != "POST":
        return _page(request, node_for(request.scope, node_id), PullForm())
    node, form = access.own_node(request.scope, node_id), PullForm(request.POST)
    if form.is_valid():
        kind, language, audience = form.said()
        made = attempt(
            form,
            lambda: actions.pull(node, kind, language, audience=audience, actor=request.user),
        )
        if made is not None:
            return _file(made.name, made.content, made.content_type)
    return _page(request, node, form, status=422)


@require_safe
def edition(request: Request, version_id: int) -> HttpResponse:
    """Return an edition as the campaign as a whole hands it out, an earlier one too."""
    row = access.version(request.scope, version_id)
    end = ending(Kind(row.kind))
    content_type = "application/pdf" if end == "pdf" else "text/plain; charset=utf-8"
    return _file(f"{row.kind}-{row.language}-b{row.number}.{end}", bytes(row.content), content_type)


def _page(
    request: Request, node: "CampaignNode", form: PullForm, status: int = 200
) -> HttpResponse:
    shown_in = shown_language()
    own = queries.own_pulls(node, shown_in)
    given = {
        "node": node,
        "form": form,
        "pulls": access.pulls(request.scope, node),
        "own": own,
        "all": queries.together(own),
        "below": queries.pulls_below(node) if access.sees_below(request.scope, node) else (),
        "editions": queries.editions(node.campaign, shown_in),
    }
    return render(request, "handouts/index.html", given, status=status)


def _file(name: str, content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""Where one number of a report comes from."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.followup.asked import day_in
from quetsach_portal.reports import access, tracing
from quetsach_portal.rights.request import Request
from quetsach_portal.web.paging import page_of


@require_safe
def trace(request: Request, version_id: int, key: str) -> HttpResponse:
    """Return what a figure was made of; `?on=` leads to the version that stood on that day."""
    asked = day_in(request, _("As it was known at the end of the day"))
    version, on = access.seen_version(request.scope, version_id), asked.day
    known = tracing.version_on(version, on)
    if known is not None and known.pk != version.pk:
        return redirect(f"{reverse('trace:figure', args=[known.pk, key])}?on={on}")
    page = tracing.page_for(request.scope, version, key, on)
    if page is None:
        raise Http404
    context = {"page": page, "trace": page.trace, "version": version, "slot": version.slot}
    seats = node_scope(request.scope, version.slot.node.campaign)
    context |= {"reads_below": access.reads_below(seats, version.slot.node)}
    name = request.GET.get("name", "")[:100]
    context |= {
        "listed": page_of(page.trace.named(name), request),
        "name": name,
        "asked": asked,
        "nothing_then": on is not None and known is None,
        "now": timezone.now(),
    }
    return render(request, "reports/trace.html", context)

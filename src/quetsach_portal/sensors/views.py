"""The page of watches, and the stream of events that keeps it up to date."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from quetsach_portal.people.roles.scope import Scope, scope_of
from quetsach_portal.sensors import queries
from quetsach_portal.web.event_stream import event_stream
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

PER_PAGE = 20


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return the watches of the person's units and of those below, the worst first."""
    queries.readers_only(request.scope)
    context = _context(request, request.scope)
    return render(request, "sensors/index.html", context)


@require_safe
def live(request: PortalRequest) -> HttpResponseBase:
    """Stream the changing part of the page, each time it has changed."""
    queries.readers_only(request.scope)
    language, person = translation.get_language(), request.user

    def current() -> str:
        with translation.override(language):
            # A role that ended meanwhile shows nothing more.
            return render_to_string("sensors/watches.html", _context(request, scope_of(person)))

    return event_stream(person.pk, current)


@require_safe
def hours(request: PortalRequest, source_id: int) -> HttpResponse:
    """Return what a source brought and lost, hour by hour: the rows behind its figures."""
    source = queries.source_for(request.scope, source_id)
    table = long_table(queries.hours_of(source), request, queries.HOURS)
    context = {
        "source": queries.named_source(request.scope, source),
        "node": source.sensor.node,
        "table": table,
        "page": table.page,
    }
    return render(request, "sensors/hours.html", context)


def _context(request: PortalRequest, scope: Scope) -> dict[str, object]:
    state = request.GET.get("state", "")
    sensors = queries.chosen(queries.sensors_for(scope), state)
    table = long_table(sensors, request, queries.SENSORS, per=PER_PAGE)
    return {
        "state": state,
        "table": table,
        "page": table.page,
        "watches": queries.views_of(scope, table.page.rows),
        "counts": queries.counts_for(scope),
        "logs": queries.logs_for(scope),
        "now": timezone.now(),
        "query": request.GET.urlencode(),
    }

"""Pages on which a unit declares zone, clock, year and networks of its log sources."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.intake import access, log_sources
from quetsach_portal.intake.forms import EndSourceForm, SourceForm
from quetsach_portal.intake.models import LogSource
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.request import PortalRequest


@require_safe
def sources(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return what the unit declares of its log sources, and what it declared before."""
    unit = access.own_unit_for(request.scope, unit_id)
    rows = [
        (row, log_sources.said_words(log_sources.as_declared(row)))
        for row in log_sources.sources_of(unit)
    ]
    return render(request, "intake/sources.html", {"unit": unit, "sources": rows})


@require_http_methods(["GET", "POST"])
def add(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Declare a source."""
    unit = access.own_unit_for(request.scope, unit_id)
    form = SourceForm(request.POST or None, is_new=True)
    if succeeds(form, lambda: log_sources.declare(unit, form.words(), actor=request.user)):
        messages.success(request, _("Saved. The next sweep uses it."))
        return redirect("intake:sources", unit.pk)
    return _page(request, unit, form, title=_("Declare a source"), button=_("Save"))


@require_http_methods(["GET", "POST"])
def change(request: PortalRequest, source_id: int) -> HttpResponse:
    """Declare something else of a source; what held before stays to be read."""
    source = access.source_for(request.scope, source_id)
    form = SourceForm(request.POST or None, is_new=False, initial=_initial(source))
    if succeeds(
        form,
        lambda: log_sources.declare(
            source.unit,
            form.words(),
            old=source,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    ):
        messages.success(request, _("Saved. The next sweep uses it."))
        return redirect("intake:sources", source.unit_id)
    return _page(request, source.unit, form, title=source.name, button=_("Save"))


@require_http_methods(["GET", "POST"])
def end(request: PortalRequest, source_id: int) -> HttpResponse:
    """Remove a declaration, with the reason; sweeps that used it still say so."""
    source = access.source_for(request.scope, source_id)
    form = EndSourceForm(request.POST or None)
    if succeeds(
        form,
        lambda: log_sources.end(source, reason=form.cleaned_data["reason"], actor=request.user),
    ):
        messages.success(request, _("Removed. The next sweep no longer uses it."))
        return redirect("intake:sources", source.unit_id)
    title = _("Remove the declaration of %(name)s") % {"name": source.name}
    intro = ", ".join(log_sources.said_words(log_sources.as_declared(source)))
    return _page(request, source.unit, form, title=title, button=_("Remove"), intro=intro)


def _initial(source: LogSource) -> dict[str, Any]:
    words = log_sources.as_words(source)
    names = ("name", "pattern", "zone", "clock_offset", "year", "taken", "inside")
    return {name: getattr(words, name) for name in names}


def _page(
    request: PortalRequest, unit: OrgUnit, form: SourceForm | EndSourceForm, **words: str
) -> HttpResponse:
    return render(request, "intake/source.html", {"unit": unit, "form": form, **words})

"""Pages of planted names: how they stand, the places, and the zip for the PC of each."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from quetsach_portal.planted import keys, places, standing
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.request import PortalRequest


class PlaceForm(forms.Form):
    """A new place."""

    name = forms.CharField(
        label=_lazy("Name of the place"),
        max_length=64,
        help_text=_lazy("As you call it: a room, a floor, a subnet. One PC there does the asking."),
    )
    subnet = forms.CharField(
        label=_lazy("Subnet"),
        max_length=43,
        required=False,
        help_text=_lazy("For example 10.1.2.0/24. May be left empty."),
    )


class EndPlaceForm(forms.Form):
    """A place that is no longer used; nothing has to be filled in."""


@require_safe
def unit(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return how the planted names of a node stand, place by place."""
    node = places.node_for(request.scope, node_id)
    return render(request, "planted/unit.html", {"node": node, **standing.page_of_node(node)})


@require_http_methods(["GET", "POST"])
def add(request: PortalRequest, node_id: int) -> HttpResponse:
    """Add a place."""
    node = places.node_for(request.scope, node_id)
    form = PlaceForm(request.POST or None, initial={"subnet": request.GET.get("subnet", "")[:43]})
    if succeeds(
        form,
        lambda: places.add_place(
            node.unit, form.cleaned_data["name"], form.cleaned_data["subnet"], actor=request.user
        ),
    ):
        messages.success(request, _("Saved. Download the zip for the PC of this place."))
        return redirect("planted:unit", node.pk)
    context = {"node": node, "form": form, "title": _("Add a place"), "button": _("Save")}
    return render(request, "planted/place.html", context)


@require_http_methods(["GET", "POST"])
def end(request: PortalRequest, node_id: int, place_id: int) -> HttpResponse:
    """Remove a place; what was planted there stays to be read."""
    node = places.node_for(request.scope, node_id)
    place = places.place_for(request.scope, place_id)
    form = EndPlaceForm(request.POST or None)
    if request.method == "POST":
        form = EndPlaceForm({"sent": "1"})
        if succeeds(form, lambda: places.end_place(place, actor=request.user)):
            messages.success(request, _("Removed. Nothing is planted there from now on."))
            return redirect("planted:unit", node.pk)
    title = _("Remove the place %(name)s") % {"name": place.name}
    context = {"node": node, "form": form, "title": title, "button": _("Remove")}
    return render(request, "planted/place.html", context)


@require_safe
def kit(request: PortalRequest, place_id: int) -> HttpResponse:
    """Return the zip for the PC of a place."""
    place = places.place_for(request.scope, place_id)
    response = HttpResponse(
        keys.kit_of(place, timezone.localdate()), content_type="application/zip"
    )
    name = f"quetsach-{place.unit.code}-{place.pk}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

"""Pages for the addresses of a unit's calendar, and the calendar itself."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.campaigns.calendar import actions, feed
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.request import PortalRequest


class FeedForm(forms.Form):
    """What the address is for."""

    name = forms.CharField(
        label=_lazy("Purpose"),
        max_length=80,
        help_text=_lazy("For example: calendar of the office. It tells you which address to end."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Return the addresses of a unit's calendar, or make one and show it this once."""
    of = actions.own_unit(request.scope, unit_id)
    form, address = FeedForm(request.POST or None), ""
    if form.is_valid():
        named = form.cleaned_data["name"]
        made = attempt(form, lambda: actions.make_feed(of, name=named, actor=request.user))
        if made is not None:
            address = public_address(reverse("calendar_feed", args=[made[1]]))
    context = {"unit": of, "form": form, "address": address, "feeds": actions.feeds_of(of)}
    return render(request, "calendars/unit.html", context)


@require_POST
def end(request: PortalRequest, feed_id: int) -> HttpResponse:
    """End an address."""
    feed = actions.feed_to_end(request.scope, feed_id)
    actions.end_feed(feed, actor=request.user)
    return redirect("calendars:unit", feed.unit_id)


@login_not_required
@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Return the calendar behind an address; the address itself grants access, no cookie is read or
    set.
    """
    of = actions.unit_of(secret)
    response = HttpResponse(feed.calendar_of(of), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="han-bao-cao.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response

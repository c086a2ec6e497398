"""The real portal's pages for rehearsals: make one, open it, delete it; all its pages pass here."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from quetsach_portal.campaigns.access import led_campaign, may_prepare
from quetsach_portal.rehearsals import actions, homes
from quetsach_portal.rehearsals.passing import NotRunning, TooManyAtOnce, pass_on
from quetsach_portal.web.acts import succeeds
from quetsach_portal.web.public_address import public_host
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.scratch_homes import ask_for, base_path


@require_http_methods(["GET", "HEAD", "POST"])
def rehearsal(request: PortalRequest, campaign_id: int) -> HttpResponse:
    """Show how the rehearsal of a campaign stands; make one, or throw it away."""
    campaign = led_campaign(request.scope, campaign_id)
    note = homes.note_of(campaign.pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.POST.get("act") == "throw_away":
        # Of two people who do it at the same moment the second finds nothing left.
        if note is None or succeeds(form, lambda: actions.throw_away(note, actor=request.user)):
            return redirect("campaigns:rehearsal", campaign.pk)
    elif succeeds(form, lambda: actions.ask_for(campaign, actor=request.user)):
        return redirect("campaigns:rehearsal", campaign.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "note": note,
        "gone_on": None if note is None else note.gone_on,
        "address": "" if note is None else f"{base_path(note.id)}/",
        "job": actions.being_made(campaign.pk),
        "failure": "" if note is not None else actions.last_failure(campaign.pk),
        "can_make": may_prepare(request.scope, campaign),
    }
    return render(request, "rehearsals/rehearsal.html", context)


# The rehearsal asks for its own token, by its own cookie; this view changes nothing itself.
@csrf_exempt
def inside(request: PortalRequest, rehearsal_id: str, rest: str = "") -> HttpResponseBase:
    """Hand a request on to the rehearsal, for an owner of its campaign alone."""
    note = homes.note_called(rehearsal_id)
    if note is None:
        raise Http404
    led_campaign(request.scope, note.campaign_id)
    folder = homes.folder_of(note.id)
    try:
        ask_for(folder)
        return _without_own_scripts(request, pass_on(request, folder, rest))
    except FileNotFoundError as gone:
        raise Http404 from gone
    except TooManyAtOnce:
        return _wait(request, note.campaign_id, is_busy=True)
    except NotRunning:
        return _wait(request, note.campaign_id, is_full=homes.others_running(folder))


def _without_own_scripts(request: PortalRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return `response` so that a browser runs scripts of the real portal's folder in it alone.

    What lies below the path of a rehearsal has the origin of the portal: no script may come of it.
    """
    # Without a scheme the source has that of the page; the host is one that has been let in.
    folder = f"{request.headers.get('Host', public_host())}{settings.STATIC_URL}"
    return csp_replace({"script-src": [folder], "worker-src": [NONE]})(lambda _request: response)(
        request
    )


def _wait(
    request: PortalRequest, campaign_id: int, *, is_busy: bool = False, is_full: bool = False
) -> HttpResponse:
    if request.method == "POST":
        # What was sent by a form is not sent again by itself.
        messages.warning(
            request, _("The rehearsal was closed or busy. What you sent was not taken.")
        )
        return redirect("campaigns:rehearsal", campaign_id)
    context = {"campaign_id": campaign_id, "is_busy": is_busy, "is_full": is_full}
    # A browser asks again by itself; a script that sends a part of a file is told why it failed.
    status = 202 if request.method in ("GET", "HEAD") else 503
    response = render(request, "rehearsals/wait.html", context, status=status)
    response.headers["Retry-After"] = "2"
    return response

"""The pages that only a rehearsal has."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.mail.box import mail_at, mails_in_box
from quetsach_portal.people.models.account import User
from quetsach_portal.rehearsals.clock import running_clock
from quetsach_portal.rehearsals.filling import stopped_by
from quetsach_portal.rehearsals.inside.band import (
    days_to_deadline,
    note_here,
    rehearsed_campaign,
)
from quetsach_portal.rehearsals.inside.samples import SAMPLES, bytes_of, can_be_infected
from quetsach_portal.rehearsals.people import PEOPLE, account_of, person_called
from quetsach_portal.web.paging import page_of

_JUMP_WITHIN_S = 60.0


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def see_as(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the made-up people; nobody has a password, the real portal asks who it is.

    The first page of that person comes next.
    """
    person = person_called(request.POST.get("person", ""))
    if person is None:
        return render(request, "rehearsals/see_as.html", {"people": PEOPLE})
    _sign_in(request, account_of(person))
    return redirect("home")


def _sign_in(request: HttpRequest, user: User) -> None:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # As allauth notes it: weighty acts ask for a password that nobody has here.
    request.session["account_authentication_methods"] = [
        {"method": method, "at": time.time()} for method in ("password", "mfa")
    ]


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what a rehearsal offers: people, days, mails, sample files."""
    campaign = rehearsed_campaign()
    context = {
        "campaign": campaign,
        "note": note_here(),
        "people": PEOPLE,
        "stopped": stopped_by(settings.QUETSACH.home),
        "deadline_in": days_to_deadline(campaign),
        "mails": len(mails_in_box()),
        "samples": SAMPLES,
        "can_be_infected": can_be_infected(campaign),
    }
    return render(request, "rehearsals/desk.html", context)


@require_POST
def days(request: HttpRequest) -> HttpResponse:
    """Let days pass: one, or as many as lead behind the next deadline."""
    wanted = days_to_deadline(rehearsed_campaign()) if "deadline" in request.POST else 1
    is_done = running_clock().ask_for(wanted or 1, _JUMP_WITHIN_S)
    today = timezone.localdate().strftime("%d/%m/%Y")
    if is_done:
        messages.success(request, _("In the rehearsal it is %(day)s now.") % {"day": today})
    else:
        messages.warning(
            request,
            _("The days are passing; what is due is still being done. Load the page again."),
        )
    return redirect("rehearsal:desk")


@require_safe
def box(request: HttpRequest) -> HttpResponse:
    """Show the mails that would have gone out, the newest first."""
    return render(request, "rehearsals/box.html", {"page": page_of(mails_in_box(), request)})


@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """Show one mail of the test box."""
    content = mail_at(number)
    if content is None:
        raise Http404
    return render(request, "rehearsals/mail.html", {"mail": content})


@require_safe
def sample(request: HttpRequest, kind: str) -> HttpResponse:
    """Return a sample file to hand in: clean, infected or unreadable."""
    if kind not in SAMPLES or (kind == "infected" and not can_be_infected(rehearsed_campaign())):
        raise Http404
    name, content = bytes_of(kind, rehearsed_campaign(), timezone.localtime())
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response

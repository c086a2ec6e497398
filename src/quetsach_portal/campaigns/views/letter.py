"""A campaign from a letter, or by hand."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quetsach_portal.campaigns.access import leads, reading_for
from quetsach_portal.campaigns.actions.letter import take_letter
from quetsach_portal.campaigns.actions.preparing import create, create_from_letter
from quetsach_portal.campaigns.forms import LetterForm, NewForm, ReviewForm
from quetsach_portal.campaigns.reviewing import proposal_of, rows_of
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt


@require_http_methods(["GET", "HEAD", "POST"])
def from_letter(request: Request) -> HttpResponse:
    """Take a letter in; a job reads it."""
    form = LetterForm(request.POST or None, request.FILES or None, leads=leads(request.scope))
    if form.is_valid():
        file = form.cleaned_data["file"]
        reading = attempt(form, lambda: take_letter(form.lead(), file, actor=request.user))
        if reading is not None:
            return redirect("campaigns:review", reading.pk)
    return render(request, "campaigns/from_letter.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, reading_id: int) -> HttpResponse:
    """Show what was read, field by field, and make the campaign of what the person left."""
    reading = reading_for(request.scope, reading_id)
    if reading.state != "read":
        return render(request, "campaigns/reading.html", {"reading": reading})
    form = ReviewForm(request.POST or None, proposal=proposal_of(reading.result))
    if form.is_valid():
        reviewed = form.reviewed()
        made = attempt(form, lambda: create_from_letter(reading, reviewed, actor=request.user))
        if made is not None:
            return redirect("campaigns:setup", made.pk)
    given = {"reading": reading, "form": form, "rows": rows_of(reading.result)}
    return render(request, "campaigns/review.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: Request) -> HttpResponse:
    """Make a campaign of what is typed."""
    form = NewForm(request.POST or None, leads=leads(request.scope))
    if form.is_valid():
        made = attempt(form, lambda: create(form.lead(), form.basics(), actor=request.user))
        if made is not None:
            return redirect("campaigns:setup", made.pk)
    return render(request, "campaigns/by_hand.html", {"form": form})

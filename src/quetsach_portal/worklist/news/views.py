"""The page of news, and which mails tell of it: opening a page changes nothing, a press does."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.followup.pages import number_in
from quetsach_portal.people.models.news import MailSort
from quetsach_portal.people.news.mail_choices import choice_by, choices_of, choose, switch
from quetsach_portal.people.news.writing import mark_all, mark_group
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.worklist.news.page import MOST_EVENTS, event_of, news_page


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    """Return what is new for the person, grouped by what it is about."""
    return render(request, "news/index.html", {"news": news_page(request.scope)})


@require_POST
def open_event(request: PortalRequest, event_id: int) -> HttpResponse:
    """Mark all about the same thing read, and lead to its page."""
    event = event_of(request.scope, event_id)
    if event is None:
        raise Http404
    mark_group(request.scope, event.key)
    if request.POST.get("stay"):
        return redirect("news:index")
    return redirect(event.path)


@require_POST
def read_all(request: PortalRequest) -> HttpResponse:
    """Mark all that the page showed read."""
    numbers = map(number_in, request.POST.getlist("later")[:MOST_EVENTS])
    later = [number for number in numbers if number is not None]
    mark_all(request.scope, number_in(request.POST.get("until", "")) or 0, later)
    messages.success(request, _("All of it is marked as read."))
    return redirect("news:index")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail_choices(request: PortalRequest) -> HttpResponse:
    """Return which mails the person gets; POST keeps the ticks."""
    if request.method == "POST":
        choose(request.user, request.POST.getlist("sort"))
        messages.success(request, _("Saved."))
        return redirect("mail_choices")
    rows = [(sort, wanted) for sort, wanted in choices_of(request.user.email).items()]
    return render(request, "news/mails.html", {"rows": rows})


# The signature in the address is the proof: mail programs send this form from elsewhere (RFC 8058).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def mail_off(request: HttpRequest, choice_id: int, signature: str) -> HttpResponse:
    """Return the page with the button that switches a sort of mail off; POST does it.

    A GET changes nothing: mail servers open links to look at them.
    """
    choice = choice_by(choice_id, signature)
    if choice is None:
        raise Http404
    if request.method == "POST":
        switch(choice, off=request.POST.get("act") != "on")
        choice.refresh_from_db()
    context = {"is_off": choice.is_off, "sort": MailSort(choice.sort).label}
    return render(request, "news/off.html", context)

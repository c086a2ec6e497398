"""The dispatch of a letter: dry run, start, pause, each recipient's row, paper."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.letters import access, queries, release_forms
from quetsach_portal.letters.actions import mailing, paper
from quetsach_portal.letters.pages import mailing_page
from quetsach_portal.letters.queries import CHANNELS, DISPATCH_STATES
from quetsach_portal.letters.tables import DISPATCH
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.register.access import may_edit
from quetsach_portal.web.acts import Refused, succeeds
from quetsach_portal.web.request import PortalRequest
from quetsach_portal.web.tables import long_table

PAGE = ["GET", "HEAD", "POST"]


@require_safe
def dispatch(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Return how the letter goes out, row by row."""
    letter = access.letter_with_reports(request.scope, letter_id)
    channel, state = request.GET.get("channel", ""), request.GET.get("state", "")
    table = long_table(queries.rows_in(letter, channel=channel, state=state), request, DISPATCH)
    context = {
        "letter": letter,
        "mailing": mailing_page(letter),
        "reached": queries.reached(letter),
        "table": table,
        "page": table.page,
        "channel": channel,
        "state": state,
        "channels": CHANNELS,
        "states": DISPATCH_STATES,
        "may_send": access.may_send(request.scope, letter),
    }
    return render(request, "letters/dispatch.html", context)


@require_POST
def request_dry_run(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Ask for a dry run."""
    access.letter_to_send(request.scope, letter_id)
    _told(
        request,
        lambda: mailing.request_dry_run(letter_id, actor=request.user),
        _("The dry run has been requested; its result will appear here in a moment."),
    )
    return redirect("letters:dry_run", letter_id)


@require_safe
def dry_run(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Return what the last dry run found."""
    letter = access.letter_to_send(request.scope, letter_id)
    found = {"letter": letter, "mailing": mailing_page(letter)}
    return render(request, "letters/dry_run.html", found)


@require_http_methods(PAGE)
@confirmed_recently
def start(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Look over what will be sent, then start the mails or let them go on."""
    letter = access.letter_to_send(request.scope, letter_id)
    shown = mailing_page(letter)
    form = release_forms.StartForm(request.POST or None, initial={"per_second": shown.per_second})
    if succeeds(form, lambda: mailing.start(letter_id, **form.cleaned_data, actor=request.user)):
        messages.success(request, _("The e-mails are being sent."))
        return redirect("letters:dispatch", letter_id)
    found = {"form": form, "letter": letter, "mailing": shown, "reached": queries.reached(letter)}
    return render(request, "letters/start.html", found)


@require_POST
def pause(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Pause the mails."""
    access.letter_to_send(request.scope, letter_id)
    _told(
        request, lambda: mailing.pause(letter_id, actor=request.user), _("The e-mails are paused.")
    )
    return redirect("letters:dispatch", letter_id)


@require_POST
def sheets(request: PortalRequest, letter_id: int) -> HttpResponse:
    """Ask for the file to print."""
    access.letter_to_send(request.scope, letter_id)
    _told(
        request,
        lambda: paper.request_sheets(letter_id, actor=request.user),
        _("The print file is being created; it will appear here in a moment."),
    )
    return redirect("letters:dispatch", letter_id)


@require_safe
def row(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Return one recipient's row, and what can be done about it."""
    letter = access.letter_to_send(request.scope, letter_id)
    shown = access.dispatch_for(letter, row_id)
    context = {
        "letter": letter,
        "row": shown,
        "mail": queries.mail_of(shown),
        "others": queries.other_ways(shown),
        "may_mend": may_edit(request.scope, shown.to_node.unit),
    }
    return render(request, "letters/row.html", context)


@require_POST
def mark_received(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Say that the recipient has a mail that was in doubt."""
    found = _row(request, letter_id, row_id)
    _told(request, lambda: mailing.mark_received(found, actor=request.user), _("Recorded."))
    return redirect("letters:row", letter_id, row_id)


@require_POST
def resend(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Send one mail again."""
    found = _row(request, letter_id, row_id)
    _told(
        request, lambda: mailing.resend(found, actor=request.user), _("The e-mail is queued again.")
    )
    return redirect("letters:row", letter_id, row_id)


@require_POST
def on_paper(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Give this unit the letter on paper as well."""
    found = _row(request, letter_id, row_id)
    _told(
        request,
        lambda: paper.add_paper(letter_id, found, actor=request.user),
        _("The unit also receives the letter on paper."),
    )
    return redirect("letters:row", letter_id, row_id)


@require_http_methods(PAGE)
def bounced(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Mark an address as bounced, with the words of the notice."""
    letter = access.letter_to_send(request.scope, letter_id)
    shown = access.dispatch_for(letter, row_id)
    form = release_forms.BounceForm(request.POST or None)
    if succeeds(
        form, lambda: mailing.mark_bounced(row_id, **form.cleaned_data, actor=request.user)
    ):
        return redirect("letters:row", letter_id, row_id)
    return render(request, "letters/bounced.html", {"form": form, "letter": letter, "row": shown})


@require_http_methods(PAGE)
def handed(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Note on which day the printed letter was handed over."""
    letter = access.letter_to_send(request.scope, letter_id)
    shown = access.dispatch_for(letter, row_id)
    form = release_forms.HandOverForm(request.POST or None)
    if succeeds(form, lambda: paper.hand_over(row_id, **form.cleaned_data, actor=request.user)):
        return redirect("letters:row", letter_id, row_id)
    return render(request, "letters/handed.html", {"form": form, "letter": letter, "row": shown})


@require_safe
def sheet(request: PortalRequest, letter_id: int, row_id: int) -> HttpResponse:
    """Return the letter and the sheet of one unit, to be printed."""
    letter = access.letter_to_send(request.scope, letter_id)
    content = paper.paper_for(access.dispatch_for(letter, row_id))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="phieu-nhan-{row_id}.pdf"'
    return response


def _row(request: PortalRequest, letter_id: int, row_id: int) -> int:
    letter = access.letter_to_send(request.scope, letter_id)
    return access.dispatch_for(letter, row_id).pk


def _told(request: PortalRequest, act: Callable[[], object], done: str) -> None:
    """Run `act` and say that it is done, or why it was refused."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.told)
    else:
        messages.success(request, done)

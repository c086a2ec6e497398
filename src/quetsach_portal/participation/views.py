"""Pages: a unit's codes and figures, and the public page of a code."""

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach.api import sheets
from quetsach.instructions.steps import not_at_work
from quetsach_portal.campaigns.public_page import join_address
from quetsach_portal.campaigns.scope import node_for
from quetsach_portal.participation import actions, counting_limits, queries
from quetsach_portal.participation.actions import JoinAnswers
from quetsach_portal.participation.counting_limits import is_in_pace
from quetsach_portal.participation.slips.bursts import pressed_hours
from quetsach_portal.people.roles.middleware import client_address
from quetsach_portal.web.acts import attempt
from quetsach_portal.web.public_address import public_address
from quetsach_portal.web.request import PortalRequest

if TYPE_CHECKING:
    from quetsach_portal.participation.models import JoinCode


class JoinForm(forms.Form):
    """The answers of a participant: no name, no address, nothing to type."""

    checked = forms.BooleanField(label=_lazy("I have scanned my machine"), required=False)
    flagged = forms.BooleanField(label=_lazy("The scan found something"), required=False)
    cleaned = forms.BooleanField(label=_lazy("It is cleaned now"), required=False)
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def answers(self) -> JoinAnswers:
        """Return what was ticked."""
        ticked = self.cleaned_data
        return JoinAnswers(ticked["checked"], ticked["flagged"], ticked["cleaned"])


@require_safe
def figures(request: PortalRequest, node_id: int) -> HttpResponse:
    """Return a unit's figures by day, the shares of the units below, and its codes."""
    node = node_for(request.scope, node_id)
    context = {
        "node": node,
        "days": queries.by_day(node),
        "ranking": queries.ranking(node),
        "is_flagged": queries.is_flagged(node),
        "bursts": sum(not hour.counts for hour in pressed_hours(node)),
        "hands_out": actions.hands_out(request.scope, node),
        "codes": [(one, _address_of(one)) for one in queries.open_codes(node)],
    }
    return render(request, "participation/figures.html", context)


@require_POST
def make_codes(request: PortalRequest, node_id: int) -> HttpResponse:
    """Make the codes of a unit."""
    node = actions.own_node(request.scope, node_id)
    actions.make_codes(node, actor=request.user)
    return redirect("participation:figures", node_id)


@require_http_methods(["GET", "POST"])
def replace_code(request: PortalRequest, code_id: int) -> HttpResponse:
    """Ask, then replace a code that went astray."""
    code = actions.own_code(request.scope, code_id)
    if request.method == "POST":
        actions.replace_code(code, actor=request.user)
        return redirect("participation:figures", code.node_id)
    return render(request, "participation/replace.html", {"code": code})


@require_safe
def sheet(request: PortalRequest, code_id: int) -> HttpResponse:
    """Return the sheet with the code as PDF, to print and put up."""
    code = actions.own_code(request.scope, code_id)
    return _pdf_of(code, _address_of(code))


def _pdf_of(code: "JoinCode", link: str) -> HttpResponse:
    """Return the PDF of `code`, whose QR code leads to `link`."""
    short = code.shown
    typed, _query, on_plane = link.partition("?")
    sheet = sheets.JoinSheet(
        unit=code.node.name_at_freeze,
        campaign=code.node.campaign.title,
        link=link,
        audience=sheets.SheetAudience(code.kind),
        # The public page has a field for it; the portal's own page has its own address.
        typed=(typed if on_plane else link.replace(code.code, short)).partition("://")[2],
        code=short if on_plane else "",
    )
    content = sheets.join_sheet(sheet, language="en" if get_language() == "en" else "vi")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{code.kind}.pdf"'
    return response


def _address_of(code: "JoinCode") -> str:
    """Return where `code` leads: to the public page where there is one, else to this portal."""
    return _on_plane(code) or public_address(reverse("join", args=[code.code]))


def _on_plane(code: "JoinCode") -> str:
    """Return where `code` leads on the public page, "" where there is none."""
    return join_address(code.code, code.node.campaign_id)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Show the public page of a code, or count a participant; no cookie is read or set (P6).

    Where there is a public page, it alone counts, and this one leads there (R6). The form is
    protected by its ticket; there is no signed-in session that another site could misuse.
    """
    poster_code = actions.code_on_poster(code)
    now = queries.current(poster_code)
    if now is None:
        return render(request, "participation/ended.html", {"code": poster_code}, status=410)
    if now.pk != poster_code.pk:
        return redirect("join", now.code)
    if on_plane := _on_plane(now):
        return redirect(on_plane)
    if request.method == "POST":
        return _count(request, now)
    form = JoinForm(initial={"ticket": counting_limits.new_ticket(now)})
    return render(request, "participation/join.html", {"code": now, "form": form})


def _count(request: HttpRequest, code: "JoinCode") -> HttpResponse:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return HttpResponseForbidden(_("Send this form from its own page."))
    form = JoinForm(request.POST)
    if form.is_valid():
        if not is_in_pace(client_address(request), code.pk):
            return redirect("joined", code.code)
        attempt(form, lambda: actions.join(code, form.cleaned_data["ticket"], form.answers()))
    if form.errors:
        # A fresh ticket, so that pressing once more works.
        form.data = {**request.POST.dict(), "ticket": counting_limits.new_ticket(code)}
        return render(request, "participation/join.html", {"code": code, "form": form}, status=422)
    return redirect("joined", code.code)


@require_safe
def joined(request: HttpRequest, code: str) -> HttpResponse:
    """Return the thanks, with what to do next."""
    poster_code = actions.code_on_poster(code)
    language = "en" if get_language() == "en" else "vi"
    context = {"code": poster_code, "not_at_work": not_at_work(language)}
    return render(request, "participation/joined.html", context)

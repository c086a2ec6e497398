"""Pages of one's own data, and of the owner who decides on a request for erasure."""

import json

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quetsach_portal.lifecycle.persons import requests
from quetsach_portal.lifecycle.persons.copying import person_copy
from quetsach_portal.lifecycle.persons.grounds import GROUND_WORDS, Ground
from quetsach_portal.lifecycle.persons.words import copy_lines, receipt_lines, with_moments
from quetsach_portal.people.models.erasure import ErasureRequest
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.web.acts import run_with_message, succeeds
from quetsach_portal.web.request import PortalRequest


class AskForm(forms.Form):
    """Why, where the person wants to say so."""

    reason = forms.CharField(label=_lazy("Reason"), max_length=500, required=False)


class ErasureDecisionForm(forms.Form):
    """Granted or refused, with the answer."""

    decision = forms.ChoiceField(
        label=_lazy("Decision"),
        choices=[("grant", _lazy("Erase the data")), ("refuse", _lazy("Refuse"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_lazy("Answer to the person"),
        help_text=_lazy("A refusal needs a reason. Write no names here: the answer stays."),
        max_length=500,
        required=False,
    )


def _context(erasure_request: ErasureRequest | None) -> dict[str, object]:
    shown = [ground for ground in Ground if ground is not Ground.UNITS]
    context: dict[str, object] = {
        "asked": erasure_request,
        "grounds": [GROUND_WORDS[ground] for ground in shown],
    }
    if erasure_request is not None:
        context |= {
            "answer_due": requests.answer_due(erasure_request.asked_at),
            "erase_due": requests.erase_due(erasure_request.asked_at),
            "receipt": receipt_lines(erasure_request.receipt),
        }
    return context


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: PortalRequest) -> HttpResponse:
    """Return what one may do with one's own data; POST asks for its erasure."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and succeeds(
        form, lambda: requests.ask(request.user, reason=form.cleaned_data["reason"])
    ):
        messages.success(request, _("Your request was sent to the owners of your office."))
        return redirect("my_data")
    context = {"form": form, **_context(requests.last_request(request.user))}
    return render(request, "people/my_data.html", context)


@login_required
@require_POST
def withdraw(request: PortalRequest) -> HttpResponse:
    """Take one's request back."""
    run_with_message(request, lambda: requests.withdraw(request.user), _("Withdrawn."))
    return redirect("my_data")


@login_required
@require_safe
@confirmed_recently
def copy_json(request: PortalRequest) -> HttpResponse:
    """Return what is kept about oneself, for programs."""
    content = json.dumps(person_copy(request.user, with_texts=False), ensure_ascii=False, indent=1)
    return _attachment(content, "application/json; charset=utf-8", "du-lieu-cua-toi.json")


@login_required
@require_safe
@confirmed_recently
def copy_html(request: PortalRequest) -> HttpResponse:
    """Return what is kept about oneself, to read and to print."""
    copy = person_copy(request.user, with_texts=False)
    context = {"copy": with_moments(copy), "lines": copy_lines(copy), "made_at": timezone.now()}
    content = render_to_string("people/my_data_copy.html", context, request)
    return _attachment(content, "text/html; charset=utf-8", "du-lieu-cua-toi.html")


def _attachment(content: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
def erasure(request: PortalRequest, user_id: int) -> HttpResponse:
    """Return somebody's request for erasure; POST grants or refuses it."""
    person = requests.person_to_erase(request.scope, user_id)
    form = ErasureDecisionForm(request.POST or None)
    if request.method == "POST" and succeeds(
        form,
        lambda: requests.decide(
            person,
            grants=form.cleaned_data["decision"] == "grant",
            answer=form.cleaned_data["answer"],
            actor=request.user,
        ),
    ):
        messages.success(request, _("The decision was kept."))
        return redirect("erasure", person.pk)
    context = {"form": form, "person": person, **_context(requests.last_request(person))}
    return render(request, "people/erasure.html", context)

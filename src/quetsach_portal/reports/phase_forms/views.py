"""The page on which the lead office gives one phase a form of its own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quetsach.api.reports import Form, form_digest, form_json
from quetsach_portal.campaigns.access import phase_for
from quetsach_portal.campaigns.models import Phase
from quetsach_portal.reports.forms_in_use import asked_in, campaigns_form
from quetsach_portal.reports.phase_forms import changing, forms, showing
from quetsach_portal.rights.again import confirmed_recently
from quetsach_portal.rights.request import Request
from quetsach_portal.web.acting import attempt


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, campaign_id: int, phase_id: int) -> HttpResponse:
    """Show what the phase asks now, and take another form; it is looked over before it holds."""
    phase = phase_for(request.scope, campaign_id, phase_id)
    now = asked_in(phase)
    is_own = form_digest(now) != form_digest(campaigns_form(phase.campaign))
    first = forms.choice_of(now) if is_own else forms.CAMPAIGN
    form = forms.choice_form(
        phase.campaign.lead_unit,
        request.POST or None,
        request.FILES or None,
        initial={"form_code": first},
    )
    if form.is_valid():
        picked = attempt(form, lambda: (forms.picked(form),))
        if picked is not None:
            return _looked_over(request, phase, now, picked[0])
    given = {
        "phase": phase,
        "form": form,
        "asked": showing.shown(now),
        "is_own": is_own,
        "is_settled": changing.is_settled(phase),
        "may_change": phase.campaign.state in changing.STATES,
    }
    return render(request, "reports/phase_forms/choose.html", given)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
def confirm(request: Request, campaign_id: int, phase_id: int) -> HttpResponse:
    """Let the form hold that was looked over."""
    phase = phase_for(request.scope, campaign_id, phase_id)
    form = forms.ConfirmForm(request.POST or None)
    if not form.is_valid():
        messages.warning(request, _("Choose the form again, look it over, and tick the box."))
        return redirect("phase_forms:choose", campaign_id, phase_id)
    done = attempt(
        form,
        lambda: (
            changing.set_form(
                phase, form.form(), seen=form.cleaned_data["seen"], actor=request.user
            ),
        ),
    )
    if done is None:
        messages.warning(request, " ".join(map(str, form.non_field_errors())))
    else:
        messages.success(request, _told(done[0]))
    return redirect("phase_forms:choose", campaign_id, phase_id)


def _looked_over(request: Request, phase: Phase, now: Form, picked: Form | None) -> HttpResponse:
    new = campaigns_form(phase.campaign) if picked is None else picked
    form = forms.ConfirmForm(
        initial={
            "definition": "" if picked is None else form_json(picked).decode(),
            "seen": form_digest(now),
        }
    )
    given = {
        "phase": phase,
        "form": form,
        "asked": showing.shown(new),
        "effect": showing.effect(phase, now, new),
        "is_same": form_digest(new) == form_digest(now),
    }
    return render(request, "reports/phase_forms/confirm.html", given)


def _told(drafts: int) -> str:
    held = _("The phase asks by this form from now on.")
    if not drafts:
        return held
    moved = ngettext(
        "%(count)s draft was put under it.", "%(count)s drafts were put under it.", drafts
    )
    return held + " " + moved % {"count": drafts}

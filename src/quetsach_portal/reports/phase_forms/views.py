"""The views on which the lead office chooses the report form of a phase."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quetsach.api.reports import (
    QuetsachError,
    ReportFormDefinition,
    form_digest,
    form_json,
    read_form,
    shipped_codes,
    shipped_form,
)
from quetsach_portal.campaigns.access import phase_for
from quetsach_portal.campaigns.forms import AppendixForm, set_choices
from quetsach_portal.campaigns.models.campaign import Phase
from quetsach_portal.campaigns.report_form import ChosenForm, brought, chosen
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.reports.models.report import CampaignForm
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.reports.phase_forms import changing, showing
from quetsach_portal.reports.phase_forms.changing import campaigns_form, form_in_use, form_of
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest

# Django forms: the choice, and its confirmation.


CAMPAIGN = "campaign"
"""The choice that means the form shared by all phases of the campaign."""

_KEPT = "kept:"


def choice_form(office: OrgUnit, *form_args: Any, **named: Any) -> AppendixForm:
    """Return the campaign's form of choosing a report form, with two more kinds of choices.

    They are the form that all phases share, and those that the office brought before.
    """
    form = AppendixForm(*form_args, **named)
    field = form.fields["form_code"]
    shared = (CAMPAIGN, _("The form of the whole campaign"))
    shipped = field.choices  # type: ignore[attr-defined]  # a ChoiceField
    brought_before = [(f"{_KEPT}{one.digest}", _called(one)) for one in _brought(office)]
    set_choices(field, [shared, *shipped, *brought_before])
    return form


def picked_form(form: AppendixForm) -> ReportFormDefinition | None:
    """Return the form that was chosen, None for the campaign's. Errors: Refused."""
    code = form.cleaned_data["form_code"]
    if code == CAMPAIGN:
        return None
    if code.startswith(_KEPT):
        return form_of(CampaignForm.objects.filter(digest=code.removeprefix(_KEPT))[0])
    return read(form.chosen())


def choice_of(form: ReportFormDefinition) -> str:
    """Return the choice in the list for the own form of a phase."""
    return form.code if form.code in shipped_codes() else f"{_KEPT}{form_digest(form)}"


def _brought(office: OrgUnit) -> list[CampaignForm]:
    """Return the forms that campaigns of `office` use and the program does not ship, each once."""
    rows = CampaignForm.objects.filter(campaign__lead_unit=office).exclude(code__in=shipped_codes())
    return list({one.digest: one for one in rows.order_by("code", "version", "pk")}.values())


def _called(row: CampaignForm) -> str:
    return f"{in_language(form_of(row).title)} ({row.code}, {row.version})"


def read(chosen_form: ChosenForm) -> ReportFormDefinition:
    """Return a chosen form with all that it asks."""
    if not chosen_form.definition:
        return shipped_form(chosen_form.code)
    return read_form(chosen_form.definition.encode(), chosen_form.code)


class ConfirmForm(forms.Form):
    """The reviewed form as JSON, and the digest of the form in use at that time."""

    definition = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    is_sure = forms.BooleanField(
        label=_lazy("I have looked over what the form asks and what becomes of the drafts")
    )

    def form(self) -> ReportFormDefinition | None:
        """Return the form, None for the campaign's. Errors: Refused for an unknown form."""
        text = self.cleaned_data["definition"]
        if not text:
            return None
        try:
            definition = read_form(text.encode(), CAMPAIGN)
            shipped = chosen(definition.code, [one.id for one in definition.blocks()])
        except QuetsachError as error:
            raise Refused(str(error)) from error
        except Refused:
            shipped = brought(text.encode(), CAMPAIGN)
        if form_json(read(shipped)) != form_json(definition):
            raise Refused(_("This is not the form that the program ships; choose it again."))
        return definition


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PortalRequest, campaign_id: int, phase_id: int) -> HttpResponse:
    """Show what the phase asks now, and take another form, which is reviewed before it applies."""
    phase = phase_for(request.scope, campaign_id, phase_id)
    now = form_in_use(phase)
    is_own = form_digest(now) != form_digest(campaigns_form(phase.campaign))
    first = choice_of(now) if is_own else CAMPAIGN
    form = choice_form(
        phase.campaign.lead_unit,
        request.POST or None,
        request.FILES or None,
        initial={"form_code": first},
    )
    if form.is_valid():
        picked = attempt(form, lambda: (picked_form(form),))
        if picked is not None:
            return _confirm_page(request, phase, now, picked[0])
    context = {
        "phase": phase,
        "form": form,
        "asked": showing.form_overview(now),
        "is_own": is_own,
        "is_settled": changing.is_settled(phase),
        "may_change": phase.campaign.state in changing.STATES,
    }
    return render(request, "reports/phase_forms/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_recently
def confirm(request: PortalRequest, campaign_id: int, phase_id: int) -> HttpResponse:
    """Apply the reviewed form."""
    phase = phase_for(request.scope, campaign_id, phase_id)
    form = ConfirmForm(request.POST or None)
    if not form.is_valid():
        messages.warning(request, _("Choose the form again, look it over, and tick the box."))
        return redirect("phase_forms:choose", campaign_id, phase_id)
    done = attempt(
        form,
        lambda: (
            changing.set_form(
                phase, form.form(), digest_shown=form.cleaned_data["seen"], actor=request.user
            ),
        ),
    )
    if done is None:
        messages.warning(request, " ".join(map(str, form.non_field_errors())))
    else:
        messages.success(request, _form_set_sentence(done[0]))
    return redirect("phase_forms:choose", campaign_id, phase_id)


def _confirm_page(
    request: PortalRequest,
    phase: Phase,
    now: ReportFormDefinition,
    picked: ReportFormDefinition | None,
) -> HttpResponse:
    new = campaigns_form(phase.campaign) if picked is None else picked
    form = ConfirmForm(
        initial={
            "definition": "" if picked is None else form_json(picked).decode(),
            "seen": form_digest(now),
        }
    )
    context = {
        "phase": phase,
        "form": form,
        "asked": showing.form_overview(new),
        "effect": showing.effect(phase, now, new),
        "is_same": form_digest(new) == form_digest(now),
    }
    return render(request, "reports/phase_forms/confirm.html", context)


def _form_set_sentence(drafts: int) -> str:
    sentence = _("The phase asks by this form from now on.")
    if not drafts:
        return sentence
    moved = ngettext(
        "%(count)s draft was put under it.", "%(count)s drafts were put under it.", drafts
    )
    return sentence + " " + moved % {"count": drafts}

"""Which form a phase asks by, and the one that was looked over."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import (
    Form,
    QuetsachError,
    form_digest,
    form_json,
    read_form,
    shipped_codes,
    shipped_form,
)
from quetsach_portal.campaigns.appendix_form import AppendixForm
from quetsach_portal.campaigns.chosen_form import ChosenForm, brought, chosen
from quetsach_portal.campaigns.forms import set_choices
from quetsach_portal.reports.forms_in_use import form_of
from quetsach_portal.reports.models import CampaignForm
from quetsach_portal.reports.shown import in_language
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.problems import Refused

CAMPAIGN = "campaign"
"""What stands in the list for the form that all phases of the campaign share."""

_KEPT = "kept:"


def choice_form(office: OrgUnit, *given: Any, **named: Any) -> AppendixForm:
    """Return the campaign's form of choosing a report form, with two more kinds of choices.

    They are the form that all phases share, and those that the office brought before.
    """
    form = AppendixForm(*given, **named)
    field = form.fields["form_code"]
    shared = (CAMPAIGN, _("The form of the whole campaign"))
    shipped = field.choices  # type: ignore[attr-defined]  # a ChoiceField
    brought_before = [(f"{_KEPT}{one.digest}", _called(one)) for one in _brought(office)]
    set_choices(field, [shared, *shipped, *brought_before])
    return form


def picked(form: AppendixForm) -> Form | None:
    """Return the form that was chosen, None for the campaign's. Errors: Refused."""
    code = form.cleaned_data["form_code"]
    if code == CAMPAIGN:
        return None
    if code.startswith(_KEPT):
        return form_of(CampaignForm.objects.filter(digest=code.removeprefix(_KEPT))[0])
    return read(form.chosen())


def choice_of(form: Form) -> str:
    """Return what is chosen in the list for a form that a phase has by itself."""
    return form.code if form.code in shipped_codes() else f"{_KEPT}{form_digest(form)}"


def _brought(office: OrgUnit) -> list[CampaignForm]:
    """Return the forms that campaigns of `office` use and the program does not ship, each once."""
    rows = CampaignForm.objects.filter(campaign__lead_unit=office).exclude(code__in=shipped_codes())
    return list({one.digest: one for one in rows.order_by("code", "version", "pk")}.values())


def _called(row: CampaignForm) -> str:
    return f"{in_language(form_of(row).title)} ({row.code}, {row.version})"


def read(one: ChosenForm) -> Form:
    """Return a chosen form with all that it asks."""
    if not one.definition:
        return shipped_form(one.code)
    return read_form(one.definition.encode(), one.code)


class ConfirmForm(forms.Form):
    """The form that was looked over, whole, and the one that stood then."""

    definition = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    is_sure = forms.BooleanField(
        label=_lazy("I have looked over what the form asks and what becomes of the drafts")
    )

    def form(self) -> Form | None:
        """Return the form, None for the campaign's. Errors: Refused for one that nobody chose."""
        text = self.cleaned_data["definition"]
        if not text:
            return None
        try:
            found = read_form(text.encode(), CAMPAIGN)
            known = chosen(found.code, [one.id for one in found.blocks()])
        except QuetsachError as error:
            raise Refused(str(error)) from error
        except Refused:
            known = brought(text.encode(), CAMPAIGN)
        if form_json(read(known)) != form_json(found):
            raise Refused(_("This is not the form that the program ships; choose it again."))
        return found

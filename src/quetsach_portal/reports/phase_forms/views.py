"""Views on which the lead office chooses the report form of a phase, and what they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
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
    FACT,
    UNIT_LABELS,
    Aggregation,
    CheckRule,
    FormCheck,
    QuetsachError,
    ReportField,
    ReportFieldKind,
    ReportFormDefinition,
    Severity,
    TableCount,
    form_digest,
    form_json,
    kind_of,
    read_form,
    shipped_codes,
    shipped_form,
)
from quetsach_portal.campaigns.access import phase_for
from quetsach_portal.campaigns.forms import AppendixForm, set_choices
from quetsach_portal.campaigns.models.campaign import Phase
from quetsach_portal.campaigns.report_form import ChosenForm, brought, chosen
from quetsach_portal.people.roles.second_person import confirmed_recently
from quetsach_portal.reports.models.report import CampaignForm, ReportDraft
from quetsach_portal.reports.pages.figures import entries_of, in_language
from quetsach_portal.reports.phase_forms import changing
from quetsach_portal.reports.phase_forms.changing import (
    answers_of,
    campaigns_form,
    form_in_use,
    form_of,
    question_text,
    refitted,
)
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.request import PortalRequest


@dataclass(frozen=True)
class FieldSummary:
    """A field in words."""

    label: str
    kind: str
    adds: str
    by_records: bool
    is_required: bool


@dataclass(frozen=True)
class FormSection:
    """A section of a form with what it asks."""

    number: str
    title: str
    fields: Sequence[FieldSummary]


@dataclass(frozen=True)
class FormOverview:
    """A form as the review page shows it."""

    title: str
    code: str
    version: str
    parts: Sequence[FormSection]
    checks: Sequence[str]


@dataclass(frozen=True)
class FormChangeEffect:
    """What choosing another form changes.

    Shapes: labels of what is asked newly and no more; `drafts` that were begun, `touched` of them
    with an answer that is set aside.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    drafts: int
    touched: int


def form_overview(form: ReportFormDefinition) -> FormOverview:
    """Return `form` in the language of the page."""
    parts = [
        FormSection(
            part.number, in_language(part.title), list(map(_field_summary, entries_of(part)))
        )
        for part in form.sections
    ]
    checks = [_rule(form, check) for check in form.checks]
    return FormOverview(in_language(form.title), form.code, form.version, parts, checks)


def effect(phase: Phase, old: ReportFormDefinition, new: ReportFormDefinition) -> FormChangeEffect:
    """Return what `new` in place of `old` changes. Cost: one query, and each draft is read."""
    before, after = ({row.id: question_text(row) for row in form.entries()} for form in (old, new))
    drafts = ReportDraft.objects.filter(slot__phase=phase)
    drafts = drafts.only("own", "typed", "adjustments", "aside")
    count = touched = 0
    for draft in drafts.iterator(chunk_size=500):
        answers = answers_of(draft)
        count += 1
        touched += len(refitted(answers, old, new).aside) > len(answers.aside)
    added = _labels(new, [key for key, text in after.items() if before.get(key) != text])
    gone = _labels(old, [key for key, text in before.items() if after.get(key) != text])
    return FormChangeEffect(added, gone, count, touched)


def _labels(form: ReportFormDefinition, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(_label(form, key) for key in keys)


def _label(form: ReportFormDefinition, key: str) -> str:
    if key.startswith(FACT):
        return _("what the portal knows of the unit")
    entry = form.entry(key)
    return key if entry is None else in_language(entry.label)


_KINDS = {
    ReportFieldKind.COUNT: _lazy("number"),
    ReportFieldKind.TEXT: _lazy("text"),
    ReportFieldKind.CHOICE: _lazy("choice"),
    ReportFieldKind.TABLE: _lazy("table"),
}
_ADDING = {
    Aggregation.SUM: _lazy("sum"),
    Aggregation.DISTINCT_ORGANISATIONS: _lazy("each organisation once"),
    Aggregation.DISTINCT_MACHINES: _lazy("each machine once"),
    Aggregation.LATEST: _lazy("the newest answer"),
    Aggregation.TEXTS: _lazy("all texts with their units"),
    Aggregation.NONE: _lazy("not added up"),
}


def _field_summary(question: ReportField | TableCount) -> FieldSummary:
    unit = "" if question.unit is None else f" ({in_language(UNIT_LABELS[question.unit])})"
    return FieldSummary(
        label=in_language(question.label),
        kind=f"{_KINDS[kind_of(question)]}{unit}",
        adds=str(_ADDING[question.aggregation]),
        by_records=question.derived is not None,
        is_required=question.required,
    )


def _rule(form: ReportFormDefinition, check: FormCheck) -> str:
    facts = {
        "field": _label(form, check.field),
        "others": " + ".join(_labels(form, check.of)),
        "percent": check.percent,
    }
    sentence = {
        CheckRule.NOT_MORE: _("“%(field)s” is not more than “%(others)s”"),
        CheckRule.SUM_OF: _("“%(field)s” is exactly “%(others)s”"),
        CheckRule.NEEDS: _("“%(field)s” above 0 needs “%(others)s”"),
        CheckRule.NOT_WITHOUT: _("“%(field)s” is above 0 only where “%(others)s” is"),
        CheckRule.DROP: _("“%(field)s” falls by no more than %(percent)s %% since the last phase"),
    }[check.rule] % facts
    if check.severity is Severity.ERROR:
        return sentence + " – " + _("a reason does not resolve it")
    return sentence


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
    rows = CampaignForm.objects.filter(campaign__lead_unit=office).exclude(code__in=shipped_codes())
    # Campaigns of the office may use the same form: each is offered once.
    own = {row.digest: row for row in rows.order_by("code", "version", "pk")}.values()
    titles = {row.digest: in_language(form_of(row).title) for row in own}
    brought_before = [
        (f"{_KEPT}{row.digest}", f"{titles[row.digest]} ({row.code}, {row.version})") for row in own
    ]
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
        label=_lazy("I have reviewed the questions of the form and the effect on the drafts")
    )

    def form(self) -> ReportFormDefinition | None:
        """Return the form, None for the campaign's. Errors: Refused for an unknown form."""
        text = self.cleaned_data["definition"]
        if not text:
            return None
        try:
            definition = read_form(text.encode(), CAMPAIGN)
            shipped = chosen(definition.code, [block.id for block in definition.blocks()])
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
    first = {"form_code": choice_of(now) if is_own else CAMPAIGN}
    office, posted, files = phase.campaign.lead_unit, request.POST or None, request.FILES or None
    form = choice_form(office, posted, files, initial=first)
    if form.is_valid():
        picked = attempt(form, lambda: (picked_form(form),))
        if picked is not None:
            return _confirm_page(request, phase, now, picked[0])
    context = {
        "phase": phase,
        "form": form,
        "asked": form_overview(now),
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
        messages.warning(request, _("Choose the form again, review it, and tick the box."))
        return redirect("phase_forms:choose", campaign_id, phase_id)
    change = partial(changing.set_form, phase, actor=request.user)
    done = attempt(form, lambda: (change(form.form(), digest_shown=form.cleaned_data["seen"]),))
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
    definition = "" if picked is None else form_json(picked).decode()
    form = ConfirmForm(initial={"definition": definition, "seen": form_digest(now)})
    context = {
        "phase": phase,
        "form": form,
        "asked": form_overview(new),
        "effect": effect(phase, now, new),
        "is_same": form_digest(new) == form_digest(now),
    }
    return render(request, "reports/phase_forms/confirm.html", context)


def _form_set_sentence(drafts: int) -> str:
    sentence = _("The phase uses this form from now on.")
    if not drafts:
        return sentence
    moved = ngettext(
        "%(count)s draft was changed to it.", "%(count)s drafts were changed to it.", drafts
    )
    return sentence + " " + moved % {"count": drafts}

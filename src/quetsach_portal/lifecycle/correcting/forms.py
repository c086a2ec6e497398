"""What is typed to ask for a correction, and the sections of its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.deadlines import before_text, exclusive
from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.campaigns.models.corrections import CampaignCorrection, CorrectionKind
from quetsach_portal.lifecycle.correcting import dates, texts, units
from quetsach_portal.lifecycle.correcting.asking import ALLOWED_IN, ask, plan_for
from quetsach_portal.lifecycle.correcting.plans import CorrectionPlan
from quetsach_portal.people.models.account import User
from quetsach_portal.web.acts import Refused, attempt, succeeds
from quetsach_portal.web.days import DayField


class CorrectionReasonForm(forms.Form):
    """What every correction has: why."""

    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_lazy("It stands in the mail to each unit, in the letter and in the history."),
    )


class UnitCorrectionForm(CorrectionReasonForm):
    """A unit of the register that is left out or added."""

    what = forms.ChoiceField(
        label=_lazy("What is to be done"),
        choices=[
            (units.LEAVE_OUT, _lazy("Leave a unit out")),
            (units.ADD, _lazy("Add a unit of the register")),
        ],
        widget=forms.RadioSelect,
    )
    unit = forms.CharField(label=_lazy("Code or full name of the unit"), max_length=255)
    field_order = ["what", "unit", "reason"]

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign = campaign

    def proposal(self) -> dict[str, Any]:
        """Return what is proposal, as `units.plan` takes it. Errors: Refused for no such unit."""
        unit = units.unit_written(self._campaign, self.cleaned_data["unit"])
        return {"act": self.cleaned_data["what"], "unit": unit.pk}


class DateCorrectionForm(CorrectionReasonForm):
    """Another deadline, of a phase or of one level in it."""

    phase = forms.TypedChoiceField(label=_lazy("Phase"), coerce=int)
    level = forms.TypedChoiceField(
        label=_lazy("Whose deadline"),
        coerce=int,
        help_text=_lazy("With the whole phase, the lower levels follow as many days before it."),
    )
    day = DayField(label=_lazy("Due before the day"))
    field_order = ["phase", "level", "day", "reason"]

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phases = {phase.no: phase for phase in campaign.phases.order_by("no")}
        self.fields["phase"].choices = [  # type: ignore[attr-defined]  # of this form's own class
            (number, f"{number}. {before_text(phase.due_at)}")
            for number, phase in self._phases.items()
        ]
        self.fields["level"].choices = [  # type: ignore[attr-defined]  # of this form's own class
            (0, _("The whole phase")),
            *(
                (depth, _level_name(depth, units_there))
                for depth, units_there in dates.levels_of(campaign)
                if depth
            ),
        ]

    def proposal(self) -> dict[str, Any]:
        """Return what is proposal, as `dates.plan` takes it: at the hour of the phase."""
        phase = self._phases[self.cleaned_data["phase"]]
        at = timezone.localtime(phase.due_at).time()
        return {
            "phase": phase.no,
            "level": self.cleaned_data["level"],
            "due_at": exclusive(self.cleaned_data["day"], at).isoformat(),
        }


def _level_name(depth: int, count: int) -> str:
    return _("Level %(level)s only, %(count)s units") % {"level": depth + 1, "count": count}


class TextCorrectionForm(CorrectionReasonForm):
    """The texts of the campaign as they should be."""

    title = forms.CharField(label=texts.FIELDS["title"], max_length=255)
    goal = forms.CharField(
        label=texts.FIELDS["goal"], required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    legal_basis = forms.CharField(
        label=texts.FIELDS["legal_basis"], required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    page_url = forms.URLField(
        label=texts.FIELDS["page_url"], required=False, max_length=200, assume_scheme="https"
    )
    tasks = forms.CharField(
        label=texts.FIELDS["tasks"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_lazy("An empty line parts two tasks."),
    )
    field_order = ["title", "goal", "legal_basis", "page_url", "tasks", "reason"]

    def __init__(self, campaign: Campaign, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._campaign = campaign
        for name in texts.FIELDS:
            self.initial[name] = texts.as_text(getattr(campaign, name))

    def proposal(self) -> dict[str, Any]:
        """Return the texts that are other than those that stand, as `texts.plan` takes them."""
        changed = {}
        for name in texts.FIELDS:
            stands = getattr(self._campaign, name)
            typed = texts.as_field(name, self.cleaned_data[name])
            if typed != texts.as_field(name, texts.as_text(stands)):
                changed[name] = typed
        return changed


AnyCorrectionForm = UnitCorrectionForm | DateCorrectionForm | TextCorrectionForm

_FORMS: Mapping[str, type[AnyCorrectionForm]] = {
    CorrectionKind.DATE: DateCorrectionForm,
    CorrectionKind.UNIT: UnitCorrectionForm,
    CorrectionKind.TEXT: TextCorrectionForm,
}
_TITLES: Mapping[str, Promise] = {
    CorrectionKind.DATE: _lazy("Correct a date"),
    CorrectionKind.UNIT: _lazy("Correct a unit"),
    CorrectionKind.TEXT: _lazy("Correct the text"),
}


@dataclass
class CorrectionSection:
    """One correction that the page offers: its form, and what it would do once that was asked."""

    kind: str
    form: AnyCorrectionForm
    plan: CorrectionPlan | None = None

    @property
    def title(self) -> Promise:
        """Return its heading."""
        return _TITLES[self.kind]

    def take(self, campaign: Campaign, act: str, shown: str, actor: User) -> bool:
        """Show what it would do, or ask a second person for it; True once that was asked.

        What is asked for is what was shown: anything else is shown first.
        """
        if not self.form.is_valid():
            return False
        self.plan = attempt(self.form, lambda: plan_for(campaign, self.kind, self.form.proposal()))
        plan = self.plan
        if plan is None or act != "ask" or not plan.is_shown_by(shown):
            return False
        reason = self.form.cleaned_data["reason"]
        return succeeds(
            self.form,
            lambda: ask(
                campaign, self.kind, dict(plan.proposal), reason=reason, shown=shown, actor=actor
            ),
        )


def sections_of(
    campaign: Campaign, kind: str, posted: Mapping[str, Any] | None
) -> list[CorrectionSection]:
    """Return the corrections that `campaign` allows now, that of `kind` filled with `posted`."""
    return [
        CorrectionSection(
            name,
            form_class(campaign, posted if name == kind else None, auto_id=f"{name}_%s"),
        )
        for name, form_class in _FORMS.items()
        if campaign.state in ALLOWED_IN[name]
    ]


def question_context(campaign: Campaign, question: CampaignCorrection) -> dict[str, Any]:
    """Return what an open question would do now, or why it can no longer be done, for the page."""
    try:
        return {"plan": plan_for(campaign, question.kind, question.proposal), "refused": ""}
    except Refused as refused:
        return {"plan": None, "refused": refused.told}

"""Forms for the preparation of a campaign."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.campaigns.actions.preparing import CampaignBasics
from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.campaigns.models.campaign import (
    USUAL_CARRY,
    USUAL_LOOK_BACK_DAYS,
    Material,
    MaterialKind,
    Phase,
)
from quetsach_portal.campaigns.report_form import (
    MOST_BYTES,
    OWN,
    ChosenForm,
    FilesField,
    block_choices,
    brought,
    chosen,
    shipped,
    title_of,
)
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused
from quetsach_portal.web.days import DayField, HourField

LEVELS = 4
"""Levels below the root for which a number of days can be set; deeper ones take the last."""

_Area = forms.Textarea(attrs={"rows": 4})
_TALL = forms.Textarea(attrs={"rows": 12})


class BasicsForm(forms.Form):
    """What a campaign is."""

    title = forms.CharField(label=_lazy("Title of the campaign"), max_length=255)
    legal_basis = forms.CharField(
        label=_lazy("Legal basis"),
        widget=_Area,
        required=False,
        max_length=4000,
        help_text=_lazy("The letters, plans or laws it is based on, one per line."),
    )
    goal = forms.CharField(label=_lazy("Goal"), widget=_Area, required=False, max_length=4000)
    page_url = forms.URLField(
        label=_lazy("Web page of the campaign"), required=False, assume_scheme="https"
    )

    def basics(self) -> CampaignBasics:
        """Return what was typed."""
        given = self.cleaned_data
        return CampaignBasics(
            given["title"], given["legal_basis"], given["goal"], given["page_url"]
        )


class LeadForm(forms.Form):
    """The lead office; asked only where there is a choice."""

    def __init__(self, *args: Any, leads: list[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leads = {str(one.pk): one for one in leads}
        if len(leads) > 1:
            self.fields["lead"] = forms.ChoiceField(
                label=_("Lead office"), choices=[(key, str(one)) for key, one in self.leads.items()]
            )

    def lead(self) -> OrgUnit:
        """Return the office."""
        return self.leads[self.cleaned_data.get("lead") or next(iter(self.leads))]


class NewForm(BasicsForm, LeadForm):
    """A campaign by hand."""


class LetterForm(LeadForm):
    """A letter from which a campaign is created."""

    file = forms.FileField(
        label=_lazy("The letter"),
        help_text=_lazy(
            "DOCX, PDF or TXT, at most 20 MB. Nothing is created before you review it."
        ),
    )


class TasksForm(forms.Form):
    """The task list as one text."""

    tasks = forms.CharField(
        label=_lazy("Tasks"),
        widget=_TALL,
        max_length=100_000,
        help_text=_lazy("One task per paragraph, with an empty line between two tasks."),
    )

    def listed(self) -> list[str]:
        """Return the tasks."""
        return split_tasks(self.cleaned_data["tasks"])


def split_tasks(text: str) -> list[str]:
    """Return the paragraphs of `text`."""
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    return [one.strip() for one in paragraphs if one.strip()]


class DueForm(forms.Form):
    """A deadline: before a day, or before a time on it."""

    due_day = DayField(
        label=_lazy("Report due before the day"),
        help_text=_lazy("As in the letter: “before 29/9/2022” means that 28/9 is the last day."),
    )
    due_time = HourField(label=_lazy("or before this time on that day"), required=False)

    def due_at(self) -> datetime:
        """Return the exclusive instant."""
        return exclusive(self.cleaned_data["due_day"], self.cleaned_data["due_time"])


def form_choices() -> list[tuple[str, str]]:
    """Return the shipped forms to choose from, none chosen beforehand."""
    choices = [(one.code, f"{title_of(one)} ({one.code}, {one.version})") for one in shipped()]
    return [("", _("Choose a form")), *choices]


def set_choices(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    """Give a choice field its choices of this request."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class PhaseForm(DueForm):
    """A phase with the days by which lower levels are due earlier."""

    title = forms.CharField(label=_lazy("Name of the phase"), max_length=200, required=False)
    opens_day = DayField(label=_lazy("Opens on"))
    locks_day = DayField(
        label=_lazy("Locked from the day"),
        required=False,
        help_text=_lazy("Later reports then need an extension."),
    )
    working_days = forms.BooleanField(
        label=_lazy("Count working days (Monday to Friday; holidays are not known here)"),
        required=False,
        initial=True,
    )
    counted_until = DayField(
        label=_lazy("Figures as of the day"),
        required=False,
        help_text=_lazy(
            "Reports are pre-filled with this day; a unit may enter another one with a reason. If "
            "empty, each unit enters it."
        ),
    )
    carry_percent = forms.DecimalField(
        label=_lazy("A change from below may wait up to (per cent)"),
        min_value=0,
        max_value=50,
        decimal_places=1,
        required=False,
        initial=USUAL_CARRY,
        help_text=_lazy(
            "When a report from below is corrected after the total was calculated and no figure "
            "changes by more than this share, the portal proposes to wait for the next supplement."
        ),
    )
    looks_back_days = forms.IntegerField(
        label=_lazy("Days of network logs that are wanted"),
        min_value=1,
        max_value=90,
        required=False,
        initial=USUAL_LOOK_BACK_DAYS,
        help_text=_lazy("The last whole days before today, or before the end of the phase."),
    )
    field_order = [
        *("title", "opens_day", "due_day", "due_time", "locks_day"),
        *("counted_until", "working_days"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in range(1, LEVELS + 1):
            self.fields[f"lead_{level}"] = forms.IntegerField(
                label=_("Level %(level)s below the lead office: days earlier") % {"level": level},
                min_value=0,
                max_value=60,
                required=False,
            )
        self.order_fields([*self.field_order, "lead_1", "lead_2", "lead_3", "lead_4"])

    def values(self) -> dict[str, Any]:
        """Return the fields of the phase for the act."""
        cleaned = self.cleaned_data
        locks, carry = cleaned["locks_day"], cleaned["carry_percent"]
        leads = {str(n): cleaned[f"lead_{n}"] for n in range(1, LEVELS + 1)}
        return {
            "title": cleaned["title"],
            "opens_at": exclusive(cleaned["opens_day"]),
            "due_at": self.due_at(),
            "locks_at": None if locks is None else exclusive(locks),
            "lead_days": {level: days for level, days in leads.items() if days is not None},
            "working_days": cleaned["working_days"],
            "counted_until": cleaned["counted_until"],
            "carry_percent": USUAL_CARRY if carry is None else carry,
            "looks_back_days": cleaned["looks_back_days"] or USUAL_LOOK_BACK_DAYS,
        }


def phase_initial(phase: Phase) -> dict[str, Any]:
    """Return the initial fields of the form of an existing phase."""
    due, opens = timezone.localtime(phase.due_at), timezone.localtime(phase.opens_at)
    return {
        "title": phase.title,
        "opens_day": opens.date(),
        "due_day": due.date(),
        "due_time": None if due.hour == due.minute == 0 else due.time(),
        "locks_day": None if phase.locks_at is None else timezone.localtime(phase.locks_at).date(),
        "working_days": phase.working_days,
        "counted_until": phase.counted_until,
        # Without "f" ten would be written as 1E+1.
        "carry_percent": f"{phase.carry_percent.normalize():f}",
        "looks_back_days": phase.looks_back_days,
        **{f"lead_{level}": days for level, days in phase.level_lead_days.items()},
    }


class IndicatorReleaseForm(forms.Form):
    """A release that came as a file."""

    file = forms.FileField(
        label=_lazy("Release file"), help_text=_lazy("A .jsonl file written by “quetsach”.")
    )


class ListsForm(forms.Form):
    """Lists from which a release is created."""

    title = forms.CharField(label=_lazy("Title of the list"), max_length=200)
    lists = FilesField(
        label=_lazy("Lists"), help_text=_lazy("PDF, DOCX, XLSX, CSV, TXT or JSON; several at once.")
    )


class MaterialForm(forms.Form):
    """A material of the awareness kit."""

    title = forms.CharField(label=_lazy("Title"), max_length=200)
    kind = forms.ChoiceField(label=_lazy("Kind"), choices=MaterialKind.choices)
    language = forms.ChoiceField(
        label=_lazy("Language"), choices=Material._meta.get_field("language").choices or []
    )
    version = forms.CharField(label=_lazy("Version"), max_length=20, initial="1")
    file = forms.FileField(
        label=_lazy("File"), help_text=_lazy("PDF, PNG, JPEG, DOCX or TXT, at most 20 MB.")
    )

    def values(self) -> dict[str, Any]:
        """Return the fields of the material for the act."""
        given = self.cleaned_data
        words = {name: given[name] for name in ("title", "kind", "language", "version")}
        return {"upload": given["file"], **words}


class AppendixForm(forms.Form):
    """Which report form: a shipped one, which blocks of it, or one of the office's own."""

    form_code = forms.ChoiceField(label=_lazy("Report form (appendix)"))
    blocks = forms.MultipleChoiceField(
        label=_lazy("Blocks of the extended form"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_lazy("Only for the extended form: units are asked the selected blocks."),
    )
    own = forms.FileField(
        label=_lazy("A form of your own"),
        required=False,
        help_text=_lazy("A .toml or .json file of at most 256 KB, as described in docs/forms.md."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = (OWN, _("A form of your own (file below)"))
        set_choices(self.fields["form_code"], [*form_choices(), own])
        set_choices(self.fields["blocks"], block_choices())

    def chosen(self) -> ChosenForm:
        """Return what was chosen. Errors: Refused."""
        code, file = self.cleaned_data["form_code"], self.cleaned_data["own"]
        if code == OWN:
            if file is None:
                raise Refused(_("Choose the file of your form."), field="own")
            return brought(file.read(MOST_BYTES + 1), file.name)
        ticked = [one.partition(":") for one in self.cleaned_data["blocks"]]
        return chosen(code, [block for form, _colon, block in ticked if form == code])

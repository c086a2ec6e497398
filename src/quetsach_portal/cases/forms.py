"""The forms about cases."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.cases.markings import MARKINGS
from quetsach_portal.cases.models.case import (
    Case,
    CaseOutcome,
    CaseRule,
    CaseState,
    DeviceScanResult,
    FalseAlarm,
    Finding,
    HandlingKind,
)
from quetsach_portal.cases.overview import FIGURES
from quetsach_portal.people.models.account import User
from quetsach_portal.web.days import DayField, MomentField


class VersionForm(forms.Form):
    """A form that says which version of the case its writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class HandlingForm(VersionForm):
    """What was done to a machine."""

    kind = forms.ChoiceField(
        label=_lazy("What was done"), choices=HandlingKind.choices, widget=forms.RadioSelect
    )
    at = MomentField(
        label=_lazy("When"),
        help_text=_lazy("Log entries up to this moment count as before the handling."),
    )
    tool = forms.CharField(
        label=_lazy("Tool of the scan"),
        required=False,
        max_length=120,
        help_text=_lazy("Only for a scan: the name of the program, as its report has it."),
    )
    result = forms.ChoiceField(
        label=_lazy("Result of the scan"),
        required=False,
        choices=DeviceScanResult.choices,
        widget=forms.RadioSelect,
        help_text=_lazy("Only for a scan."),
    )
    review_on = DayField(
        label=_lazy("Day of the review"),
        required=False,
        help_text=_lazy("Only for an accepted risk: on this day the case reopens automatically."),
    )
    told = forms.CharField(
        label=_lazy("Remarks"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("No names of persons. For an accepted risk, give the reason."),
    )


class PeopleForm(forms.Form):
    """Who works on cases, and until when."""

    technician = forms.ChoiceField(label=_lazy("Who works on it"), required=False)
    due_on = DayField(label=_lazy("To be done by the end of"), required=False)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "technician", [("", _lazy("Nobody yet")), *_named(people)])

    def technician_id(self) -> int | None:
        """Return the person that was chosen, None for nobody."""
        chosen = self.cleaned_data["technician"]
        return int(chosen) if chosen else None

    def due_at(self) -> datetime | None:
        """Return the moment at which the chosen day is over."""
        return end_of(self.cleaned_data["due_on"])


def end_of(day: date | None) -> datetime | None:
    """Return the first moment after `day`, here."""
    if day is None:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _named(people: Iterable[User]) -> list[tuple[str, Any]]:
    return [(str(person.pk), str(person)) for person in people]


def _offer(form: forms.Form, field: str, choices: list[tuple[str, Any]]) -> None:
    form.fields[field].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class WorkForm(PeopleForm, VersionForm):
    """Who works the case, until when, and what the unit calls the machine."""

    label = forms.CharField(
        label=_lazy("What the unit calls this machine"),
        required=False,
        max_length=120,
        help_text=_lazy("For example: desk 2, ground floor. No names of persons."),
    )


class MachineScanForm(VersionForm):
    """What the scan of the second step said. No result is chosen beforehand: it is evidence."""

    result = forms.ChoiceField(
        label=_lazy("Result of the scan"),
        choices=[
            (DeviceScanResult.REMOVED.value, _lazy("Found and removed")),
            (DeviceScanResult.FOUND.value, _lazy("Found, could not be removed")),
            (DeviceScanResult.CLEAN.value, _lazy("Nothing found")),
            (HandlingKind.REINSTALLED.value, _lazy("System re-installed")),
        ],
        widget=forms.RadioSelect,
    )
    tool = forms.CharField(
        label=_lazy("Tool of the scan"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "scan-tools", "autocomplete": "off"}),
    )
    photo = forms.FileField(
        label=_lazy("Photo of the result"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
        help_text=_lazy("Worth having. No documents, faces or passwords."),
    )


class CaseFileForm(forms.Form):
    """A file that supports what is said."""

    upload = forms.FileField(
        label=_lazy("Evidence file"),
        help_text=_lazy("Report of the scan, photo or minutes: PDF, JPEG, PNG, DOCX or XLSX."),
    )
    told = forms.CharField(label=_lazy("What it shows"), required=False, max_length=200)


class AlarmForm(VersionForm):
    """What is said to be a false alarm, and how far that reaches."""

    keys = forms.MultipleChoiceField(
        label=_lazy("Which indicators are false alarms here"), widget=forms.CheckboxSelectMultiple
    )
    scope = forms.ChoiceField(
        label=_lazy("Where it applies"),
        choices=FalseAlarm.Reach.choices,
        widget=forms.RadioSelect,
        help_text=_lazy("The lead office decides on anything beyond this device."),
    )
    reason = forms.CharField(
        label=_lazy("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, findings: Iterable[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = dict.fromkeys((finding.key, finding.shown) for finding in findings)
        _offer(self, "keys", list(shown))


class AlarmDecisionForm(forms.Form):
    """What the lead office says to a proposal."""

    decision = forms.ChoiceField(
        label=_lazy("Decision"),
        choices=[
            ("approve", _lazy("Approve: it no longer counts against any machine")),
            ("refuse", _lazy("Refuse: the case goes on")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_lazy("Answer to the unit"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CheckForm(VersionForm):
    """What the unit above says to a case that ended."""

    says = forms.ChoiceField(
        label=_lazy("Your assessment"),
        choices=[
            ("agree", _lazy("I have checked it and agree")),
            ("reopen", _lazy("I do not agree: reopen the case")),
        ],
        widget=forms.RadioSelect,
    )
    told = forms.CharField(
        label=_lazy("Remarks for the unit"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CaseMergeForm(forms.Form):
    """The other case that is of the same machine."""

    other = forms.ChoiceField(label=_lazy("The case of the same machine"))

    def __init__(self, *args: Any, cases: Iterable[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "other", [(str(case.pk), f"{case.number} · {case.device}") for case in cases])


class CaseSplitForm(forms.Form):
    """What belongs to the second machine."""

    findings = forms.MultipleChoiceField(
        label=_lazy("What belongs to the other machine"), widget=forms.CheckboxSelectMultiple
    )
    label = forms.CharField(
        label=_lazy("What the unit calls the other machine"), required=False, max_length=120
    )

    def __init__(self, *args: Any, device_findings: Iterable[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), f"{row.shown} ({row.sightings})") for row in device_findings]
        _offer(self, "findings", choices)


class CaseFilterForm(forms.Form):
    """What the list of cases shows."""

    ended = forms.ChoiceField(
        label=_lazy("Show"),
        required=False,
        choices=[
            ("open", _lazy("Open cases")),
            ("overdue", _lazy("Past their due date")),
            ("all", _lazy("All")),
            *(end for end in CaseOutcome.choices if end[0] not in ("", "merged")),
        ],
    )
    state = forms.ChoiceField(
        label=_lazy("State"), required=False, choices=[("", _lazy("Any")), *CaseState.choices]
    )
    older_than = forms.IntegerField(
        label=_lazy("Older than (days)"), required=False, min_value=0, max_value=3660
    )
    technician = forms.ChoiceField(label=_lazy("Who works on it"), required=False)
    indicator = forms.CharField(label=_lazy("Indicator"), required=False, max_length=255)
    tlp = forms.ChoiceField(
        label=_lazy("Marking (TLP)"), required=False, choices=[("", _lazy("Any")), *MARKINGS]
    )
    counted = forms.ChoiceField(
        required=False, choices=list(FIGURES.items()), widget=forms.HiddenInput
    )
    node = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        some = [("", _lazy("Anybody")), ("me", _lazy("I")), ("none", _lazy("Nobody"))]
        _offer(self, "technician", [*some, *_named(people)])


class BulkForm(PeopleForm):
    """One act on the cases that were chosen; `chosen` are "id:version"."""

    act = forms.ChoiceField(
        label=_lazy("What is to be done with them"),
        choices=[
            ("assign", _lazy("Assign them")),
            ("due", _lazy("Set their due date")),
            ("isolate", _lazy("Mark the machines as disconnected")),
        ],
        widget=forms.RadioSelect,
    )
    told = forms.CharField(label=_lazy("Remarks"), required=False, max_length=500)
    field_order = ("act", "technician", "due_on", "told")

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen act needs."""
        cleaned = super().clean() or {}
        if cleaned.get("act") == "due" and not cleaned.get("due_on"):
            self.add_error("due_on", _("Choose a day."))
        return cleaned


class BulkHandlingForm(forms.Form):
    """What was done to several machines of a unit, with one proof or statement for all of them."""

    kind = forms.ChoiceField(
        label=_lazy("What was done"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                HandlingKind.CLEANED,
                HandlingKind.SCANNED,
                HandlingKind.REINSTALLED,
                HandlingKind.REPLACED,
            )
        ],
        widget=forms.RadioSelect,
    )
    at = MomentField(
        label=_lazy("When"),
        help_text=_lazy("Log entries up to this moment count as before the handling."),
    )
    tool = forms.CharField(
        label=_lazy("Tool of the scan"),
        required=False,
        max_length=120,
        help_text=_lazy("Only for a scan: the name of the program, as its report has it."),
    )
    result = forms.ChoiceField(
        label=_lazy("Result of the scan"),
        required=False,
        choices=DeviceScanResult.choices,
        widget=forms.RadioSelect,
        help_text=_lazy("Only for a scan."),
    )
    upload = forms.FileField(
        label=_lazy("One proof for all of them"),
        required=False,
        help_text=_lazy("Photo, scan or report: PDF, JPEG, PNG, DOCX or XLSX. It is kept once."),
    )
    told = forms.CharField(
        label=_lazy("Or a statement: what was done, who confirms it"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a file or a statement."""
        cleaned = super().clean() or {}
        has_proof = bool(cleaned.get("upload") or cleaned.get("told", "").strip())
        if not has_proof and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file, or write a statement."))
        return cleaned


def chosen_in(values: Iterable[str]) -> Mapping[int, int]:
    """Return id -> version of what a list posted; what is neither is left out."""
    chosen = {}
    for choice in values:
        number, _colon, version = choice.partition(":")
        if number.isascii() and number.isdigit() and version.isascii() and version.isdigit():
            chosen[int(number[:15])] = int(version[:9])
    return chosen


class RuleForm(forms.Form):
    """What the campaign asks for."""

    due_days = forms.IntegerField(
        label=_lazy("A case is due after (days)"), min_value=1, max_value=90
    )
    covered_days = forms.IntegerField(
        label=_lazy("Days that evidence must cover after the handling"), min_value=1, max_value=60
    )
    alive_days = forms.IntegerField(
        label=_lazy("Days on which the machine must be active"), min_value=1, max_value=60
    )

    @classmethod
    def of(cls, rule: CaseRule) -> dict[str, int]:
        """Return the values of `rule` for a form."""
        return {name: getattr(rule, name) for name in cls.base_fields}

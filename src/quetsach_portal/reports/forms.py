"""The small forms of reports: reasons, corrections, remarks, adjustments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quetsach.api.reports import QuetsachError, ReportFormDefinition, TableCount, read_count
from quetsach_portal.campaigns.deadlines import exclusive
from quetsach_portal.reports.models.report import ReasonCode, ReportDraft, VersionKind
from quetsach_portal.reports.pages.figures import in_language
from quetsach_portal.web.days import DayField, HourField

AREA = forms.Textarea(attrs={"rows": 3})


class ReportReasonForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_lazy("Why"), widget=AREA, max_length=500)


class RecordedReasonForm(forms.Form):
    """A reason that the trail and the paper show."""

    reason = forms.CharField(label=_lazy("Reason"), widget=AREA, max_length=500)


class CorrectForm(forms.Form):
    """What a further version is, and why."""

    kind = forms.ChoiceField(
        label=_lazy("What it is"),
        widget=forms.RadioSelect,
        choices=[
            (VersionKind.CORRECTION, _lazy("A correction: something in the report was wrong")),
            (VersionKind.SUPPLEMENT, _lazy("A supplement: something was added or happened later")),
        ],
    )
    reason_code = forms.ChoiceField(
        label=_lazy("Reason"), widget=forms.RadioSelect, choices=ReasonCode.choices
    )
    reason = forms.CharField(
        label=_lazy("What changes and why"),
        widget=AREA,
        max_length=1000,
        help_text=_lazy("It is printed on the report, and the office above reads it."),
    )


class ChangeNoticeForm(forms.Form):
    """What is done with a change from below."""

    answer = forms.ChoiceField(
        label=_lazy("What to do"),
        widget=forms.RadioSelect,
        choices=[
            ("absorb", _lazy("Include it now: write a new version of our report")),
            ("carry", _lazy("Leave it to the next supplement")),
            ("dismiss", _lazy("Do not include it")),
        ],
    )
    reason = forms.CharField(
        label=_lazy("Reason, if it is not included"), widget=AREA, required=False, max_length=500
    )


class TotalForm(forms.Form):
    """What a unit adds to its totals or takes off, with a reason for each."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, counts: Sequence[TableCount], draft: ReportDraft, data: QueryDict | None = None
    ) -> None:
        super().__init__(data, initial={"revision": draft.revision})
        self.counts = counts
        for count in counts:
            adjustment = draft.adjustments.get(count.id, {})
            self.fields[f"adjust-{count.id}"] = forms.CharField(
                label=_("Add or subtract"),
                required=False,
                max_length=20,
                initial=str(adjustment.get("amount", "")),
            )
            self.fields[f"why-{count.id}"] = forms.CharField(
                label=_("Reason"),
                required=False,
                max_length=500,
                initial=adjustment.get("reason", ""),
            )

    def adjustments(self) -> dict[str, tuple[int, str]]:
        """Return the amounts with their reasons; call it on a valid form."""
        cleaned = self.cleaned_data
        return {
            row.id: (cleaned[f"amount-{row.id}"], cleaned[f"why-{row.id}"])
            for row in self.counts
            if f"amount-{row.id}" in cleaned
        }

    def boxes(self) -> list[tuple[str, BoundField, BoundField]]:
        """Return the two boxes of each figure, with its id."""
        return [(row.id, self[f"adjust-{row.id}"], self[f"why-{row.id}"]) for row in self.counts]

    def clean(self) -> dict[str, Any]:
        """Read the amounts: a whole number with or without a sign."""
        for count in self.counts:
            text = str(self.cleaned_data.get(f"adjust-{count.id}", "")).strip()
            if not text:
                continue
            try:
                self.cleaned_data[f"amount-{count.id}"] = signed_count(text)
            except QuetsachError as error:
                self.add_error(f"adjust-{count.id}", str(error.problem.facts.get("reason", error)))
        return self.cleaned_data


def signed_count(text: str) -> int:
    """Return the whole number that `text` writes, with a sign before it or none.

    Errors: QuetsachError for what is no number.
    """
    sign = -1 if text[0] in "-−–" else 1
    return sign * read_count(text.lstrip("+-−–"))


class ReportReviewForm(forms.Form):
    """A box for a remark on each field and on the whole."""

    def __init__(
        self,
        form: ReportFormDefinition,
        data: QueryDict | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["day"] = DayField(
            label=_("Submit again before the day"),
            required=False,
            help_text=_("Empty: its deadline does not change."),
        )
        self.fields["hour"] = HourField(label=_("or before this time on that day"), required=False)
        for entry in form.entries():
            self.fields[f"r-{entry.id}"] = forms.CharField(
                label=in_language(entry.label), required=False, max_length=1000
            )
        self.fields["r-"] = forms.CharField(
            label=_("Remark on the whole report"), required=False, widget=AREA, max_length=1000
        )

    def remarks(self) -> dict[str, str]:
        """Return the remarks by field, "" for the whole; call it on a valid form."""
        fields = self.cleaned_data.items()
        return {name[2:]: text for name, text in fields if name.startswith("r-")}

    def until(self) -> datetime | None:
        """Return the new deadline, None when the deadline does not change."""
        day, hour = self.cleaned_data["day"], self.cleaned_data["hour"]
        return None if day is None else exclusive(day, hour)

"""Forms about public ranges and allotted notices."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.ranges.answering import GIVEN
from quetsach_portal.web.days import DayField


class RangeForm(forms.Form):
    """One range, as a person writes it."""

    unit = forms.CharField(
        label=_lazy("Unit"),
        max_length=255,
        help_text=_lazy("Its code or its full name; - for addresses known to be of none of ours."),
    )
    text = forms.CharField(
        label=_lazy("Addresses"),
        max_length=100,
        help_text=_lazy("203.0.113.0/28, 203.0.113.16 - 203.0.113.19, one address, or AS64500."),
    )
    since = DayField(label=_lazy("First day"), required=False)
    until = DayField(
        label=_lazy("Last day"), required=False, help_text=_lazy("Empty: until further notice.")
    )
    shared = forms.BooleanField(
        label=_lazy("Several units share it"),
        required=False,
        help_text=_lazy("Enter it once for each. All are asked; the first proof takes the notice."),
    )
    source = forms.CharField(
        label=_lazy("How this is known"),
        max_length=200,
        help_text=_lazy("For example the contract with the provider, its number and day."),
    )


class RangeFileForm(forms.Form):
    """A table of ranges as CSV."""

    upload = forms.FileField(
        label=_lazy("File"),
        help_text=_lazy(
            "CSV with the columns Đơn vị, Dải địa chỉ, and if known Từ ngày, Đến ngày, Dùng chung. "
            "All rows are added or none."
        ),
    )
    source = forms.CharField(label=_lazy("How this is known"), max_length=200)


class PrefixFileForm(forms.Form):
    """What autonomous systems announced on a day."""

    upload = forms.FileField(
        label=_lazy("File"),
        help_text=_lazy("A prefix-to-AS file of CAIDA, or the table of iptoasn.com, unpacked."),
    )
    as_of = DayField(label=_lazy("Of which day"))


class RangeEndForm(forms.Form):
    """Until when a range counts."""

    last_day = DayField(
        label=_lazy("Last day"),
        required=False,
        help_text=_lazy("Empty: it was never right and counts no more, for no day."),
    )


class AllotForm(forms.Form):
    """The authority's file for the units below, and until when they answer."""

    upload = forms.FileField(
        label=_lazy("File"), help_text=_lazy("CSV, JSON, PDF, DOCX or XLSX as it came.")
    )
    due = DayField(
        label=_lazy("Units answer until"), help_text=_lazy("This day is the last one in time.")
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["due"].initial = timezone.localdate() + timedelta(days=5)


class DecisionForm(forms.Form):
    """Whose an address is."""

    address = forms.CharField(widget=forms.HiddenInput, max_length=60)
    unit = forms.CharField(label=_lazy("Unit"), max_length=255)


class UnitAnswerForm(forms.Form):
    """What a unit says about some notices."""

    questions = forms.TypedMultipleChoiceField(coerce=int, widget=forms.CheckboxSelectMultiple)
    answer = forms.ChoiceField(
        label=_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in GIVEN],
    )
    case_number = forms.CharField(
        label=_lazy("Case"),
        required=False,
        max_length=40,
        help_text=_lazy("The number of the case, where the machine has one."),
    )
    looked_at = forms.CharField(
        label=_lazy("What you looked at, or which machine it is"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, choices: list[tuple[int, str]], by_link: bool = False, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        if by_link:
            # Without an account no case is named, so the words are all there is.
            del self.fields["case_number"]
            self.fields["looked_at"].required = True
        self.fields["questions"].choices = choices  # type: ignore[attr-defined]

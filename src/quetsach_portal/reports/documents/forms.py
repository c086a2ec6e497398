"""Forms of documents: what a person types; what holds is decided by the acts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.letters.models import Capacity
from quetsach_portal.reports.documents.actions import Numbering
from quetsach_portal.web.days import DayField


class NumberForm(forms.Form):
    """What the clerk gives a report."""

    number = forms.IntegerField(label=_lazy("Number"), min_value=1, max_value=999_999)
    code = forms.CharField(
        label=_lazy("Code of the report"),
        max_length=30,
        help_text=_lazy("Such as BC-UBND, or BC/HU for a body of the Party; without the number."),
    )
    signed_on = DayField(label=_lazy("Day of signing"))
    place = forms.CharField(
        label=_lazy("Place"), max_length=80, help_text=_lazy("Stands before the day.")
    )
    signer_name = forms.CharField(
        label=_lazy("Name of the signer"),
        max_length=50,
        help_text=_lazy("Without titles and degrees."),
    )
    signer_post = forms.CharField(
        label=_lazy("Own post of the signer"),
        max_length=100,
        help_text=_lazy("Such as Phó Chủ tịch."),
    )
    capacity = forms.ChoiceField(label=_lazy("Signs"), choices=Capacity.choices, required=False)
    capacity_of = forms.CharField(
        label=_lazy("Signs for whom"),
        max_length=120,
        required=False,
        help_text=_lazy("What stands after TM., KT., TL. or TUQ., such as Chủ tịch."),
    )
    on_behalf_of = forms.CharField(
        label=_lazy("TM. line above it"),
        max_length=120,
        required=False,
        help_text=_lazy("Where a deputy signs for a body that decides together: its name."),
    )
    repeat_is_meant = forms.BooleanField(
        label=_lazy("This number and code may repeat; I have looked it up."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # It is asked only after a warning.
            del self.fields["repeat_is_meant"]

    def clean(self) -> dict[str, Any]:
        """Ask for whom somebody signs, where the capacity says that there is one."""
        data = super().clean() or {}
        if data.get("capacity") and not data.get("capacity_of"):
            self.add_error("capacity_of", _lazy("Say for whom."))
        return data

    def numbering(self) -> Numbering:
        """Return what was typed."""
        data = dict(self.cleaned_data)
        data.pop("repeat_is_meant")
        data["code"] = data["code"].strip().upper()
        return Numbering(**data)


class SignedForm(forms.Form):
    """The PDF that was signed by certificate outside."""

    file = forms.FileField(
        label=_lazy("Signed PDF"),
        help_text=_lazy("The very file that you downloaded here, with the signature in it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


class ScanForm(forms.Form):
    """The scan of a copy signed on paper, and where the paper is."""

    file = forms.FileField(
        label=_lazy("Scan of the signed and sealed report"),
        help_text=_lazy("PDF or photo of all pages."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    original_at = forms.CharField(
        label=_lazy("Where the paper original is kept"),
        max_length=200,
        help_text=_lazy("Such as: records office, folder 12/2026."),
    )

"""Forms of documents: what a person types; what holds is decided by the acts."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.letters.numbering_form import NumberingForm, name_field, post_field
from quetsach_portal.reports.documents.actions import Numbering


class NumberForm(NumberingForm):
    """What the clerk gives a report; names are as long as its entry in the register takes."""

    code = forms.CharField(
        label=_lazy("Code of the report"),
        max_length=30,
        help_text=_lazy("Such as BC-UBND, or BC/HU for a body of the Party; without the number."),
    )
    place = forms.CharField(
        label=_lazy("Place"), max_length=80, help_text=_lazy("Stands before the day.")
    )
    signer_name = name_field(50)
    signer_post = post_field(100)
    field_order = ("number", "code", "signed_on", "place")

    def numbering(self) -> Numbering:
        """Return what was typed."""
        return Numbering(**self.typed())


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

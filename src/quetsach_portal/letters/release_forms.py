"""Forms of letters that are signed, arrive or go out: what a person types."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from quetsach_portal.letters.actions.numbering import SIGNER_FIELDS, ArrivedLetter, LetterNumbering
from quetsach_portal.letters.actions.signing import SignerNames
from quetsach_portal.letters.forms import NumberingForm
from quetsach_portal.letters.models import SigningWay
from quetsach_portal.letters.recipients import DeliveryChannels, OnPaper
from quetsach_portal.web.days import DayField


class LetterNumberForm(NumberingForm):
    """What the clerk gives a letter."""

    code = forms.CharField(
        label=_lazy("Code of the letter"),
        max_length=40,
        help_text=_lazy(
            "For example UBND-TH, or CV/HU for a body of the Party; without the number."
        ),
    )

    def __init__(self, *args: Any, signer_is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signer_is_known:
            for name in SIGNER_FIELDS:
                del self.fields[name]

    def signing(self) -> LetterNumbering:
        """Return what was typed."""
        return LetterNumbering(**self.typed())


class LetterSignerForm(NumberingForm):
    """Who signs a letter that is signed before it is numbered."""

    number = None  # type: ignore[assignment]  # Django's way to take an inherited field out
    code = None  # type: ignore[assignment]
    signed_on = None  # type: ignore[assignment]

    def names(self) -> SignerNames:
        """Return what was typed; call it on a valid form."""
        return SignerNames(**{name: self.cleaned_data[name] for name in SIGNER_FIELDS})


class SigningWayForm(forms.Form):
    """By which way a letter is signed and numbered."""

    way = forms.ChoiceField(label=_lazy("Signature and number"), choices=SigningWay.choices)


class SignedOnPaperForm(forms.Form):
    """On which day a letter was signed by hand."""

    signed_on = DayField(label=_lazy("Day of signing"), initial=timezone.localdate)


class SignedPdfForm(forms.Form):
    """The PDF of a letter as it was signed by certificate."""

    file = forms.FileField(
        label=_lazy("Signed PDF"),
        help_text=_lazy("The PDF from this page with the signature in it."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf"}),
    )


class OutsideForm(forms.Form):
    """A letter that came on paper from a body outside the campaign."""

    issuer_name = forms.CharField(label=_lazy("Issued by"), max_length=255)
    number = forms.IntegerField(label=_lazy("Number"), min_value=1, max_value=999_999)
    code = forms.CharField(label=_lazy("Code of the letter"), max_length=40)
    signed_on = DayField(label=_lazy("Day of signing"))
    subject = forms.CharField(label=_lazy("Subject"), max_length=500)
    deadline = DayField(label=_lazy("Report due before"), required=False)
    arrived_on = DayField(label=_lazy("Arrived on"), initial=timezone.localdate)
    arrival_number = forms.IntegerField(
        label=_lazy("Arrival number"), min_value=1, max_value=9_999_999, required=False
    )
    file = forms.FileField(
        label=_lazy("Scan or PDF of the letter"), required=False, allow_empty_file=False
    )

    def arrived(self) -> ArrivedLetter:
        """Return what was typed."""
        data = dict(self.cleaned_data)
        data.pop("file")
        return ArrivedLetter(**data)


class OriginalForm(forms.Form):
    """The scan of a letter on paper: signed, numbered and sealed."""

    file = forms.FileField(
        label=_lazy("Scan of the signed, numbered and sealed letter"),
        help_text=_lazy("PDF or photo of all pages. The units read this file as the original."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    original_at = forms.CharField(
        label=_lazy("Where the paper original is kept"),
        max_length=200,
        help_text=_lazy("Such as: records office, folder 12/2026."),
    )


class LetterReleaseForm(forms.Form):
    """On which ways a letter goes out besides the portal."""

    by_mail = forms.BooleanField(
        label=_lazy("Also notify the units by e-mail"), required=False, initial=True
    )
    start_mails = forms.BooleanField(
        label=_lazy("Start the e-mails immediately"),
        required=False,
        initial=True,
        help_text=_lazy("Otherwise they are started later on the page “Dispatch”."),
    )
    on_paper = forms.ChoiceField(
        label=_lazy("On paper, with a sheet that carries a QR code"),
        choices=OnPaper.choices,
        initial=OnPaper.UNREACHED,
        widget=forms.RadioSelect,
    )

    def ways(self) -> DeliveryChannels:
        """Return what was chosen."""
        return DeliveryChannels(
            self.cleaned_data["by_mail"], OnPaper(self.cleaned_data["on_paper"])
        )


class LetterReasonForm(forms.Form):
    """Why a letter is withdrawn, or given back."""

    why = forms.CharField(
        label=_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class StartForm(forms.Form):
    """How fast mails go out."""

    per_second = forms.IntegerField(
        label=_lazy("Maximum e-mails per second"),
        min_value=0,
        max_value=1000,
        help_text=_lazy("0: as fast as the mail server accepts them."),
    )


class BounceForm(forms.Form):
    """What a notice in the mailbox says."""

    text = forms.CharField(
        label=_lazy("Text of the notice"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("The address is disabled until the contact is corrected."),
    )


class HandOverForm(forms.Form):
    """When a printed letter was handed over, and to whom."""

    on = DayField(label=_lazy("Handed over on"), initial=timezone.localdate)
    remark = forms.CharField(
        label=_lazy("Remark"),
        max_length=300,
        required=False,
        help_text=_lazy("For example: by messenger, to the front desk of the unit."),
    )

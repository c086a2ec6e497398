"""The forms around public figures."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


class PrepareForm(forms.Form):
    """What is said beside the figures."""

    text = forms.CharField(
        label=_lazy("Text above the figures"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=3000,
        help_text=_lazy("Everybody reads it. No names of people, no addresses of machines."),
    )


class WithdrawForm(forms.Form):
    """Why figures are taken back."""

    reason = forms.CharField(
        label=_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500
    )
